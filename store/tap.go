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
	defer st.enter()()
	st.taps = append(slices.Clone(st.taps), t)
	return func() {
		defer st.enter()()
		st.taps = slices.DeleteFunc(slices.Clone(st.taps), func(other *tap) bool { return other == t })
	}
}

type tap struct{ fn func(Transition) }

// tell calls the taps. The caller holds the lock.
func (st *Store) tell(t Transition) {
	t.Took = time.Since(t.At)
	for _, tap := range st.taps {
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
