package store

import "context"

// Everything selects the whole snapshot. A subscriber of it hears of every change of any slice, as a listener of a Redux
// store does; what shows a part of the state had better subscribe to that part.
var Everything = Selector[State]{newNode(nil, func(state State, _ *memo[State]) *memo[State] { return &memo[State]{out: state} })}

// Subscribe calls fn each time the selected value has changed, until ctx ends, stop is called or the store is closed. The
// value at the time of the call is the first that later ones are compared with; fn is not called for it.
//
// Calls come one at a time, never under a lock, each with a newer state than the one before; states in between may be
// skipped. fn may dispatch, subscribe and stop. It is not called after stop returned, save for a call that is running on
// another goroutine at that moment. A subscription costs no goroutine.
func Subscribe[T any](ctx context.Context, st *Store, sel Selector[T], fn func(T)) (stop func()) {
	seen := st.State()
	last := sel.Of(seen)
	id := identityOf[T]()
	s := sel.subscriber()
	s.check = func(state State) {
		next := sel.Of(state)
		if !same(id, last, next) {
			last = next
			if !s.stopped.Load() { // the selector may have taken its time
				fn(next)
			}
		}
	}
	return st.subscribe(ctx, s, seen, func() {})
}

// subscribe adds s until ctx ends or stop is called, whichever is first. Over is called when that happens and when the
// store is closed, perhaps more than once.
func (st *Store) subscribe(ctx context.Context, s *subscriber, seen State, over func()) (stop func()) {
	if ctx.Err() != nil {
		over()
		return func() {}
	}
	unlink := func() bool { return true }
	if ctx.Done() != nil {
		unlink = context.AfterFunc(ctx, func() {
			st.notify.remove(s)
			over()
		})
	}
	s.over = func() {
		unlink()
		over()
	}
	if !st.notify.add(s, seen) {
		s.over()
		return func() {}
	}
	st.drain()
	return func() {
		st.notify.remove(s)
		s.over()
	}
}
