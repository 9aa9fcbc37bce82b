package store_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"slate/store"
)

// stocked is a typed reason: what is left, which may be nothing.
type stocked struct{ Left int }

func (stocked) Error() string { return "not enough of it" }

func TestB387_ARejectionKeepsItsType(t *testing.T) {
	for _, left := range []int{3, 0} { // also the zero value is a value
		thunk := store.NewAsyncThunk(store.AsyncThunkSpec[int, int]{Name: "buy", Run: func(context.Context, *store.Store, int) (int, error) {
			return 0, stocked{left}
		}})
		s := processSlice(thunk)
		st := open(t, s)
		_, err := thunk.Run(t.Context(), st, 1)
		for name, err := range map[string]error{"returned": err, "in the state": s.Of(st.State()).Err} {
			if got, ok := errors.AsType[stocked](err); !ok || got.Left != left {
				t.Errorf("%s: %v, want stocked{%d}", name, err, left)
			}
		}
	}
}

func TestB388_AStartedThunkNeverFailsUntilItIsUnwrapped(t *testing.T) {
	boom := errors.New("boom")
	thunk := store.NewAsyncThunk(store.AsyncThunkSpec[int, int]{Name: "work", Run: func(_ context.Context, _ *store.Store, n int) (int, error) {
		if n < 0 {
			return 0, boom
		}
		return n * 2, nil
	}})
	st := open(t)
	good, bad := thunk.Start(t.Context(), st, 21), thunk.Start(t.Context(), st, -1)
	if got, err := good.Wait(t.Context()); got != 42 || err != nil {
		t.Errorf("unwrapped: %d, %v", got, err)
	}
	if got, err := bad.Wait(t.Context()); got != 0 || err != boom {
		t.Errorf("unwrapped: %d, %v", got, err)
	}
	<-good.Done()
	if got, err := good.Wait(t.Context()); got != 42 || err != nil {
		t.Errorf("unwrapped again: %d, %v", got, err)
	}
}

func TestWaitingForATaskEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := open(t)
		thunk := store.NewAsyncThunk(store.AsyncThunkSpec[int, int]{Name: "work", Run: waitForEnd})
		task := thunk.Start(t.Context(), st, 1)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := task.Wait(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
		select {
		case <-task.Done():
			t.Error("the task ended with who waited for it")
		default:
		}
		if got := st.Running(); !slices.Equal(got, []string{"work"}) {
			t.Errorf("running: %v", got)
		}
		reason := errors.New("enough")
		task.Cancel(reason)
		if _, err := task.Wait(t.Context()); err != reason {
			t.Errorf("error %v, want the reason", err)
		}
		synctest.Wait()
		if got := st.Running(); len(got) != 0 {
			t.Errorf("still running: %v", got)
		}
	})
}

func TestB393_TheRejectionDoesNotWaitForTheWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		thunk := store.NewAsyncThunk(store.AsyncThunkSpec[int, int]{Name: "work", Run: func(context.Context, *store.Store, int) (int, error) {
			time.Sleep(time.Hour) // deaf to its context
			return 7, nil
		}})
		s := processSlice(thunk)
		var types []string
		st := openWith(t, store.Options{Middleware: []store.Middleware{record(&types)}}, s)
		reason := errors.New("the user left")
		start := time.Now()
		task := thunk.Start(t.Context(), st, 1)
		synctest.Wait()
		task.Cancel(reason)
		synctest.Wait()
		if got := s.Of(st.State()); got.Status != "rejected" || got.Err != reason || time.Since(start) != 0 {
			t.Errorf("after %v: %+v", time.Since(start), got)
		}
		if _, err := task.Wait(t.Context()); err != reason || time.Since(start) != time.Hour {
			t.Errorf("the task ended after %v with %v", time.Since(start), err)
		}
		if !slices.Equal(types, []string{"work/pending", "work/rejected"}) {
			t.Errorf("actions %v", types)
		}
	})
}

func TestB390_ASkippedThunkMaySaySo(t *testing.T) {
	thunk := store.NewAsyncThunk(store.AsyncThunkSpec[int, int]{
		Name:          "work",
		Run:           waitForEnd,
		Condition:     func(context.Context, *store.Store, int) error { return stocked{1} },
		RejectSkipped: true,
	})
	s := store.NewSlice("s", []store.Failure[int](nil))
	store.On(s, thunk.Rejected, func(all []store.Failure[int], f store.Failure[int]) []store.Failure[int] {
		return append(slices.Clone(all), f)
	})
	var types []string
	st := openWith(t, store.Options{Middleware: []store.Middleware{record(&types)}}, s)
	if _, err := thunk.Run(t.Context(), st, 3); err != (stocked{1}) {
		t.Errorf("error %v, want the condition's", err)
	}
	want := store.Failure[int]{Call: store.Call[int]{ID: "1", Arg: 3}, Err: stocked{1}, Skipped: true}
	if got := s.Of(st.State()); len(got) != 1 || got[0] != want || !slices.Equal(types, []string{"work/rejected"}) {
		t.Errorf("failures %+v, actions %v", got, types)
	}
}

func TestB391_AConditionThatTakesTimeDelaysPending(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, delay := range map[string]time.Duration{"at once": 0, "a second": time.Second} {
			thunk := store.NewAsyncThunk(store.AsyncThunkSpec[int, int]{
				Name: "work", Run: waitForEnd,
				Condition: func(context.Context, *store.Store, int) error { time.Sleep(delay); return nil },
			})
			start := time.Now()
			var after time.Duration
			s := store.NewSlice("s", 0)
			store.On(s, thunk.Pending, func(n int, _ store.Call[int]) int { after = time.Since(start); return n + 1 })
			st := open(t, s)
			task := thunk.Start(t.Context(), st, 1)
			time.Sleep(2 * time.Second)
			synctest.Wait()
			if after != delay || s.Of(st.State()) != 1 {
				t.Errorf("%s: pending after %v, %d times", name, after, s.Of(st.State()))
			}
			task.Cancel(nil)
			if _, err := task.Wait(t.Context()); !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestB392_AnAbortDuringTheCondition(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reason := errors.New("the user left")
		ran := false
		thunk := store.NewAsyncThunk(store.AsyncThunkSpec[int, int]{
			Name:      "work",
			Run:       func(context.Context, *store.Store, int) (int, error) { ran = true; return 0, nil },
			Condition: func(ctx context.Context, _ *store.Store, _ int) error { <-ctx.Done(); return ctx.Err() },
		})
		s := processSlice(thunk)
		st := open(t, s)
		task := thunk.Start(t.Context(), st, 1)
		synctest.Wait()
		task.Cancel(reason)
		if _, err := task.Wait(t.Context()); err != reason || ran {
			t.Errorf("error %v, ran %v", err, ran)
		}
		if got := s.Of(st.State()); got.Status != "rejected" || got.Err != reason {
			t.Errorf("%+v", got)
		}
	})
}

func TestB395_MetaOfAThunksActions(t *testing.T) {
	thunk := store.NewAsyncThunk(store.AsyncThunkSpec[int, int]{
		Name: "work",
		Run: func(_ context.Context, _ *store.Store, n int) (int, error) {
			if n < 0 {
				return 0, stocked{}
			}
			return n, nil
		},
		Annotate: func(a store.Action) store.Action { return source.With(a, "of "+a.Type()) },
	})
	var seen []string
	st := openWith(t, store.Options{Middleware: []store.Middleware{func(_ *store.Store, next store.Dispatcher) store.Dispatcher {
		return func(a store.Action) error {
			text, _ := source.Of(a)
			seen = append(seen, text)
			return next(a)
		}
	}}})
	_, _ = thunk.Run(t.Context(), st, 1)
	_, _ = thunk.Run(t.Context(), st, -1)
	if want := []string{"of work/pending", "of work/fulfilled", "of work/pending", "of work/rejected"}; !slices.Equal(seen, want) {
		t.Errorf("meta %v, want %v", seen, want)
	}
}

func TestB396_AnIDOfOnesOwn(t *testing.T) {
	asked := 0
	thunk := store.NewAsyncThunk(store.AsyncThunkSpec[string, int]{
		Name:  "work",
		Run:   func(context.Context, *store.Store, string) (int, error) { return 0, nil },
		NewID: func(arg string) string { asked++; return "id of " + arg },
	})
	s := store.NewSlice("ids", []string(nil))
	store.On(s, thunk.Pending, func(ids []string, c store.Call[string]) []string { return append(slices.Clone(ids), c.ID) })
	store.On(s, thunk.Fulfilled, func(ids []string, d store.Done[string, int]) []string { return append(slices.Clone(ids), d.ID) })
	st := open(t, s)
	if _, err := thunk.Run(t.Context(), st, "tea"); err != nil {
		t.Fatal(err)
	}
	if got := s.Of(st.State()); !slices.Equal(got, []string{"id of tea", "id of tea"}) || asked != 1 {
		t.Errorf("ids %v, asked %d times", got, asked)
	}
}

func TestAThunkThatEndsItsGoroutineIsRejected(t *testing.T) {
	thunk := store.NewAsyncThunk(store.AsyncThunkSpec[int, int]{Name: "work", Run: func(context.Context, *store.Store, int) (int, error) {
		runtime.Goexit()
		return 0, nil
	}})
	s := processSlice(thunk)
	st := open(t, s)
	if _, err := thunk.Start(t.Context(), st, 1).Wait(t.Context()); !errors.Is(err, store.ErrGoexit) {
		t.Errorf("error %v, want ErrGoexit", err)
	}
	if got := s.Of(st.State()); got.Status != "rejected" || !errors.Is(got.Err, store.ErrGoexit) {
		t.Errorf("%+v", got)
	}
}

func TestPlainThunks(t *testing.T) {
	c := newNumbers("c")
	boom := errors.New("boom")
	addTwice := func(_ context.Context, st *store.Store) error {
		return errors.Join(st.Dispatch(c.add(1)), st.Dispatch(c.add(1)))
	}
	st := open(t, c.slice)
	if err := st.Run(t.Context(), addTwice); err != nil {
		t.Fatal(err)
	}
	if _, err := st.Go(t.Context(), addTwice).Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := c.n.Of(st.State()); got != 4 {
		t.Errorf("N = %d, want 4", got)
	}
	if err := st.Run(t.Context(), func(context.Context, *store.Store) error { return boom }); err != boom {
		t.Errorf("error %v", err)
	}
	var panicked *store.PanicError
	if err := st.Run(t.Context(), func(context.Context, *store.Store) error { panic(boom) }); !errors.As(err, &panicked) || !errors.Is(err, boom) {
		t.Errorf("a panic: %v", err)
	}
	wait := func(ctx context.Context, _ *store.Store) error { <-ctx.Done(); return ctx.Err() }
	running := st.Go(t.Context(), wait)
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-running.Done():
	default:
		t.Error("Close did not wait for the task")
	}
	if _, err := running.Wait(t.Context()); !errors.Is(err, store.ErrClosed) {
		t.Errorf("a task at the end: %v", err)
	}
	if err := st.Run(t.Context(), addTwice); !errors.Is(err, store.ErrClosed) {
		t.Errorf("Run on a closed store: %v", err)
	}
	if _, err := st.Go(t.Context(), addTwice).Wait(t.Context()); !errors.Is(err, store.ErrClosed) {
		t.Errorf("Go on a closed store: %v", err)
	}
	if _, err := st.Begin("late"); !errors.Is(err, store.ErrClosed) {
		t.Errorf("Begin on a closed store: %v", err)
	}
}

func TestAPanicWhileAnAbortIsDispatchedIsContained(t *testing.T) {
	thunk := store.NewAsyncThunk(store.AsyncThunkSpec[int, int]{Name: "work", Run: waitForEnd})
	var log journal
	st := openWith(t, store.Options{Logger: log.logger(), Middleware: []store.Middleware{store.For(thunk.Rejected.Matches,
		func(*store.Store, store.Dispatcher) store.Dispatcher {
			return func(store.Action) error { panic("boom") }
		})}})
	task := thunk.Start(t.Context(), st, 1)
	reason := errors.New("enough")
	task.Cancel(reason)
	if _, err := task.Wait(t.Context()); err != reason {
		t.Errorf("error %v, want the reason", err)
	}
	if log.String() == "" {
		t.Error("the panic was not logged")
	}
}

func TestAnOutcomeThatIsRefusedIsARejection(t *testing.T) {
	refused := errors.New("refused")
	thunk := store.NewAsyncThunk(store.AsyncThunkSpec[int, int]{Name: "work", Run: func(_ context.Context, _ *store.Store, n int) (int, error) { return n, nil }})
	s := processSlice(thunk)
	st := openWith(t, store.Options{Middleware: []store.Middleware{store.For(thunk.Fulfilled.Matches,
		func(*store.Store, store.Dispatcher) store.Dispatcher {
			return func(store.Action) error { return refused }
		})}}, s)
	if got, err := thunk.Run(t.Context(), st, 3); got != 0 || err != refused {
		t.Errorf("Run = %d, %v", got, err)
	}
	if got := s.Of(st.State()); got.Status != "rejected" || got.Err != refused {
		t.Errorf("%+v: it must not stay pending", got)
	}
}

func TestAVerdictIsNoAbort(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	thunk := store.NewAsyncThunk(store.AsyncThunkSpec[int, int]{
		Name: "work", Run: waitForEnd,
		Condition: func(context.Context, *store.Store, int) error { return store.ErrSkipped },
	})
	var types []string
	st := openWith(t, store.Options{Middleware: []store.Middleware{record(&types)}})
	if _, err := thunk.Run(ctx, st, 1); !errors.Is(err, store.ErrSkipped) || len(types) != 0 {
		t.Errorf("error %v, actions %v", err, types)
	}
}

func TestAThunkIsNamedForItsFunction(t *testing.T) {
	var log journal
	st := openWith(t, store.Options{Logger: log.logger()})
	running := make(chan []string)
	go func() {
		_ = st.Run(t.Context(), func(_ context.Context, st *store.Store) error { running <- st.Running(); return nil })
	}()
	if got := <-running; len(got) != 1 || !strings.Contains(got[0], "TestAThunkIsNamedForItsFunction") {
		t.Errorf("running: %v", got)
	}
	_, err := st.Go(t.Context(), func(context.Context, *store.Store) error { panic("boom") }).Wait(t.Context())
	if err == nil || !strings.Contains(log.String(), "TestAThunkIsNamedForItsFunction") {
		t.Errorf("error %v; a panic that perhaps nobody waits for was not logged: %q", err, log.String())
	}
}

func TestAHookThatEndsItsGoroutine(t *testing.T) {
	others := 0
	defer func() {
		if others != 1 {
			t.Errorf("%d other hooks were called, want 1", others)
		}
	}()
	c := newNumbers("c")
	st, err := store.New(store.Options{}, c.slice)
	if err != nil {
		t.Fatal(err)
	}
	st.OnClose(func() error { others++; return nil })
	st.OnClose(func() error { runtime.Goexit(); return nil })
	done := make(chan struct{})
	go func() { defer close(done); _ = st.Close() }()
	<-done
	if err := st.Close(); err != nil { // would wait for ever
		t.Error(err)
	}
}
