package store

import (
	"context"
	"iter"
)

// Watch calls fn each time the selected value has changed, and returns the function that ends this. The value at the
// time of the call is the first that later ones are compared with; fn is not called for it.
//
// Calls come one at a time, never under a lock, each with a newer state than the one before; states in between may be
// skipped. fn may dispatch, watch and stop. It is not called after stop returned, save for a call that is running on
// another goroutine at that moment. To end a subscription with a context: context.AfterFunc(ctx, stop).
func Watch[T any](st *Store, sel Selector[T], fn func(T)) (stop func()) {
	seen := st.State()
	last := sel.of(seen)
	id := identityOf[T]()
	s := &subscriber{reads: sel.reads}
	s.check = func(state State) {
		next := sel.of(state)
		if !same(id, last, next) {
			last = next
			if !s.stopped.Load() { // the selector may have taken its time
				fn(next)
			}
		}
	}
	st.notify.add(s, seen, st.State)
	st.drain()
	return func() { st.notify.remove(s) }
}

// Changes yields the selected value, and then each new value until ctx ends, the store is closed or the loop is left.
// A slow loop sees the newest value and not each one in between, and the last one also where the store was closed right
// after it. It needs no goroutine of its own.
//
//	for user := range store.Changes(ctx, st, currentuser.User) { … }
func Changes[T any](ctx context.Context, st *Store, sel Selector[T]) iter.Seq[T] {
	return func(yield func(T) bool) {
		if ctx.Err() != nil || st.life.closed() {
			return
		}
		news := make(chan struct{}, 1)
		s := &subscriber{reads: sel.reads}
		s.check = func(State) {
			select {
			case news <- struct{}{}:
			default:
			}
		}
		st.notify.add(s, st.State(), st.State)
		defer st.notify.remove(s)

		id := identityOf[T]()
		last := sel.of(st.State())
		for more := yield(last); more; {
			select {
			case <-ctx.Done():
			case <-st.life.ctx.Done():
			case <-news:
			}
			closed := st.life.closed() // asked before the state is read: a closed store's state is its last
			if ctx.Err() != nil {
				return
			}
			if next := sel.of(st.State()); !same(id, last, next) {
				last = next
				more = yield(next)
			}
			if closed {
				return
			}
		}
	}
}
