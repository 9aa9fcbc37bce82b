package store

import "context"

// Everything selects the whole snapshot. A subscriber of it hears of every change of any slice, as a listener of a Redux
// store does; what shows a part of the state had better subscribe to that part.
var Everything = Selector[State]{&node[State]{
	inputs: inputs{all: true},
	next:   func(state State, _ *memo[State]) *memo[State] { return &memo[State]{out: state} },
}}

// Subscribe calls fn each time the selected value has changed, until ctx ends, stop is called or the store is closed. The
// value at the time of the call is the first that later ones are compared with; fn is not called for it.
//
// Calls come one at a time, never under a lock, each with a newer state than the one before; states in between may be
// skipped. fn may dispatch, subscribe and stop. It is not called after stop returned, save for a call that is running on
// another goroutine at that moment. A subscription costs no goroutine.
func Subscribe[T any](ctx context.Context, st *Store, sel Selector[T], fn func(T)) (stop func()) {
	seen := st.State()
	return st.subscribe(ctx, newSubscriber(sel, sel.node.at(seen), fn), seen)
}

// subscribe adds s until ctx ends or stop is called, whichever is first. s.over is called when that happens and when the
// store is closed, perhaps more than once.
func (st *Store) subscribe(ctx context.Context, s *subscriber, seen State) (stop func()) {
	unlink, over := func() bool { return true }, s.over
	s.over = func() {
		unlink()
		if over != nil {
			over()
		}
	}
	if ctx.Err() != nil {
		s.over()
		return func() {}
	}
	leave := func() {
		st.notify.remove(s)
		s.over()
	}
	if ctx.Done() != nil {
		unlink = context.AfterFunc(ctx, leave)
	}
	if !st.notify.add(s, seen) {
		s.over()
		return func() {}
	}
	st.drain()
	return leave
}
