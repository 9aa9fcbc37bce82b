package store_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"slate/store"
)

// byHand is a scheduler that a test drives.
type byHand struct {
	flush    func()
	asked    int
	withdraw int
}

func (h *byHand) schedule(flush func()) func() {
	h.asked++
	h.flush = flush
	return func() { h.withdraw++ }
}

func (h *byHand) turn() {
	if f := h.flush; f != nil {
		h.flush = nil
		f()
	}
}

// quiet is an action of low priority.
func quiet(c numbers) func(store.Action) bool { return c.add.Matches }

func TestB430_ActionsOfLowPriorityAreToldOnce(t *testing.T) {
	t.Run("with a callback of one's own", func(t *testing.T) {
		var hand byHand
		c := newNumbers("c")
		st := openWith(t, store.Options{Scheduler: hand.schedule}, c.slice)
		var seen []int
		store.Subscribe(t.Context(), st, c.n, func(n int) { seen = append(seen, n) })
		for range 3 {
			dispatch(t, st, c.add(1))
		}
		if c.n.Of(st.State()) != 3 || len(seen) != 0 || hand.asked != 1 {
			t.Errorf("before: N = %d, told %v, asked %d times", c.n.Of(st.State()), seen, hand.asked)
		}
		hand.turn()
		if !slices.Equal(seen, []int{3}) {
			t.Errorf("after: told %v, want [3]", seen)
		}
		dispatch(t, st, c.add(1))
		hand.turn()
		if !slices.Equal(seen, []int{3, 4}) {
			t.Errorf("the next turn: told %v, want [3 4]", seen)
		}
	})
	for name, tc := range map[string]struct {
		scheduler store.Scheduler
		wait      time.Duration
	}{
		"at the end of the tick": {store.After(0), 0},
		"after a time":           {store.After(10 * time.Millisecond), 10 * time.Millisecond},
		"with the next frame":    {store.Frames(), time.Second / 60},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newNumbers("c")
				st := openWith(t, store.Options{Scheduler: tc.scheduler}, c.slice)
				told := make(chan int, 8)
				start := time.Now()
				store.Subscribe(t.Context(), st, c.n, func(n int) { told <- n })
				for range 3 {
					dispatch(t, st, c.add(1))
				}
				n := <-told
				synctest.Wait()
				if tc.wait == 0 { // the timer's goroutine may run while this one still dispatches
					for len(told) > 0 {
						n = <-told
					}
				}
				if n != 3 || time.Since(start) != tc.wait {
					t.Errorf("told %d after %v, want 3 after %v", n, time.Since(start), tc.wait)
				}
				if len(told) != 0 {
					t.Error("told twice")
				}
			})
		})
	}
}

func TestB431_AnOrdinaryActionTellsAtOnce(t *testing.T) {
	var hand byHand
	c := newNumbers("c")
	st := openWith(t, store.Options{Scheduler: hand.schedule, Defer: quiet(c)}, c.slice)
	var seen []int
	store.Subscribe(t.Context(), st, c.n, func(n int) { seen = append(seen, n) })
	dispatch(t, st, c.add(1), c.add(1), c.add(1), c.reset())
	if len(seen) != 0 { // back where it was: there is nothing to tell
		t.Errorf("told %v of a value that is what it was", seen)
	}
	dispatch(t, st, c.add(5))
	if len(seen) != 0 || hand.asked < 2 {
		t.Errorf("told %v, asked %d times", seen, hand.asked)
	}
	hand.turn()
	dispatch(t, st, c.add(1), c.reset())
	if !slices.Equal(seen, []int{5, 0}) {
		t.Errorf("told %v, want [5 0]", seen)
	}
	if hand.withdraw != hand.asked {
		t.Errorf("asked %d times, taken back %d times", hand.asked, hand.withdraw)
	}
	hand.turn()
	if len(seen) != 2 {
		t.Errorf("an extra notification: %v", seen)
	}
}

func TestClosingTellsWhatWasPutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newNumbers("c")
		st := openWith(t, store.Options{Scheduler: store.After(time.Hour)}, c.slice)
		var seen []int
		store.Subscribe(context.Background(), st, c.n, func(n int) { seen = append(seen, n) })
		dispatch(t, st, c.add(1))
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(seen, []int{1}) {
			t.Errorf("told %v, want [1]", seen)
		}
	})
}

func TestABatchEndsTheWaiting(t *testing.T) {
	var hand byHand
	c := newNumbers("c")
	other := newNumbers("other")
	st := openWith(t, store.Options{Scheduler: hand.schedule, Defer: quiet(c)}, c.slice, other.slice)
	calls := 0
	store.Subscribe(t.Context(), st, c.n, func(int) { calls++ })
	store.Subscribe(t.Context(), st, other.n, func(int) { calls++ })
	if err := st.DispatchAll(c.add(1), c.add(1)); err != nil || calls != 0 {
		t.Errorf("a batch of quiet actions: %v, %d calls", err, calls)
	}
	if err := st.DispatchAll(c.add(1), other.add(1)); err != nil || calls != 2 {
		t.Errorf("a batch with an ordinary one: %v, %d calls, want 2", err, calls)
	}
}

func TestASchedulerIsCalledUnderNoLock(t *testing.T) {
	c := newNumbers("c")
	loop := make(chan func()) // a loop that also dispatches, as that of a UI does
	st := openWith(t, store.Options{Scheduler: func(flush func()) func() {
		loop <- flush
		return func() {}
	}}, c.slice)
	told := make(chan int, 1)
	store.Subscribe(t.Context(), st, c.n, func(n int) { told <- n })
	asked := make(chan struct{})
	go func() {
		defer close(asked)
		dispatch(t, st, c.add(1))
	}()
	if err := st.Batch(func() error { return nil }); err != nil { // would wait for the lock
		t.Error(err)
	}
	flush := <-loop
	<-asked
	flush()
	if n := <-told; n != 1 {
		t.Errorf("told %d", n)
	}
}

func TestASchedulerMayFlushAtOnce(t *testing.T) {
	c := newNumbers("c")
	st := openWith(t, store.Options{Scheduler: func(flush func()) func() { flush(); return func() {} }}, c.slice)
	var seen []int
	store.Subscribe(t.Context(), st, c.n, func(n int) { seen = append(seen, n) })
	dispatch(t, st, c.add(1), c.add(1))
	if !slices.Equal(seen, []int{1, 2}) {
		t.Errorf("told %v", seen)
	}
}

func TestAFlushThatComesLateIsNone(t *testing.T) {
	var hand byHand
	c := newNumbers("c")
	st := openWith(t, store.Options{Scheduler: hand.schedule}, c.slice)
	calls := 0
	store.Subscribe(t.Context(), st, c.n, func(int) { calls++ })
	dispatch(t, st, c.add(1))
	late := hand.flush
	hand.turn()
	late() // a timer that fired while it was taken back
	dispatch(t, st, c.add(1))
	if calls != 1 {
		t.Errorf("%d calls: the second change was not put off", calls)
	}
	hand.turn()
	if calls != 2 {
		t.Errorf("%d calls, want 2", calls)
	}
}

func TestAPanicInASchedulerOrInDeferIsContained(t *testing.T) {
	for name, opts := range map[string]store.Options{
		"the scheduler": {Scheduler: func(func()) func() { panic("boom") }},
		"cancelling":    {Scheduler: func(func()) func() { return func() { panic("boom") } }, Defer: func(a store.Action) bool { return a.Type() != "c/reset" }},
		"Defer":         {Scheduler: store.After(0), Defer: func(store.Action) bool { panic("boom") }},
	} {
		t.Run(name, func(t *testing.T) {
			var log journal
			opts.Logger = log.logger()
			opts.Saved = []byte(`{"late":{"N":5}}`)
			c, late := newNumbers("c"), newNumbers("late")
			st := openWith(t, opts, c.slice)
			last := -1
			store.Subscribe(t.Context(), st, c.n, func(n int) { last = n })
			dispatch(t, st, c.add(2))
			if err := st.Inject(late.slice); err != nil || late.n.Of(st.State()) != 5 {
				t.Errorf("injected: %v, N = %d, want the saved 5", err, late.n.Of(st.State()))
			}
			dispatch(t, st, c.reset(), c.add(7))
			if got := c.n.Of(st.State()); got != 7 {
				t.Errorf("N = %d, want 7", got)
			}
			if err := st.Close(); err != nil || last != 7 {
				t.Errorf("Close: %v; last told %d, want 7", err, last)
			}
			if log.String() == "" {
				t.Error("the panic was not logged")
			}
		})
	}
}
