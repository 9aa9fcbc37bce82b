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
// another goroutine at that moment. A subscription costs no goroutine until its context ends.
func Subscribe[T any](ctx context.Context, st *Store, sel Selector[T], fn func(T)) (stop func()) {
	seen := st.State()
	return st.subscribe(ctx, newSubscriber(sel, sel.node.at(seen), fn), seen)
}

// subscribe adds s until ctx ends or stop is called, whichever is first. s.over is called then, and when the store is closed.
func (st *Store) subscribe(ctx context.Context, s *subscriber, seen State) (stop func()) {
	leave := func() {
		if over := st.notify.remove(s); over != nil {
			over()
		}
	}
	if ctx.Err() != nil || !st.notify.add(s, seen) {
		leave()
		return leave
	}
	if ctx.Done() != nil {
		if unlink := context.AfterFunc(ctx, leave); st.notify.link(s, unlink) {
			unlink()
		}
	}
	st.drain()
	return leave
}
