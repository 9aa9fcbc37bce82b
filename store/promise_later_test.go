package store_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"slate/store"
)

// The promises of the package documentation from 13 on.

func TestPromise13_ABatchIsToldInOneRound(t *testing.T) {
	c := newNumbers("counter")
	st := open(t, c.slice)
	var heard []int
	store.Subscribe(context.Background(), st, c.n, func(n int) { heard = append(heard, n) })

	err := st.Batch(func() error {
		dispatch(t, st, c.add(1))
		if got := c.n.Of(st.State()); got != 1 {
			t.Errorf("inside the batch N = %d, want 1", got)
		}
		var other sync.WaitGroup
		other.Go(func() {
			if err := st.Dispatch(c.add(10)); err != nil {
				t.Error(err)
			}
		})
		other.Wait()
		err := st.Batch(func() error { return st.Dispatch(c.add(100)) })
		if len(heard) != 0 {
			t.Errorf("heard %v while the batch was open", heard)
		}
		return err
	})
	if err != nil || len(heard) != 1 || heard[0] != 111 {
		t.Errorf("heard %v, error %v; want [111] and none", heard, err)
	}

	if v := panics(func() { st.Batch(func() error { dispatch(t, st, c.add(1)); panic("oh") }) }); v != "oh" {
		t.Errorf("the panic became %v", v)
	}
	if len(heard) != 2 || heard[1] != 112 {
		t.Errorf("after a panic heard %v, want 112 at the end", heard)
	}
}

func TestPromise14_ASchedulerPutsOffNotificationsOnly(t *testing.T) {
	c := newNumbers("counter")
	var due []func()
	st := openWith(t, store.Options{
		Scheduler: func(flush func()) func() { due = append(due, flush); return func() {} },
		Defer:     c.add.Matches,
	}, c.slice)
	var heard []int
	store.Subscribe(context.Background(), st, c.n, func(n int) { heard = append(heard, n) })
	wants := func(what string, n int, want ...int) {
		t.Helper()
		if got := c.n.Of(st.State()); got != n {
			t.Errorf("%s: N = %d, want %d", what, got, n)
		}
		if len(heard) != len(want) || len(want) > 0 && heard[len(want)-1] != want[len(want)-1] {
			t.Errorf("%s: heard %v, want %v", what, heard, want)
		}
	}
	dispatch(t, st, c.add(1), c.add(1))
	wants("put off", 2)
	if len(due) != 1 {
		t.Fatalf("the scheduler was asked %d times, want once", len(due))
	}
	due[0]()
	wants("due", 2, 2)
	dispatch(t, st, c.add(3))
	wants("put off again", 5, 2)
	dispatch(t, st, c.reset())
	wants("cannot wait", 0, 2, 0)
	dispatch(t, st, c.add(7))
	wants("put off at the end", 7, 2, 0)
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	wants("closed", 7, 2, 0, 7)
}

func TestPromise15_ATapSeesEveryActionBeforeSubscribers(t *testing.T) {
	c := newNumbers("counter")
	st := open(t, c.slice)
	var tapped atomic.Int64
	last := st.State()
	st.Tap(func(tr store.Transition) {
		n := c.n.Of(tr.After)
		if tr.Before != last || n != c.n.Of(tr.Before)+1 || tr.Action.Type() != "counter/add" {
			t.Errorf("%s: from %d to %d", tr.Action.Type(), c.n.Of(tr.Before), n)
		}
		last = tr.After
		tapped.Store(int64(n))
	})
	store.Subscribe(context.Background(), st, c.n, func(n int) {
		if int64(n) > tapped.Load() {
			t.Errorf("a subscriber heard of %d, the tap only of %d", n, tapped.Load())
		}
	})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if err := st.Dispatch(c.add(1)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if n := tapped.Load(); n != 400 {
		t.Errorf("the tap saw up to %d, want 400", n)
	}
}

func TestPromise16_ChangesHoldTheNewest(t *testing.T) {
	c := newNumbers("counter")
	st := open(t, c.slice)
	values := store.Changes(context.Background(), st, c.n)
	for range 1000 { // nobody receives
		dispatch(t, st, c.add(1))
	}
	if n := <-values; n != 1000 {
		t.Errorf("received %d, want 1000", n)
	}
	select {
	case n := <-values:
		t.Errorf("received %d as well", n)
	default:
	}
}

func TestPromise17_AnActionInTheChainReachesTheReducersOnce(t *testing.T) {
	c := newNumbers("counter")
	entered, leave := make(chan struct{}), make(chan struct{})
	waits := func(_ *store.Store, next store.Dispatcher) store.Dispatcher {
		return func(a store.Action) error {
			entered <- struct{}{}
			<-leave
			return next(a)
		}
	}
	passes := func(_ *store.Store, next store.Dispatcher) store.Dispatcher { return next }
	st := openWith(t, store.Options{Middleware: []store.Middleware{passes}}, c.slice)
	removeWaits, err := st.Use(waits)
	if err != nil {
		t.Fatal(err)
	}
	removePasses, err := st.Use(passes)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := st.Dispatch(c.add(1)); err != nil {
			t.Error(err)
		}
	})
	<-entered
	removeWaits()
	removePasses()
	if _, err := st.Use(passes, passes); err != nil {
		t.Fatal(err)
	}
	dispatch(t, st, c.add(10)) // takes the new way
	close(leave)
	wg.Wait()
	if got := c.n.Of(st.State()); got != 11 {
		t.Errorf("N = %d, want 11", got)
	}
}
