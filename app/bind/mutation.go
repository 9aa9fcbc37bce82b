package bind

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"slate/store/query"
)

// Mutation lets a view write: Do triggers, Result shows how that stands, and the view is drawn again as it changes. It
// belongs to the view; two views that use one mutation do not influence each other.
//
//	share := bind.Mutation(s, queries.ShareDataWith)
//	return app.Button().Disabled(share.Result().IsLoading()).
//		OnClick(s.On(func(app.Context, app.Event) { share.Do([]string{id}) }))
func Mutation[A, R any](s *Scope, m *query.Mutation[A, R]) *Trigger[A, R] {
	t := use(s, &Trigger[A, R]{m: m})
	if t.handle != nil {
		t.drawn = t.handle.Result()
	}
	return t
}

// Trigger is a mutation in a view. Its methods are for go-app's goroutine.
type Trigger[A, R any] struct {
	m      *query.Mutation[A, R]
	scope  *Scope
	handle *query.MutationHandle[A, R]
	drawn  query.MutationResult[A, R]
}

// Result returns how the latest run stands; the zero result where there was none.
func (t *Trigger[A, R]) Result() query.MutationResult[A, R] {
	if t.handle == nil {
		return query.MutationResult[A, R]{}
	}
	return t.handle.Result()
}

// Do runs the mutation in the background. It goes on when the view leaves the page: what a person asked for is done.
// The outcome is in Result; use [Trigger.Then] to act on it.
func (t *Trigger[A, R]) Do(arg A) { t.Then(arg, nil) }

// Then is [Trigger.Do] that calls then with the outcome, on go-app's goroutine, unless the view has left the page by then.
func (t *Trigger[A, R]) Then(arg A, then func(ctx app.Context, r R, err error)) {
	if t.handle == nil {
		return
	}
	s := t.scope
	go func() {
		r, err := t.handle.Do(s.page.store.Context(), arg)
		if then != nil {
			s.later("the end of a mutation", func(ctx app.Context) { then(ctx, r, err) })
		}
	}()
}

// Reset forgets the result.
func (t *Trigger[A, R]) Reset() {
	if t.handle != nil {
		t.handle.Reset()
	}
}

func (t *Trigger[A, R]) same(other binding) bool {
	o, ok := other.(*Trigger[A, R])
	return ok && o.m == t.m
}

func (t *Trigger[A, R]) start(s *Scope) {
	t.scope = s
	t.handle = t.m.Watch(s.page.store, func(query.MutationResult[A, R]) { s.mark() })
}

func (t *Trigger[A, R]) stop() { t.handle.Close() }

func (t *Trigger[A, R]) fresh(*Scope) bool {
	now := t.handle.Result()
	return now.Status == t.drawn.Status && now.RequestID == t.drawn.RequestID
}
