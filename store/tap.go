package store

import (
	"runtime/debug"
	"slices"
	"time"
)

// Transition is one action that went through the reducers, and what it did: the states right before and right after it,
// whatever other goroutines dispatch. Before equals After where the action changed nothing.
type Transition struct {
	Action        Action
	Before, After State
	At            time.Time     // when the reducers began
	Took          time.Duration // how long they ran
}

// Tap calls fn for every action that went through the reducers, in the order of the states, before subscribers hear of it
// and before Dispatch returns. It is what listeners, persistence and devtools are made of; an application watches values
// with [Subscribe]. fn runs under the store's lock, as reducers do: it must be quick, and gets [ErrInReducer] where it
// dispatches. A panic in it is logged. It is not called once stop has returned.
//
// Without taps a dispatch pays nothing for them.
func (st *Store) Tap(fn func(Transition)) (stop func()) {
	t := &tap{fn}
	st.taps.change(st, func(list []*tap) []*tap { return append(list, t) })
	return func() {
		st.taps.change(st, func(list []*tap) []*tap {
			return slices.DeleteFunc(list, func(other *tap) bool { return other == t })
		})
	}
}

type tap struct{ fn func(Transition) }

// taps is guarded by the store's lock.
type taps struct{ list []*tap }

func (t *taps) used() bool { return len(t.list) > 0 }

// change replaces the list. Where a tap asks for that, it holds the lock already.
func (t *taps) change(st *Store, change func([]*tap) []*tap) {
	defer st.enter()()
	t.list = change(slices.Clone(t.list))
}

// tell calls the taps. The caller holds st.mu.
func (st *Store) tell(t Transition) {
	if !st.taps.used() {
		return
	}
	t.Took = time.Since(t.At)
	for _, tap := range st.taps.list {
		st.tellOne(tap, t)
	}
}

func (st *Store) tellOne(tap *tap, t Transition) {
	defer func() {
		if v := recover(); v != nil {
			err := &PanicError{In: "tap", Value: v, Stack: debug.Stack()}
			st.logger.Error("store: a tap panicked; the others go on", "error", err, "stack", string(err.Stack))
		}
	}()
	tap.fn(t)
}
