package store_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"testing"

	"slate/store"
)

func TestTap(t *testing.T) {
	c := newNumbers("c")
	var log journal
	st := openWith(t, store.Options{Logger: log.logger()}, c.slice)
	type step struct {
		typ           string
		before, after int
	}
	var steps []step
	told := false
	store.Subscribe(context.Background(), st, c.n, func(int) { told = true })
	untimed := true
	st.Tap(func(tr store.Transition) { untimed = untimed && tr.At.IsZero() })
	if dispatch(t, st, c.reset()); !untimed {
		t.Error("the clock was read for nobody")
	}
	stop := st.TapTimed(func(tr store.Transition) {
		if told {
			t.Error("a subscriber was told before the tap")
		}
		if tr.At.IsZero() || tr.Took < 0 {
			t.Errorf("at %v, took %v", tr.At, tr.Took)
		}
		if err := st.Dispatch(c.add(1)); !errors.Is(err, store.ErrInReducer) {
			t.Errorf("a dispatch in a tap: %v", err)
		}
		steps = append(steps, step{tr.Action.Type(), c.n.Of(tr.Before), c.n.Of(tr.After)})
	})
	st.Tap(func(store.Transition) { panic("boom") })
	dispatch(t, st, c.add(2))
	told = false
	dispatch(t, st, store.NewSignal("nobody's")())
	told = false
	dispatch(t, st, c.reset())
	stop()
	stop()
	dispatch(t, st, c.add(1))
	want := []step{{"c/add", 0, 2}, {"nobody's", 2, 2}, {"c/reset", 2, 0}}
	if !slices.Equal(steps, want) {
		t.Errorf("steps %v, want %v", steps, want)
	}
	if log.String() == "" {
		t.Error("the panic of a tap was not logged")
	}
}

func TestATapMayStopItself(t *testing.T) {
	c := newNumbers("c")
	st := open(t, c.slice)
	calls := 0
	var stop func()
	stop = st.Tap(func(store.Transition) { calls++; stop() })
	st.Tap(func(store.Transition) { calls += 10 })
	dispatch(t, st, c.add(1), c.add(1))
	if calls != 21 {
		t.Errorf("calls %d, want 1 of the first and 2 of the second", calls)
	}
}

func TestATapStoppedByAnEarlierOneIsNotCalled(t *testing.T) {
	c := newNumbers("c")
	st := open(t, c.slice)
	calls := 0
	var stop func()
	st.Tap(func(store.Transition) { stop() })
	stop = st.Tap(func(store.Transition) { calls++ })
	dispatch(t, st, c.add(1))
	if calls != 0 {
		t.Errorf("%d calls", calls)
	}
}

func TestPromise15_ATapThatEndsItsGoroutine(t *testing.T) {
	c := newNumbers("c")
	st := open(t, c.slice)
	quit := true
	st.Tap(func(store.Transition) {
		if quit {
			quit = false
			runtime.Goexit()
		}
	})
	seen, heard := 0, 0
	st.Tap(func(store.Transition) { seen++ })
	store.Subscribe(t.Context(), st, c.n, func(int) { heard++ })
	done := make(chan struct{})
	go func() { defer close(done); _ = st.Dispatch(c.add(1)) }()
	<-done
	dispatch(t, st, c.add(1))
	if seen != 2 || heard != 2 {
		t.Errorf("the other tap saw %d actions, the subscriber heard %d times; want 2 and 2", seen, heard)
	}
}

func TestPromise10_InATapOfAJump(t *testing.T) {
	c := newNumbers("c")
	st := open(t, c.slice)
	then := st.State()
	dispatch(t, st, c.add(1))
	var err error
	st.Tap(func(store.Transition) { err = st.Dispatch(c.add(1)) })
	if jumped := st.Jump(then); jumped != nil || !errors.Is(err, store.ErrInReducer) {
		t.Errorf("Jump: %v; a dispatch in its tap: %v, want ErrInReducer", jumped, err)
	}
}

// hasty dispatches while it is read from saved state, which happens under the lock.
type hasty struct{ N int }

var whileRestoring func() error

func (h *hasty) UnmarshalJSON([]byte) error { return whileRestoring() }

func TestPromise10_WhileASliceIsRestored(t *testing.T) {
	c := newNumbers("c")
	s := store.NewSlice("hasty", hasty{})
	st := openWith(t, store.Options{Saved: []byte(`{"hasty":{}}`)}, c.slice)
	whileRestoring = func() error { return st.Dispatch(c.add(1)) }
	if err := st.Inject(s); !errors.Is(err, store.ErrInReducer) {
		t.Errorf("%v, want ErrInReducer", err)
	}
}
