package listen_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"slate/store"
	"slate/store/listen"
)

func TestB405_Take(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := open(t)
		after := func(d time.Duration, actions ...store.Action) {
			go func() {
				time.Sleep(d)
				dispatch(t, st, actions...)
			}()
		}
		dispatch(t, st, add(1)) // before the call: does not count

		after(time.Second, reset(), add(7), add(8))
		if by, err := listen.Take(t.Context(), st, add); by != 7 || err != nil {
			t.Errorf("B405 creator: %d, %v; want 7", by, err)
		}
		synctest.Wait()

		after(time.Second, add(1), stopped())
		e, err := listen.TakeMatch(t.Context(), st, add.Matches)
		if err != nil || e.Action.Type() != add.Type() || n.Of(e.Before) != 15 || n.Of(e.After) != 16 {
			t.Errorf("B405 matcher: %v from %d to %d, %v", e.Action, n.Of(e.Before), n.Of(e.After), err)
		}
		synctest.Wait()

		after(time.Second, add(1), stopped(), reset())
		e, err = listen.TakeState(t.Context(), st, func(_ store.Action, before, after store.State) bool { return n.Of(after) < n.Of(before) })
		if err != nil || !reset.Matches(e.Action) {
			t.Errorf("B405 predicate: %v, %v", e.Action, err)
		}
		synctest.Wait()

		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		if _, err := listen.Take(ctx, st, add); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("B405 timeout: %v", err)
		}
	})
}

func TestB405_TakeFailsWhereTheEffectIsCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log journal
		l := listen.OnSignal(reset, func(ctx context.Context, e listen.Event) error {
			ctx, stop := context.WithTimeout(ctx, time.Minute)
			defer stop()
			_, err := listen.Take(ctx, e.Store, add)
			log.add(err.Error())
			return err
		})
		st := open(t, l)
		dispatch(t, st, reset())
		synctest.Wait()
		l.Cancel(st)
		synctest.Wait()
		log.expect(t, "the error", listen.ErrCancelled.Error())
	})
}

func TestB405_TakeEndsWithTheStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := open(t)
		result := make(chan error, 1)
		go func() {
			_, err := listen.Take(context.Background(), st, add)
			result <- err
		}()
		synctest.Wait()
		st.Close()
		if err := <-result; !errors.Is(err, store.ErrClosed) {
			t.Errorf("error %v, want ErrClosed", err)
		}
	})
}

func TestB405_APredicateThatPanicsFailsTheTake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := open(t)
		boom := errors.New("boom")
		go func() {
			time.Sleep(time.Second)
			dispatch(t, st, add(1), add(1))
		}()
		if _, err := listen.TakeMatch(t.Context(), st, func(store.Action) bool { panic(boom) }); !errors.Is(err, boom) {
			t.Errorf("error %v, want %v", err, boom)
		}
	})
}

func TestB406_Condition(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := open(t)
		atLeast := func(want int) func(int) bool { return func(n int) bool { return n >= want } }
		if got, err := listen.Condition(t.Context(), st, n, atLeast(0)); got != 0 || err != nil {
			t.Errorf("B406 already so: %d, %v", got, err)
		}
		go func() {
			time.Sleep(time.Second)
			dispatch(t, st, add(2), add(2), reset()) // holds for a moment only
		}()
		if got, err := listen.Condition(t.Context(), st, n, atLeast(3)); got != 4 || err != nil {
			t.Errorf("B406 match: %d, %v; want 4", got, err)
		}
		synctest.Wait()
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		if got, err := listen.Condition(ctx, st, n, atLeast(3)); got != 0 || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("B406 timeout: %d, %v", got, err)
		}
	})
}

func TestAStreamKeepsWhatComesWhileNobodyWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := open(t)
		in := listen.Open(st, store.AnyOf(add.Matches, reset.Matches))
		dispatch(t, st, add(1), stopped(), reset(), add(3))
		var got []string
		for e := range in.All(t.Context()) {
			got = append(got, fmt.Sprintf("%s %d→%d", e.Action, n.Of(e.Before), n.Of(e.After)))
			if len(got) == 3 {
				break
			}
		}
		if want := []string{"counter/add 0→1", "counter/reset 1→0", "counter/add 0→3"}; !slices.Equal(got, want) {
			t.Errorf("events %q, want %q", got, want)
		}
		in.Close()
		in.Close()
		dispatch(t, st, add(4))
		if e, err := in.Next(t.Context()); err == nil {
			t.Errorf("a closed stream gave %v", e.Action)
		}
	})
}

func TestAStreamGivesWhatItHasBeforeTheStoresEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := open(t)
		in := listen.Open(st, add.Matches)
		defer in.Close()
		dispatch(t, st, add(1))
		st.Close()
		if _, err := in.Next(t.Context()); err != nil {
			t.Errorf("the first: %v", err)
		}
		for range 2 {
			if _, err := in.Next(t.Context()); !errors.Is(err, store.ErrClosed) {
				t.Errorf("the end: %v, want ErrClosed", err)
			}
		}
	})
}

// Many may share a stream; each event goes to one of them.
func TestAStreamSharesItsEventsOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := open(t)
		in := listen.Open(st, add.Matches)
		sums := make(chan int)
		for range 3 {
			go func() {
				sum := 0
				for e := range in.All(context.Background()) {
					by, _ := add.Match(e.Action)
					sum += by
				}
				sums <- sum
			}()
		}
		synctest.Wait()
		for i := range 100 {
			dispatch(t, st, add(i))
		}
		synctest.Wait()
		in.Close()
		if got := <-sums + <-sums + <-sums; got != 4950 {
			t.Errorf("sum %d, want 4950", got)
		}
	})
}

// fickle is a context whose end becomes known between two looks at it.
type fickle struct {
	context.Context
	over atomic.Bool
}

func (f *fickle) Err() error {
	if f.over.Load() {
		return context.Canceled
	}
	return nil
}

// Who is woken and finds that his own context has ended leaves the event to another one.
func TestAStreamWakesAnotherOneWhereAWaiterLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := open(t)
		in := listen.Open(st, add.Matches)
		defer in.Close()
		ctx := &fickle{Context: context.Background()}
		left, got := make(chan error, 1), make(chan error, 1)
		go func() {
			_, err := in.Next(ctx)
			left <- err
		}()
		synctest.Wait() // he is the first to be woken
		patient, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		go func() {
			_, err := in.Next(patient)
			got <- err
		}()
		synctest.Wait()
		ctx.over.Store(true)
		dispatch(t, st, add(1))
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Errorf("who left: %v", err)
		}
		if err := <-got; err != nil {
			t.Errorf("who waits: %v", err)
		}
	})
}

// A state can fulfil a condition without an action: a slice comes with what was saved.
func TestConditionHearsOfAnInjectedSlice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		late := store.NewSlice("late", counter{})
		st, err := store.New(store.Options{Saved: []byte(`{"late":{"N":7}}`)})
		if err != nil {
			t.Fatal(err)
		}
		defer st.Close()
		go func() {
			time.Sleep(time.Second)
			if err := st.Inject(late); err != nil {
				t.Error(err)
			}
		}()
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		value := store.Select(late, func(s counter) int { return s.N })
		if got, err := listen.Condition(ctx, st, value, func(n int) bool { return n > 0 }); got != 7 || err != nil {
			t.Errorf("%d, %v; want 7", got, err)
		}
	})
}

// The condition's function panics on the injected state.
func TestConditionFailsWhereItsFunctionPanicsOnAnInjectedSlice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		boom := errors.New("boom")
		late := store.NewSlice("late", counter{})
		st, err := store.New(store.Options{Saved: []byte(`{"late":{"N":7}}`)})
		if err != nil {
			t.Fatal(err)
		}
		defer st.Close()
		go func() {
			time.Sleep(time.Second)
			if err := st.Inject(late); err != nil {
				t.Error(err)
			}
		}()
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		_, err = listen.Condition(ctx, st, store.Select(late, func(s counter) int { return s.N }), func(n int) bool {
			if n > 0 {
				panic(boom)
			}
			return false
		})
		if !errors.Is(err, boom) {
			t.Errorf("error %v, want %v", err, boom)
		}
	})
}

func TestEachYieldsEveryPayload(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := open(t)
		go func() {
			time.Sleep(time.Second) // the loop has begun
			for i := range 5 {
				dispatch(t, st, add(i), reset())
			}
		}()
		var got []int
		ctx, stop := context.WithTimeout(t.Context(), time.Hour)
		defer stop()
		for by := range listen.Each(ctx, st, add) {
			got = append(got, by)
			time.Sleep(time.Second) // the others come meanwhile
		}
		if want := []int{0, 1, 2, 3, 4}; !slices.Equal(got, want) {
			t.Errorf("payloads %v, want %v", got, want)
		}
	})
}

// What an effect can no longer hear because the predicate of Hear panicked, it is told of.
func TestAPredicateOfHearThatPanicsFailsNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		boom := errors.New("boom")
		var failed failures
		st := openWith(t, failed.options(), listen.OnSignal(reset, func(ctx context.Context, e listen.Event) error {
			_, err := e.Next(ctx)
			return err
		}).Hear(func(store.Action) bool { panic(boom) }))
		dispatch(t, st, reset(), add(1), add(1))
		synctest.Wait()
		if errs := failed.take(); len(errs) != 1 || !errors.Is(errs[0], boom) || errs[0].In != listen.InEffect {
			t.Errorf("failures %v, want boom once", errs)
		}
	})
}

func TestAPredicateOfUntilThatPanicsIsReported(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		boom := errors.New("boom")
		var failed failures
		l := listen.OnSignal(reset, func(ctx context.Context, e listen.Event) error { return until(ctx) }).
			Until(func(store.Action) bool { panic(boom) })
		st := openWith(t, failed.options(), l)
		dispatch(t, st, reset(), add(1))
		synctest.Wait()
		if errs := failed.take(); len(errs) != 1 || !errors.Is(errs[0], boom) || errs[0].In != listen.InPredicate {
			t.Errorf("failures %v, want boom once", errs)
		}
		if !l.Cancel(st) {
			t.Error("the effect is gone")
		}
	})
}

func TestNextWithoutHearSaysWhatToDo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var failed failures
		st := openWith(t, failed.options(), listen.OnSignal(reset, func(ctx context.Context, e listen.Event) error {
			_, err := e.Next(ctx)
			return err
		}))
		dispatch(t, st, reset())
		synctest.Wait()
		if errs := failed.take(); len(errs) != 1 || !strings.Contains(errs[0].Error(), "Listener.Hear") {
			t.Errorf("failures %v", errs)
		}
	})
}
