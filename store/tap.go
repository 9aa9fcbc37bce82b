package store

import (
	"slices"
	"time"
)

// Transition is one action that went through the reducers, and what it did: the states right before and right after it,
// whatever other goroutines dispatch. Before equals After where the action changed nothing.
type Transition struct {
	Action        Action
	Before, After State
	At            time.Time     // when the reducers began; zero where no tap asks for the time
	Took          time.Duration // how long they ran
}

// Tap calls fn for every action that went through the reducers, in the order of the states, before subscribers hear of it
// and before Dispatch returns. It is what listeners, persistence and devtools are made of; an application watches values
// with [Subscribe]. fn runs under the store's lock, as reducers do: it must be quick, and gets [ErrInReducer] where it
// dispatches, also to another store. A panic in it is logged. It is not called once stop has returned.
//
// Mounting a slice is no action. Without taps a dispatch pays nothing for them.
func (st *Store) Tap(fn func(Transition)) (stop func()) { return st.tap(&tap{fn: fn}) }

// TapTimed is [Store.Tap] with the time: At and Took are set. Reading a clock twice costs more than a small dispatch.
func (st *Store) TapTimed(fn func(Transition)) (stop func()) {
	return st.tap(&tap{fn: fn, timed: true})
}

type tap struct {
	fn      func(Transition)
	timed   bool
	stopped flag
}

func (st *Store) tap(t *tap) (stop func()) {
	set := func(taps []*tap) {
		st.taps = taps
		st.timed = slices.ContainsFunc(taps, func(t *tap) bool { return t.timed })
	}
	defer st.enter()()
	set(append(slices.Clone(st.taps), t))
	return func() {
		defer st.enter()()
		t.stopped.Store(true)
		set(slices.DeleteFunc(slices.Clone(st.taps), func(other *tap) bool { return other == t }))
	}
}

// now returns the time where a tap wants it.
func (st *Store) now() (t time.Time) {
	if st.timed {
		t = time.Now()
	}
	return t
}

// tell calls the taps. The caller holds the lock.
func (st *Store) tell(t Transition) {
	if st.timed {
		t.Took = time.Since(t.At)
	}
	st.tellFrom(st.taps, t)
}

// tellFrom calls taps, also those behind one that panics or ends the goroutine.
func (st *Store) tellFrom(taps []*tap, t Transition) {
	told := 0
	defer func() {
		if v := recover(); v != nil {
			st.logPanic("store: a tap panicked; the others go on", panicked("tap", v))
		}
		if told < len(taps) {
			st.tellFrom(taps[told:], t)
		}
	}()
	for told < len(taps) {
		told++
		if tap := taps[told-1]; !tap.stopped.Load() {
			tap.fn(t)
		}
	}
}
