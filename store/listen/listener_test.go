package listen_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"slate/store"
	"slate/store/listen"
	"slate/store/storetest"
)

func TestB398_EffectsRunAfterTheReducerWithBothStates(t *testing.T) {
	var log journal
	note := func(kind string) func(ctx context.Context, e listen.Event) error {
		return func(_ context.Context, e listen.Event) error {
			log.add(fmt.Sprintf("%s %s %d→%d", kind, e.Action.Type(), n.Of(e.Before), n.Of(e.After)))
			return nil
		}
	}
	for _, tc := range []struct {
		name     string
		listener *listen.Listener
		want     string
	}{
		{"B398 creator", listen.On(add, func(_ context.Context, e listen.Event, by int) error {
			return note(fmt.Sprintf("payload %d:", by))(t.Context(), e)
		}), "payload 2: counter/add 0→2; payload 0: counter/add 2→2"},
		{"B398 signal", listen.OnSignal(reset, note("signal")), "signal counter/reset 2→0"},
		{"B398 matcher", listen.OnMatch(store.AnyOf(stopped.Matches, reset.Matches), note("match")), "match test/stopped 2→2; match counter/reset 2→0"},
		{"B398 predicate", listen.OnState(func(a store.Action, before, after store.State) bool {
			return n.Of(before) > n.Of(after)
		}, note("state")), "state counter/reset 2→0"},
		{"B398 change", listen.OnChange(n, func(_ context.Context, e listen.Event, from, to int) error {
			return note(fmt.Sprintf("from %d to %d:", from, to))(t.Context(), e)
		}), "from 0 to 2: counter/add 0→2; from 2 to 0: counter/reset 2→0"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				st := open(t, tc.listener)
				for _, a := range []store.Action{add(2), add(0), stopped(), reset()} {
					dispatch(t, st, a)
					synctest.Wait()
				}
				log.expect(t, "effects", tc.want)
			})
		})
	}
}

// What runs before Dispatch returns is the decision; the effect has a goroutine of its own.

func TestB398_ThatAnEffectStartsIsDecidedBeforeDispatchReturns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log journal
		l := listen.On(add, func(_ context.Context, _ listen.Event, by int) error { log.add(fmt.Sprint(by)); return nil })
		st := open(t, l)
		dispatch(t, st, add(1))
		l.Stop(st) // too late for the first, early enough for the second
		dispatch(t, st, add(2))
		synctest.Wait()
		log.expect(t, "effects", "1")
	})
}

func TestB399_AListenerRunsOnceHoweverOftenItIsStarted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log journal
		effect := func(context.Context, listen.Event) error { log.add("ran"); return nil }
		first, second := listen.OnSignal(reset, effect), listen.OnMatch(reset.Matches, effect)
		st := open(t, first, first)
		if first.Start(t.Context(), st) {
			t.Error("a listener that is running was started again")
		}
		dispatch(t, st, reset())
		synctest.Wait()
		log.expect(t, "started twice", "ran")

		if !second.Start(t.Context(), st) {
			t.Error("the same effect with another predicate is another listener")
		}
		dispatch(t, st, reset())
		synctest.Wait()
		log.expect(t, "two listeners", "ran; ran")
	})
}

func TestB400_StopReportsAndCancelEndsWhatRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log journal
		l := listen.OnSignal(reset, func(ctx context.Context, _ listen.Event) error {
			err := until(ctx)
			log.add(err.Error())
			return err
		})
		st := open(t)
		for _, step := range []struct {
			name string
			do   func() bool
			want bool
		}{
			{"stop before start", func() bool { return l.Stop(st) }, false},
			{"cancel before start", func() bool { return l.Cancel(st) }, false},
			{"start", func() bool { return l.Start(t.Context(), st) }, true},
			{"cancel where nothing runs", func() bool { return l.Cancel(st) }, false},
			{"dispatch", func() bool { return st.Dispatch(reset()) == nil }, true},
			{"stop", func() bool { return l.Stop(st) }, true},
			{"stop again", func() bool { return l.Stop(st) }, false},
		} {
			if got := step.do(); got != step.want {
				t.Errorf("%s: %v, want %v", step.name, got, step.want)
			}
			synctest.Wait()
			log.expect(t, step.name, "")
		}
		if !l.Cancel(st) {
			t.Error("the effect of a stopped listener was not found")
		}
		synctest.Wait()
		log.expect(t, "cancel", listen.ErrCancelled.Error())
	})
}

// Listeners are started and stopped by calls, not by actions, so that nothing has to be kept from the reducers.

func TestB401_StartingAndStoppingIsNoAction(t *testing.T) {
	var rec storetest.Recorder
	st := storetest.NewWith(t, store.Options{Middleware: []store.Middleware{rec.Middleware}}, slice)
	before := st.State()
	l := listen.OnSignal(reset, func(context.Context, listen.Event) error { return nil })
	l.Start(t.Context(), st)
	l.Stop(st)
	l.Start(t.Context(), st)
	listen.Clear(st)
	rec.Expect(t)
	if st.State() != before {
		t.Error("the state has changed")
	}
	if l.Stop(st) {
		t.Error("Clear left the listener started")
	}
}

// The original state is a value and never becomes invalid: what is an error in Redux Toolkit works for ever.

func TestB404_TheOriginalStateStaysValid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var kept listen.Event
		st := open(t, listen.On(add, func(ctx context.Context, e listen.Event, by int) error {
			if err := listen.Delay(ctx, time.Hour); err != nil {
				return err
			}
			kept = e
			return nil
		}).Once())
		dispatch(t, st, add(1), add(10))
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		if before, after, now := n.Of(kept.Before), n.Of(kept.After), n.Of(st.State()); before != 0 || after != 1 || now != 11 {
			t.Errorf("before %d, after %d, now %d; want 0, 1, 11", before, after, now)
		}
	})
}

// The stores that run a listener have nothing in common.

func TestAListenerRunsInManyStores(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log journal
		changed := listen.OnChange(n, func(_ context.Context, _ listen.Event, from, to int) error {
			log.add(fmt.Sprintf("%d→%d", from, to))
			return nil
		})
		a, b := open(t, changed), open(t, changed)
		dispatch(t, a, add(1))
		synctest.Wait()
		dispatch(t, b, add(10))
		synctest.Wait()
		changed.Stop(a)
		dispatch(t, a, add(1))
		dispatch(t, b, add(10))
		synctest.Wait()
		log.expect(t, "changes", "0→1; 0→10; 10→20")
	})
}

// A slice that comes into a running store with a saved value is not a change by an action: the next one counts from there.

func TestAChangeIsThatOfTheAction(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log journal
		late := store.NewSlice("late", counter{})
		plus := store.Case(late, "plus", func(s counter, by int) counter { s.N += by; return s })
		changed := listen.OnChange(store.Select(late, func(s counter) int { return s.N }),
			func(_ context.Context, e listen.Event, from, to int) error {
				log.add(fmt.Sprintf("%s %d→%d", e.Action, from, to))
				return nil
			})
		st, err := store.New(store.Options{
			Saved:     []byte(`{"late":{"N":5}}`),
			Enhancers: []store.Enhancer{listen.Enhancer(listen.Options{}, changed)},
		}, slice)
		if err != nil {
			t.Fatal(err)
		}
		defer st.Close()
		dispatch(t, st, add(1))
		if err := st.Inject(late); err != nil {
			t.Fatal(err)
		}
		dispatch(t, st, add(1), plus(0), plus(2))
		synctest.Wait()
		log.expect(t, "changes", "late/plus 5→7")
	})
}

// Effects are not for time travel: what the way to a state started is not started again.
func TestTimeTravelStartsNoEffects(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log journal
		note := func(kind string) func(context.Context, listen.Event) error {
			return func(context.Context, listen.Event) error { log.add(kind); return nil }
		}
		st := open(t)
		start := st.State()
		dispatch(t, st, add(5))
		for _, l := range []*listen.Listener{
			listen.OnMatch(func(store.Action) bool { return true }, note("match")),
			listen.OnState(func(store.Action, store.State, store.State) bool { return true }, note("state")),
			listen.OnChange(n, func(_ context.Context, _ listen.Event, from, to int) error {
				log.add(fmt.Sprintf("change %d→%d", from, to))
				return nil
			}),
		} {
			l.Start(t.Context(), st)
			dispatch(t, st, add(1)) // the listeners have seen a state before the jump
			synctest.Wait()
			if got := log.take(); got == "" {
				t.Errorf("listener %s hears nothing", l)
			}
			if err := st.Jump(start); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			log.expect(t, "jump, with listener "+l.String(), "")
			if l.Stop(st); n.Of(st.State()) != 0 {
				t.Error("the jump changed nothing")
			}
		}
		dispatch(t, st, add(5))
		listen.OnChange(n, func(_ context.Context, _ listen.Event, from, to int) error {
			log.add(fmt.Sprintf("change %d→%d", from, to))
			return nil
		}).Start(t.Context(), st)
		listen.OnSignal(store.Jumped, note("jumped")).Start(t.Context(), st)
		if err := st.Jump(start); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		log.expect(t, "a listener that names it", "jumped")
		dispatch(t, st, add(3))
		synctest.Wait()
		log.expect(t, "the next change counts from there", "change 0→3")
	})
}

// Stop counts at once, also for an action that is being looked at.

func TestAListenerThatIsStoppedWhileItsPredicateRunsStartsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log journal
		var stop func()
		l := listen.OnMatch(func(store.Action) bool {
			stopped := make(chan struct{})
			go func() { stop(); close(stopped) }()
			<-stopped
			return true
		}, func(context.Context, listen.Event) error { log.add("ran"); return nil })
		st := open(t, l)
		stop = func() { l.Stop(st) }
		dispatch(t, st, add(1))
		synctest.Wait()
		log.expect(t, "effects", "")
	})
}

// The development checks find nothing wrong with how a change is looked for.

func TestAChangePassesTheDevelopmentChecks(t *testing.T) {
	var found journal
	changed := listen.OnChange(n, func(context.Context, listen.Event, int, int) error { return nil })
	st, err := store.New(store.Options{
		Checks:    &store.Checks{Report: func(f store.Finding) { found.add(fmt.Sprintf("%+v", f)) }},
		Enhancers: []store.Enhancer{listen.Enhancer(listen.Options{}, changed)},
	}, slice)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	for i := range 100 {
		dispatch(t, st, add(i))
	}
	found.expect(t, "findings", "")
}

// OnError may dispatch what fails again; it hears of one failure after the other.

func TestDeclarationsMustComeBeforeTheStart(t *testing.T) {
	l := listen.OnSignal(reset, func(context.Context, listen.Event) error { return nil })
	open(t, l)
	defer func() {
		if v := recover(); v == nil || !strings.Contains(fmt.Sprint(v), "listener_test.go") {
			t.Errorf("panic %v, want one that names the listener", v)
		}
	}()
	l.Latest()
}

func TestEnhancerRefusesNil(t *testing.T) {
	if _, err := store.New(store.Options{Enhancers: []store.Enhancer{listen.Enhancer(listen.Options{}, nil)}}); !errors.Is(err, store.ErrNil) {
		t.Errorf("error %v, want ErrNil", err)
	}
}

// What an effect left running can be asked of the store.
