package store_test

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"slate/store"
)

func TestSubscriptions(t *testing.T) {
	t.Run("B358 one made in a round is called in the next", func(t *testing.T) {
		c := newNumbers("c")
		st := open(t, c.slice)
		var inner []int
		var once sync.Once
		store.Subscribe(context.Background(), st, c.n, func(int) {
			once.Do(func() { store.Subscribe(context.Background(), st, c.n, func(n int) { inner = append(inner, n) }) })
		})
		dispatch(t, st, c.add(1))
		if len(inner) != 0 {
			t.Errorf("called for the value that it started from: %v", inner)
		}
		dispatch(t, st, c.add(1))
		if !slices.Equal(inner, []int{2}) {
			t.Errorf("calls %v, want [2]", inner)
		}
	})
	t.Run("B360 the same function twice is two subscriptions", func(t *testing.T) {
		c := newNumbers("c")
		st := open(t, c.slice)
		calls := 0
		fn := func(int) { calls++ }
		stop := store.Subscribe(context.Background(), st, c.n, fn)
		store.Subscribe(context.Background(), st, c.n, fn)
		dispatch(t, st, c.add(1))
		stop()
		dispatch(t, st, c.add(1))
		if calls != 3 {
			t.Errorf("%d calls, want 3", calls)
		}
	})
	t.Run("B361 stopping twice is a no-op", func(t *testing.T) {
		c := newNumbers("c")
		st := open(t, c.slice)
		calls := 0
		stop := store.Subscribe(context.Background(), st, c.n, func(int) { t.Error("called after stop") })
		for range 3 {
			store.Subscribe(context.Background(), st, c.n, func(int) { calls++ })
		}
		for range 4 {
			stop()
		}
		dispatch(t, st, c.add(1))
		if calls != 3 {
			t.Errorf("%d calls of the others, want 3", calls)
		}
	})
	t.Run("in the order of subscription, also across slices", func(t *testing.T) {
		a, b := newNumbers("a"), newNumbers("b")
		both := store.NewSignal("both")
		for _, c := range []numbers{a, b} {
			store.OnSignal(c.slice, both, func(s counter) counter { s.N++; return s })
		}
		st := open(t, a.slice, b.slice)
		var order []int
		for i, c := range []numbers{b, a, a, b, a} {
			store.Subscribe(context.Background(), st, c.n, func(int) { order = append(order, i) })
		}
		dispatch(t, st, both())
		if !slices.Equal(order, []int{0, 1, 2, 3, 4}) {
			t.Errorf("order %v", order)
		}
	})
	t.Run("many ended between calls", func(t *testing.T) {
		c := newNumbers("c")
		st := open(t, c.slice)
		calls := make([]int, 100)
		stops := make([]func(), len(calls))
		for i := range calls {
			stops[i] = store.Subscribe(context.Background(), st, c.n, func(int) { calls[i]++ })
		}
		for i, stop := range stops {
			stop()
			dispatch(t, st, c.add(1))
			if calls[i] != i {
				t.Errorf("subscriber %d was called %d times, want %d", i, calls[i], i)
			}
		}
	})
}

func TestSubscribeABA(t *testing.T) {
	c := newNumbers("c")
	st := open(t, c.slice)
	calls := 0
	store.Subscribe(context.Background(), st, c.n, func(int) { calls++ })
	if err := st.DispatchAll(c.add(1), c.add(-1)); err != nil {
		t.Fatal(err)
	}
	if calls != 0 {
		t.Errorf("%d calls for a value that is what it was", calls)
	}
}

func TestSubscribeComparesByValueOrMemory(t *testing.T) {
	type list struct {
		Items []int
		Tick  int
	}
	s := store.NewSlice("list", list{Items: []int{1}})
	tick := store.CaseSignal(s, "tick", func(l list) list { l.Tick++; return l })
	replace := store.CaseSignal(s, "replace", func(l list) list { l.Items = slices.Clone(l.Items); return l })
	st := open(t, s)
	items, length := 0, 0
	store.Subscribe(context.Background(), st, store.Select(s, func(l list) []int { return l.Items }), func([]int) { items++ })
	store.Subscribe(context.Background(), st, store.Select(s, func(l list) int { return len(l.Items) }), func(int) { length++ })
	dispatch(t, st, tick())
	if items != 0 || length != 0 {
		t.Errorf("another field changed: %d and %d calls", items, length)
	}
	dispatch(t, st, replace())
	if items != 1 || length != 0 {
		t.Errorf("a slice in other memory: %d and %d calls, want 1 and 0", items, length)
	}
}

func TestSubscribeSurvivesAFailingSelector(t *testing.T) {
	c := newNumbers("c")
	st := open(t, c.slice)
	picky := store.Select(c.slice, func(s counter) int {
		if s.N == 1 {
			panic("one")
		}
		return s.N
	})
	var seen []int
	store.Subscribe(context.Background(), st, picky, func(n int) { seen = append(seen, n) })
	dispatch(t, st, c.add(1), c.add(1))
	if !slices.Equal(seen, []int{2}) {
		t.Errorf("calls %v, want [2]", seen)
	}
}

func TestASubscriberThatEndsItsGoroutine(t *testing.T) {
	c := newNumbers("c")
	st := open(t, c.slice)
	var calls [4]int
	for i := range calls {
		store.Subscribe(context.Background(), st, c.n, func(n int) {
			calls[i]++
			if n == 1 && i < 2 { // two of them, one after the other, as t.FailNow does
				runtime.Goexit()
			}
		})
	}
	done := make(chan struct{})
	go func() { defer close(done); _ = st.Dispatch(c.add(1)) }()
	<-done
	if calls != [4]int{1, 1, 1, 1} {
		t.Errorf("calls %v: the others did not hear of it", calls)
	}
	dispatch(t, st, c.add(1))
	if calls != [4]int{2, 2, 2, 2} {
		t.Errorf("calls %v after the next dispatch", calls)
	}
}

func TestSubscribeEndsWithAContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newNumbers("c")
		st := open(t, c.slice)
		ctx, cancel := context.WithCancel(t.Context())
		calls := 0
		store.Subscribe(ctx, st, c.n, func(int) { calls++ })
		dispatch(t, st, c.add(1))
		cancel()
		synctest.Wait()
		dispatch(t, st, c.add(1))
		if calls != 1 {
			t.Errorf("%d calls, want 1", calls)
		}
	})
}

// The selector runs before the function is called, and whoever stops meanwhile hears nothing more.
func TestPromise09_StoppedWhileItsSelectorRuns(t *testing.T) {
	c := newNumbers("c")
	st := open(t, c.slice)
	var stop func()
	sel := store.Select(c.slice, func(s counter) int {
		if s.N > 0 {
			stop()
		}
		return s.N
	})
	stop = store.Subscribe(context.Background(), st, sel, func(n int) { t.Errorf("called with %d after stop", n) })
	dispatch(t, st, c.add(1))
}

func TestSubscribeToEverything(t *testing.T) {
	a, b, late := newNumbers("a"), newNumbers("b"), newNumbers("late")
	st := open(t, a.slice, b.slice)
	var seen []store.State
	stop := store.Subscribe(t.Context(), st, store.Everything, func(s store.State) { seen = append(seen, s) })
	both := 0
	store.Subscribe(t.Context(), st, store.Derive2(store.Everything, a.n, func(s store.State, n int) int { return n + b.n.Of(s) }), func(int) { both++ })
	dispatch(t, st, a.add(1), b.add(1), b.add(0))
	if err := st.Inject(late.slice); err != nil {
		t.Fatal(err)
	}
	dispatch(t, st, late.add(1))
	if len(seen) != 4 || seen[3] != st.State() || store.Everything.Of(st.State()) != st.State() {
		t.Errorf("heard %d times, want 4: two actions, an injection, an action", len(seen))
	}
	if both != 2 {
		t.Errorf("a selector derived from everything changed %d times, want 2", both)
	}
	stop()
	dispatch(t, st, a.add(1))
	if len(seen) != 4 {
		t.Error("heard after stop")
	}
}

func TestSubscribeOnAClosedStoreOrWithAnEndedContext(t *testing.T) {
	c := newNumbers("c")
	st := open(t, c.slice)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	calls := 0
	store.Subscribe(ended, st, c.n, func(int) { calls++ })()
	dispatch(t, st, c.add(1))
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	store.Subscribe(t.Context(), st, c.n, func(int) { calls++ })()
	if calls != 0 {
		t.Errorf("%d calls", calls)
	}
}

// Two rounds must not run at once, also where the only one who was to be told has stopped before the round began.
func TestPromise06_StoppingInABatchStartsNoSecondRound(t *testing.T) {
	c, other := newNumbers("c"), newNumbers("other")
	st := open(t, c.slice, other.slice)
	var inside atomic.Int32
	store.Subscribe(t.Context(), st, other.n, func(int) {
		if inside.Add(1) > 1 {
			t.Error("called twice at once")
		}
		for range 20 {
			runtime.Gosched()
		}
		inside.Add(-1)
	})
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for range 300 {
				_ = st.Dispatch(other.add(1))
			}
		})
		wg.Go(func() {
			for range 300 {
				stop := store.Subscribe(context.Background(), st, c.n, func(int) {})
				_ = st.Batch(func() error {
					defer stop()
					return st.Dispatch(c.add(1))
				})
			}
		})
	}
	wg.Wait()
}

// The context ends between the moment it is looked at and the subscription.
func TestSubscribeWhileItsContextEnds(t *testing.T) {
	c := newNumbers("c")
	st := open(t, c.slice)
	for range 300 {
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { cancel(); close(done) }()
		store.Subscribe(ctx, st, c.n, func(int) {})()
		<-done
	}
	dispatch(t, st, c.add(1))
}

// A goroutine that ends in the middle of a round leaves those who were not called to the next one, which compares what they
// knew with what there is then.
func TestPromise08_AfterAnAbandonedRoundOnlyChangesAreTold(t *testing.T) {
	c := newNumbers("c")
	st := open(t, c.slice)
	quit := true
	store.Subscribe(t.Context(), st, c.n, func(n int) {
		if n == 1 && quit {
			quit = false
			_ = st.Dispatch(c.add(-1)) // back to where the others are
			runtime.Goexit()
		}
	})
	var heard []int
	store.Subscribe(t.Context(), st, c.n, func(n int) { heard = append(heard, n) })
	done := make(chan struct{})
	go func() { defer close(done); _ = st.Dispatch(c.add(1)) }()
	<-done
	if len(heard) != 0 {
		t.Errorf("heard %v of a value that did not change", heard)
	}
	dispatch(t, st, c.add(3))
	if len(heard) != 1 || heard[0] != 3 {
		t.Errorf("heard %v, want [3]", heard)
	}
}

func TestASelectorOfASliceAndItsReplacementIsToldOnce(t *testing.T) {
	c := newNumbers("c")
	stub := c.slice.Replacement(counter{})
	store.On(stub, c.add, func(s counter, by int) counter { s.N += by; return s })
	both := store.Derive2(c.n, store.Select(stub, func(s counter) int { return s.N }), func(a, b int) int { return a + b })
	st := open(t, stub)
	calls := 0
	store.Subscribe(t.Context(), st, both, func(int) { calls++ })
	dispatch(t, st, c.add(1), c.add(1), c.add(1))
	if calls != 3 {
		t.Errorf("%d calls, want 3", calls)
	}
}
