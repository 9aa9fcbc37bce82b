package store_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"slate/store"
)

// The tests of this file carry the numbers of the promises in the package documentation.

func TestPromise01_ReducersRunOneAtATimeInTheOrderOfTheVersions(t *testing.T) {
	type log struct{ Seen []uint64 }
	var running atomic.Int32
	s := store.NewSlice("log", log{})
	var st *store.Store
	add := store.CaseSignal(s, "add", func(l log) log {
		if running.Add(1) != 1 {
			t.Error("two reducers at once")
		}
		runtime.Gosched()
		l.Seen = append(slices.Clone(l.Seen), st.State().Version()+1)
		running.Add(-1)
		return l
	})
	st = open(t, s)
	first := st.State().Version() + 1

	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				dispatch(t, st, add())
			}
		})
	}
	wg.Wait()
	seen := s.Of(st.State()).Seen
	if len(seen) != 400 {
		t.Fatalf("%d dispatches arrived, want 400", len(seen))
	}
	for i, v := range seen {
		if v != first+uint64(i) {
			t.Fatalf("action %d made version %d, want %d", i, v, first+uint64(i))
		}
	}
}

func TestPromise02_ReadingDoesNotWaitForADispatch(t *testing.T) {
	entered, leave := make(chan struct{}), make(chan struct{})
	s := store.NewSlice("slow", counter{})
	slow := store.CaseSignal(s, "slow", func(c counter) counter {
		close(entered)
		<-leave
		c.N++
		return c
	})
	st := open(t, s)
	done := make(chan error)
	go func() { done <- st.Dispatch(slow()) }()
	<-entered
	if n := s.Of(st.State()).N; n != 0 {
		t.Errorf("during the dispatch N = %d, want 0", n)
	}
	close(leave)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if n := s.Of(st.State()).N; n != 1 {
		t.Errorf("after the dispatch N = %d, want 1", n)
	}
}

func TestPromise03_AllSlicesChangeOrNone(t *testing.T) {
	moved := store.NewCreator[int]("moved")
	from, to := store.NewSlice("from", counter{}), store.NewSlice("to", counter{})
	store.On(from, moved, func(s counter, n int) counter { s.N -= n; return s })
	store.On(to, moved, func(s counter, n int) counter {
		if n == 13 {
			panic("unlucky")
		}
		s.N += n
		return s
	})
	st := open(t, from, to)

	var wg sync.WaitGroup
	stop := make(chan struct{})
	for range 4 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					if s := st.State(); from.Of(s).N+to.Of(s).N != 0 {
						t.Errorf("a snapshot with half of an action: from %d, to %d", from.Of(s).N, to.Of(s).N)
						return
					}
					runtime.Gosched()
				}
			}
		})
	}
	for range 200 {
		dispatch(t, st, moved(1))
		if err := st.Dispatch(moved(13)); err == nil {
			t.Fatal("a panicking reducer: no error")
		}
		runtime.Gosched()
	}
	close(stop)
	wg.Wait()
	if n := to.Of(st.State()).N; n != 200 {
		t.Errorf("to = %d, want 200", n)
	}
}

func TestPromise04_ADispatchIsVisibleToWhoLearnsOfIt(t *testing.T) {
	c := newNumbers("counter")
	st := open(t, c.slice)
	told := make(chan int)
	go func() {
		defer close(told)
		for i := range 1000 {
			if err := st.Dispatch(c.add(1)); err != nil {
				t.Error(err)
			}
			told <- i + 1
		}
	}()
	for n := range told {
		if got := c.n.Of(st.State()); got < n {
			t.Fatalf("told of %d, read %d", n, got)
		}
	}
}

func TestPromise05_SubscribersSeeNewerStatesAndTheLast(t *testing.T) {
	const goroutines, dispatches, parts, subscriptions = 8, 2000, 10, 1600
	nums := make([]numbers, parts)
	mount := make([]store.Mountable, parts)
	for i := range nums {
		nums[i] = newNumbers("n" + string(rune('a'+i)))
		mount[i] = nums[i].slice
	}
	st := open(t, mount...)

	// watch makes a subscription that fails on a step back or an overlap, and returns its last value.
	watch := func(c numbers) (last *atomic.Int64, stop func()) {
		last = new(atomic.Int64)
		var busy atomic.Bool
		return last, store.Subscribe(context.Background(), st, c.n, func(n int) {
			if busy.Swap(true) {
				t.Error("a subscriber is called twice at once")
			}
			if before := last.Swap(int64(n)); before >= int64(n) {
				t.Errorf("a subscriber saw %d after %d", n, before)
			}
			busy.Store(false)
		})
	}
	lasting := make([]*atomic.Int64, parts)
	for i, c := range nums {
		lasting[i], _ = watch(c)
	}

	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			for i := range dispatches {
				dispatch(t, st, nums[(g+i)%parts].add(1))
				if i%(dispatches*goroutines/subscriptions) == 0 {
					_, stop := watch(nums[i%parts])
					dispatch(t, st, nums[i%parts].add(0))
					stop()
				}
			}
		})
	}
	wg.Wait()
	for i, c := range nums {
		want := goroutines * dispatches / parts
		if n := c.n.Of(st.State()); n != want {
			t.Errorf("slice %d = %d, want %d: lost updates", i, n, want)
		}
		if n := int(lasting[i].Load()); n != want {
			t.Errorf("the last call for slice %d carried %d, want %d", i, n, want)
		}
	}
}

func TestPromise06_ASubscriberMayDispatchReadWatchAndStop(t *testing.T) {
	c := newNumbers("counter")
	st := open(t, c.slice)
	var depth, inner int
	var stop func()
	stop = store.Subscribe(context.Background(), st, c.n, func(n int) {
		if depth++; depth != 1 {
			t.Error("called within a call of its own")
		}
		if got := c.n.Of(st.State()); got != n {
			t.Errorf("State in the subscriber = %d, want %d", got, n)
		}
		if n < 3 {
			dispatch(t, st, c.add(1))
		} else {
			stop()
			store.Subscribe(context.Background(), st, c.n, func(int) { inner++ })
			dispatch(t, st, c.add(1))
		}
		depth--
	})
	dispatch(t, st, c.add(1))
	if n := c.n.Of(st.State()); n != 4 {
		t.Errorf("N = %d, want 4", n)
	}
	if inner != 1 {
		t.Errorf("the subscriber made by the subscriber was called %d times, want 1", inner)
	}
}

func TestPromise07_ADispatchFromASubscriberIsAnnouncedInTheNextRound(t *testing.T) {
	c := newNumbers("counter")
	st := open(t, c.slice)
	var calls []string
	note := func(who string, n int) { calls = append(calls, who+string(rune('0'+n))) }
	store.Subscribe(context.Background(), st, c.n, func(n int) {
		note("a", n)
		if n == 1 {
			dispatch(t, st, c.add(1))
			if got := c.n.Of(st.State()); got != 2 {
				t.Errorf("after the inner dispatch N = %d, want 2", got)
			}
		}
	})
	store.Subscribe(context.Background(), st, c.n, func(n int) { note("b", n) })
	dispatch(t, st, c.add(1))
	// b is told of the round's state, which was taken before the round began.
	if want := "a1 b1 a2 b2"; strings.Join(calls, " ") != want {
		t.Errorf("calls %v, want %s", calls, want)
	}
}

func TestPromise08_ASubscriberHearsOnlyOfWhatItsSelectorReads(t *testing.T) {
	a, b := newNumbers("a"), newNumbers("b")
	st := open(t, a.slice, b.slice)
	var selected, called int
	parity := store.Select(a.slice, func(s counter) bool { selected++; return s.N%2 == 1 })
	store.Subscribe(context.Background(), st, parity, func(bool) { called++ })
	selected = 0

	dispatch(t, st, b.add(1))
	if selected != 0 || called != 0 {
		t.Errorf("another slice changed: selector ran %d times, subscriber %d times, want 0 and 0", selected, called)
	}
	dispatch(t, st, a.add(2))
	if selected != 1 || called != 0 {
		t.Errorf("an equal value: selector ran %d times, subscriber %d times, want 1 and 0", selected, called)
	}
	dispatch(t, st, a.add(1))
	if called != 1 {
		t.Errorf("a new value: subscriber called %d times, want 1", called)
	}
}

func TestPromise09_AStoppedSubscriberIsNotCalledAgain(t *testing.T) {
	c := newNumbers("counter")
	st := open(t, c.slice)
	var stopSecond func()
	second := 0
	store.Subscribe(context.Background(), st, c.n, func(int) { stopSecond() })
	stopSecond = store.Subscribe(context.Background(), st, c.n, func(int) { second++ })
	third := 0
	store.Subscribe(context.Background(), st, c.n, func(int) { third++ })
	dispatch(t, st, c.add(1))
	dispatch(t, st, c.add(1))
	if second != 0 {
		t.Errorf("the stopped subscriber was called %d times", second)
	}
	if third != 2 {
		t.Errorf("the one after it was called %d times, want 2", third)
	}
}

func TestPromise10_ADispatchFromAReducerIsAnError(t *testing.T) {
	c := newNumbers("counter")
	s := store.NewSlice("impure", counter{})
	var st *store.Store
	var inner error
	impure := store.CaseSignal(s, "dispatch", func(s counter) counter {
		inner = st.Dispatch(c.add(1))
		s.N++
		return s
	})
	st = open(t, s, c.slice)
	dispatch(t, st, impure())
	if !errors.Is(inner, store.ErrInReducer) {
		t.Errorf("error %v, want ErrInReducer", inner)
	}
	if got := c.n.Of(st.State()); got != 0 {
		t.Errorf("the inner dispatch changed the state: %d", got)
	}
	if got := s.Of(st.State()).N; got != 1 {
		t.Errorf("the outer one did not: %d", got)
	}
}

func TestPromise11_PanicsAreContained(t *testing.T) {
	boom := errors.New("boom")
	c := newNumbers("counter")
	explode := store.CaseSignal(c.slice, "explode", func(counter) counter { panic(boom) })
	var log journal
	st := openWith(t, store.Options{Logger: log.logger()}, c.slice)
	others := 0
	store.Subscribe(context.Background(), st, c.n, func(int) { panic("a subscriber's panic") })
	store.Subscribe(context.Background(), st, c.n, func(int) { others++ })

	before := st.State()
	err := st.Dispatch(explode())
	var panicked *store.PanicError
	if !errors.As(err, &panicked) || !errors.Is(err, boom) {
		t.Fatalf("error %v, want a PanicError of boom", err)
	}
	if !strings.Contains(panicked.In, `"counter"`) || !strings.Contains(panicked.In, `"counter/explode"`) {
		t.Errorf("In = %q, want the slice and the action", panicked.In)
	}
	if !strings.Contains(string(panicked.Stack), "promise_test.go") {
		t.Error("the stack does not show where it happened")
	}
	if st.State() != before {
		t.Error("the state changed")
	}
	dispatch(t, st, c.add(1), c.add(1))
	if others != 2 {
		t.Errorf("the other subscriber was called %d times, want 2", others)
	}
	if !strings.Contains(log.String(), "a subscriber's panic") || !strings.Contains(log.String(), "boom") {
		t.Errorf("log %q, want both panics", log.String())
	}
}

func TestPromise12_CloseEndsEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newNumbers("counter")
		st := open(t, c.slice)
		thunk := store.NewAsyncThunk(store.AsyncThunkSpec[int, int]{Name: "wait", Run: waitForEnd})
		var ended atomic.Int32
		go func() {
			if _, err := thunk.Run(t.Context(), st, 0); !errors.Is(err, store.ErrClosed) {
				t.Errorf("thunk: %v, want ErrClosed", err)
			}
			ended.Add(1)
		}()
		go func() {
			for range store.Watch(t.Context(), st, c.n) {
			}
			ended.Add(1)
		}()
		synctest.Wait()
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if n := ended.Load(); n != 2 {
			t.Errorf("%d of thunk and stream ended", n)
		}
	}) // leaving the bubble fails on a goroutine that is left
}
