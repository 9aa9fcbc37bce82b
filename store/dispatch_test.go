package store_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"

	"slate/store"
)

func TestB363_TheEmptyActionIsRefused(t *testing.T) {
	st := open(t)
	if err := st.Dispatch(store.Action{}); !errors.Is(err, store.ErrNoAction) {
		t.Errorf("Dispatch: %v, want ErrNoAction", err)
	}
	pass := openWith(t, store.Options{Middleware: []store.Middleware{func(_ *store.Store, next store.Dispatcher) store.Dispatcher {
		return func(store.Action) error { return next(store.Action{}) }
	}}})
	if err := pass.Dispatch(store.NewSignal("x")()); !errors.Is(err, store.ErrNoAction) {
		t.Errorf("a middleware's empty action: %v, want ErrNoAction", err)
	}
}

func TestB362_AnActionThatNobodyAnswersChangesNothing(t *testing.T) {
	c := newNumbers("counter")
	st := open(t, c.slice)
	before := st.State()
	dispatch(t, st, store.NewSignal("stranger")(), c.add(0))
	if st.State() != before {
		t.Error("the state changed")
	}
}

func TestB356_AStoreRecoversFromAFailedReducer(t *testing.T) {
	c := newNumbers("counter")
	fail := store.CaseSignal(c.slice, "fail", func(s counter) counter { s.N = 1 / s.N; return s })
	st := open(t, c.slice)
	var panicked *store.PanicError
	if err := st.Dispatch(fail()); !errors.As(err, &panicked) {
		t.Fatalf("error %v, want a PanicError", err)
	}
	dispatch(t, st, c.add(1))
	if got := c.n.Of(st.State()); got != 1 {
		t.Errorf("N = %d after recovery, want 1", got)
	}
}

func TestAMatcherThatPanicsIsContained(t *testing.T) {
	s := store.NewSlice("s", counter{})
	store.OnMatch(s, func(store.Action) bool { panic("matcher") }, func(c counter, _ store.Action) counter { return c })
	err := open(t, s).Dispatch(store.NewSignal("x")())
	var panicked *store.PanicError
	if !errors.As(err, &panicked) || panicked.Value != "matcher" || !strings.Contains(panicked.In, `"s"`) {
		t.Errorf("error %v, want the matcher's panic in slice s", err)
	}
}

func TestAReducerThatEndsItsGoroutineLeavesTheStoreUsable(t *testing.T) {
	c := newNumbers("counter")
	quit := store.CaseSignal(c.slice, "quit", func(counter) counter { runtime.Goexit(); return counter{} })
	st := open(t, c.slice)
	done := make(chan struct{})
	go func() { defer close(done); _ = st.Dispatch(quit()) }()
	<-done
	dispatch(t, st, c.add(1))
	if got := c.n.Of(st.State()); got != 1 {
		t.Errorf("N = %d, want 1", got)
	}
}

// B355: whatever takes the store's lock says so where a reducer asks for it.
func TestB355_InsideAReducer(t *testing.T) {
	c := newNumbers("counter")
	late := newNumbers("late")
	for _, tc := range []struct {
		name string
		do   func(*store.Store) error
	}{
		{"dispatch", func(st *store.Store) error { return st.Dispatch(c.add(1)) }},
		{"batch", func(st *store.Store) error { return st.DispatchAll(c.add(1)) }},
		{"inject", func(st *store.Store) error { return st.Inject(late.slice) }},
		{"encode", func(st *store.Store) error { _, err := st.Encode(st.State()); return err }},
		{"decode", func(st *store.Store) error { _, err := st.Decode([]byte(`{"type":"counter/reset"}`)); return err }},
		{"close", func(st *store.Store) error { return st.Close() }},
	} {
		for _, where := range []string{"case", "matcher", "predicate", "default"} {
			t.Run(tc.name+" in a "+where, func(t *testing.T) {
				s := store.NewSlice("impure", counter{})
				act := store.NewSignal("act")
				var st *store.Store
				var err error
				do := func() { err = tc.do(st) }
				never := func(c counter, _ store.Action) counter { do(); return c }
				switch where {
				case "case":
					store.OnSignal(s, act, func(c counter) counter { do(); return c })
				case "matcher":
					store.OnMatch(s, act.Matches, never)
				case "predicate":
					store.OnMatch(s, func(store.Action) bool { do(); return false }, func(c counter, _ store.Action) counter { return c })
				case "default":
					store.OnDefault(s, never)
				}
				st = open(t, s, c.slice)
				dispatch(t, st, act())
				if !errors.Is(err, store.ErrInReducer) {
					t.Errorf("error %v, want ErrInReducer", err)
				}
				if got := c.n.Of(st.State()); got != 0 {
					t.Errorf("it had an effect: N = %d", got)
				}
			})
		}
	}
	t.Run("reading gives the state before the action", func(t *testing.T) {
		s := store.NewSlice("reading", counter{})
		var st *store.Store
		read := store.CaseSignal(s, "read", func(c counter) counter { c.N = s.Of(st.State()).N + 1; return c })
		st = open(t, s)
		dispatch(t, st, read(), read())
		if got := s.Of(st.State()).N; got != 2 {
			t.Errorf("N = %d, want 2", got)
		}
	})
	t.Run("subscribing and stopping do not hang", func(t *testing.T) {
		s := store.NewSlice("subscribing", counter{})
		var st *store.Store
		calls := 0
		n := store.Select(s, func(c counter) int { return c.N })
		subscribe := store.CaseSignal(s, "subscribe", func(c counter) counter {
			store.Subscribe(context.Background(), st, n, func(int) { calls++ })()
			store.Subscribe(context.Background(), st, n, func(int) { calls++ })
			c.N++
			return c
		})
		st = open(t, s)
		dispatch(t, st, subscribe())
		if calls != 1 {
			t.Errorf("%d calls, want 1", calls)
		}
	})
}

func TestBatchNotifiesOnce(t *testing.T) {
	c, other := newNumbers("counter"), newNumbers("other")
	boom := store.CaseSignal(c.slice, "boom", func(counter) counter { panic("boom") })
	st := open(t, c.slice, other.slice)
	var seen []int
	store.Subscribe(context.Background(), st, c.n, func(n int) { seen = append(seen, n) })
	otherSeen := 0
	store.Subscribe(context.Background(), st, other.n, func(int) { otherSeen++ })

	if err := st.DispatchAll(c.add(1), other.add(1), c.add(2), other.add(1), c.add(3)); err != nil {
		t.Fatal(err)
	}
	if len(seen) != 1 || seen[0] != 6 || otherSeen != 1 {
		t.Errorf("calls %v and %d, want [6] and 1", seen, otherSeen)
	}
	if err := st.DispatchAll(); err != nil {
		t.Errorf("an empty batch: %v", err)
	}
	err := st.DispatchAll(c.add(1), boom(), store.Action{}, c.add(1))
	var panicked *store.PanicError
	if !errors.As(err, &panicked) || !errors.Is(err, store.ErrNoAction) {
		t.Errorf("error %v, want both failures", err)
	}
	if len(seen) != 2 || seen[1] != 8 {
		t.Errorf("calls %v: a failure stopped the others", seen)
	}
	if err := st.DispatchAll(boom()); !errors.As(err, &panicked) {
		t.Errorf("one failure: %v", err)
	}
}

func TestBatchFromASubscriberIsOneRound(t *testing.T) {
	c := newNumbers("counter")
	st := open(t, c.slice)
	var seen []int
	store.Subscribe(context.Background(), st, c.n, func(n int) {
		seen = append(seen, n)
		if n == 1 {
			if err := st.DispatchAll(c.add(1), c.add(1)); err != nil {
				t.Error(err)
			}
		}
	})
	dispatch(t, st, c.add(1))
	if len(seen) != 2 || seen[1] != 3 {
		t.Errorf("calls %v, want [1 3]", seen)
	}
}
