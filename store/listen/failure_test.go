package listen_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"slate/store"
	"slate/store/listen"
)

func TestB402_AFailureIsReportedAndHurtsNobodyElse(t *testing.T) {
	boom := errors.New("boom")
	broken := func(store.Action) bool { panic(boom) }
	for _, tc := range []struct {
		name     string
		listener *listen.Listener
		in       listen.In
	}{
		{"B402 matcher panics", listen.OnMatch(broken, nil), listen.InPredicate},
		{"B402 predicate panics", listen.OnState(func(store.Action, store.State, store.State) bool { panic(boom) }, nil), listen.InPredicate},
		{"B402 selector panics", listen.OnChange(store.Select(slice, func(s counter) int {
			if s.N > 0 {
				panic(boom)
			}
			return s.N
		}), func(context.Context, listen.Event, int, int) error { return nil }), listen.InPredicate},
		{"B402 effect panics", listen.OnMatch(add.Matches, func(context.Context, listen.Event) error { panic(boom) }), listen.InEffect},
		{"B402 effect fails", listen.OnMatch(add.Matches, func(context.Context, listen.Event) error { return boom }), listen.InEffect},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var failed failures
				var log journal
				other := listen.OnMatch(add.Matches, func(context.Context, listen.Event) error { log.add("other"); return nil })
				st := openWith(t, failed.options(), tc.listener, other)
				dispatch(t, st, add(1))
				synctest.Wait()
				log.expect(t, "the other listener", "other")
				errs := failed.take()
				if len(errs) != 1 {
					t.Fatalf("%d failures, want 1: %v", len(errs), errs)
				}
				if err := errs[0]; err.In != tc.in || !errors.Is(err, boom) || err.Action != "counter/add" || err.Listener != tc.listener.String() {
					t.Errorf("failure %+v", err)
				}
			})
		})
	}
}

func TestB402_WithoutAHandlerTheLoggerHearsOfIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log lockedBuilder
		st, err := store.New(store.Options{Logger: log.logger()}, slice)
		if err != nil {
			t.Fatal(err)
		}
		l := listen.OnSignal(reset, func(context.Context, listen.Event) error { return errors.New("no paper") })
		l.Start(t.Context(), st)
		dispatch(t, st, reset())
		synctest.Wait()
		if err := st.Close(); err != nil {
			t.Error(err)
		}
		for _, want := range []string{"counter/reset", "failure_test.go", "in=effect", "no paper"} {
			if !strings.Contains(log.String(), want) {
				t.Errorf("the log does not say %q:\n%s", want, log.String())
			}
		}
	})
}

func TestB402_AHandlerThatPanicsIsContained(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log lockedBuilder
		l := listen.OnSignal(reset, func(context.Context, listen.Event) error { return errors.New("no paper") })
		st, err := store.New(store.Options{
			Logger:    log.logger(),
			Enhancers: []store.Enhancer{listen.Enhancer(listen.Options{OnError: func(*listen.Error) { panic("no ink") }}, l)},
		}, slice)
		if err != nil {
			t.Fatal(err)
		}
		dispatch(t, st, reset())
		synctest.Wait()
		if err := st.Close(); err != nil {
			t.Error(err)
		}
		if !strings.Contains(log.String(), "no paper") || !strings.Contains(log.String(), "no ink") {
			t.Errorf("the log lacks a failure:\n%s", log.String())
		}
	})
}

func TestB403_ACancellationIsNoFailure(t *testing.T) {
	for _, tc := range []struct {
		name   string
		effect func(ctx context.Context, e listen.Event) error
	}{
		{"B403 Delay", func(ctx context.Context, e listen.Event) error { return listen.Delay(ctx, time.Hour) }},
		{"B403 Take, wrapped", func(ctx context.Context, e listen.Event) error {
			_, err := listen.Take(ctx, e.Store, started)
			return fmt.Errorf("waiting for a start: %w", err)
		}},
		{"B403 what the context says itself", func(ctx context.Context, e listen.Event) error { <-ctx.Done(); return ctx.Err() }},
		{"B403 a cancelled task", func(ctx context.Context, e listen.Event) error {
			task := listen.Fork(ctx, e, func(ctx context.Context) (int, error) { return 0, until(ctx) })
			task.Cancel()
			_, err := task.Wait(ctx)
			return err
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := listen.OnSignal(reset, tc.effect)
				st := open(t, l) // fails the test on any failure
				dispatch(t, st, reset())
				synctest.Wait()
				l.Cancel(st)
				synctest.Wait()
			})
		})
	}
}

func TestAPredicateThatDispatchesIsRefused(t *testing.T) {
	var refused error
	var st *store.Store
	st = open(t, listen.OnState(func(store.Action, store.State, store.State) bool {
		refused = st.Dispatch(reset())
		return false
	}, nothing))
	dispatch(t, st, add(1))
	if !errors.Is(refused, store.ErrInReducer) {
		t.Errorf("error %v, want ErrInReducer", refused)
	}
}

func TestOnErrorIsCalledOneByOneAndMayDispatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var st *store.Store
		var running, calls int
		st = openWith(t, listen.Options{OnError: func(err *listen.Error) {
			running++
			calls++
			if running != 1 {
				t.Error("two calls at once")
			}
			if calls < 10 {
				dispatch(t, st, add(1), add(1))
			}
			time.Sleep(time.Second)
			running--
		}}, listen.On(add, func(context.Context, listen.Event, int) error { return errors.New("boom") }),
			listen.OnMatch(func(store.Action) bool { panic("boom") }, nothing))
		dispatch(t, st, add(1))
		time.Sleep(time.Hour)
		synctest.Wait()
		if calls != 38 {
			t.Errorf("%d calls, want 38", calls)
		}
	})
}

// A predicate that ends the goroutine, as t.FailNow does, keeps none of those behind it from hearing of the action.
func TestAPredicateThatEndsItsGoroutineHurtsNobodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var failed failures
		var log journal
		exit := func(a store.Action) bool {
			if add.Matches(a) {
				runtime.Goexit()
			}
			return false
		}
		note := func(line string) func(context.Context, listen.Event) error {
			return func(context.Context, listen.Event) error { log.add(line); return nil }
		}
		st := openWith(t, failed.options(),
			listen.OnMatch(exit, nil), listen.OnMatch(exit, nil), listen.OnMatch(add.Matches, note("match")),
			listen.OnChange(n, func(ctx context.Context, e listen.Event, _, _ int) error {
				time.Sleep(time.Second)
				return note("change")(ctx, e)
			}))
		broken, whole := listen.Open(st, exit), listen.Open(st, add.Matches)
		defer broken.Close()
		defer whole.Close()
		gone := make(chan struct{})
		go func() {
			defer close(gone)
			_ = st.Dispatch(add(1))
			t.Error("the goroutine goes on")
		}()
		<-gone
		time.Sleep(time.Minute)
		log.expect(t, "the others", "match; change")
		if _, err := whole.Next(t.Context()); err != nil {
			t.Errorf("the other stream: %v", err)
		}
		if _, err := broken.Next(t.Context()); !errors.Is(err, store.ErrGoexit) {
			t.Errorf("the stream: %v, want ErrGoexit", err)
		}
		errs := failed.take()
		if len(errs) != 2 {
			t.Fatalf("reported %v, want two", errs)
		}
		for _, err := range errs {
			if err.In != listen.InPredicate || !errors.Is(err, store.ErrGoexit) {
				t.Errorf("reported %v", err)
			}
		}
	})
}
