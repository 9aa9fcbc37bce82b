package bind

import (
	"slate/store/query"
)

// Query reads what the server says for an argument: it is asked when the view comes to the page, unless the answer is
// cached, and asked again when the answer is invalidated; the view is drawn again whenever the result changes. Until the
// first answer the result is pending, from the first drawing on. Another argument is another result; requests that nobody
// waits for any more are cancelled.
func Query[A, R any](s *Scope, q *query.Query[A, R], arg A) query.Result[R] {
	b := use(s, &asking[A, R]{q: q, arg: arg})
	b.drawn = q.Peek(s.state, arg)
	r := b.drawn
	if r.IsUninitialized() {
		r.Status = query.Pending
	}
	return r
}

// QueryIf is [Query] where ok is true. Where it is not, nobody is asked and the result is the zero one.
func QueryIf[A, R any](s *Scope, ok bool, q *query.Query[A, R], arg A) query.Result[R] {
	if !ok {
		return query.Result[R]{}
	}
	return Query(s, q, arg)
}

// asking is a query that a view has read.
type asking[A, R any] struct {
	q     *query.Query[A, R]
	arg   A
	drawn query.Result[R]
	sub   *query.Subscription[R]
}

func (b *asking[A, R]) same(other binding) bool {
	o, ok := other.(*asking[A, R])
	return ok && o.q == b.q && (unchanged(o.arg, b.arg) || o.q.Key(o.arg) == b.q.Key(b.arg))
}

func (b *asking[A, R]) start(s *Scope) {
	b.sub = b.q.Subscribe(s.page.store, b.arg, func(query.Result[R]) { s.mark() })
}

func (b *asking[A, R]) stop() { b.sub.Close() }

// fresh compares all but the data, which does not change alone between a drawing and its settling. A request that has just
// begun was drawn as pending already.
func (b *asking[A, R]) fresh(*Scope) bool {
	now := b.sub.Result()
	if b.drawn.IsUninitialized() && now.IsLoading() {
		return true
	}
	return now.Status == b.drawn.Status && now.RequestID == b.drawn.RequestID && now.FulfilledAt.Equal(b.drawn.FulfilledAt)
}
