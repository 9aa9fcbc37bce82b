package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"runtime"
	"slices"
	"testing"

	"slate/store"
)

func TestResetAll(t *testing.T) {
	a, b := newNumbers("a"), newNumbers("b")
	kept := store.NewSlice("kept", counter{})
	store.On(kept, a.add, func(s counter, by int) counter { s.N += by; return s })
	store.OnSignal(kept, store.ResetAll, func(s counter) counter { s.N = -s.N; return s })
	counting := store.NewSlice("counting", 0)
	store.OnMatch(counting, func(store.Action) bool { return true }, func(n int, _ store.Action) int { return n + 1 })
	st := open(t, a.slice, b.slice, kept, counting)
	dispatch(t, st, a.add(2), b.add(3))
	calls := 0
	store.Subscribe(t.Context(), st, store.Derive2(a.n, b.n, func(a, b int) int { return a + b }), func(int) { calls++ })
	dispatch(t, st, store.ResetAll())
	if a.n.Of(st.State()) != 0 || b.n.Of(st.State()) != 0 {
		t.Errorf("a = %d, b = %d, want 0", a.n.Of(st.State()), b.n.Of(st.State()))
	}
	if got := kept.Of(st.State()).N; got != -2 {
		t.Errorf("a slice with an answer of its own: %d, want -2", got)
	}
	if got := counting.Of(st.State()); got != 1 {
		t.Errorf("a matcher works on the initial value: %d, want 1", got)
	}
	if calls != 1 {
		t.Errorf("%d calls, want 1", calls)
	}
	data, _ := json.Marshal(store.ResetAll())
	if back, err := st.Decode(data); err != nil || !store.ResetAll.Matches(back) {
		t.Errorf("from JSON: %v, %v", back, err)
	}
}

func TestRestore(t *testing.T) {
	c := newNumbers("c")
	passed := 0
	st := openWith(t, store.Options{Middleware: []store.Middleware{func(_ *store.Store, next store.Dispatcher) store.Dispatcher {
		return func(a store.Action) error { passed++; return next(a) }
	}}}, c.slice)
	dispatch(t, st, c.add(2))
	var seen []store.Transition
	st.Tap(func(tr store.Transition) { seen = append(seen, tr) })
	var heard []int
	store.Subscribe(t.Context(), st, c.n, func(n int) { heard = append(heard, n) })

	if err := store.Restore(st, c.slice, func(now counter) counter { return counter{now.N * 10} }); err != nil {
		t.Fatal(err)
	}
	if got := c.n.Of(st.State()); got != 20 || !slices.Equal(heard, []int{20}) || passed != 1 {
		t.Errorf("N = %d, heard %v, passed the middleware %d times", got, heard, passed)
	}
	if len(seen) != 1 || seen[0].Action.Type() != "c/@restore" || c.n.Of(seen[0].Before) != 2 || c.n.Of(seen[0].After) != 20 {
		t.Fatalf("taps saw %v", seen)
	}
	data, err := json.Marshal(seen[0].Action)
	if err != nil || string(data) != `{"type":"c/@restore","payload":{"N":20}}` {
		t.Errorf("JSON %s, %v", data, err)
	}
	dispatch(t, st, c.reset())
	replayed, err := st.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	dispatch(t, st, replayed)
	if got := c.n.Of(st.State()); got != 20 {
		t.Errorf("replayed: N = %d, want 20", got)
	}

	var missing *store.NotMountedError
	if err := store.Restore(st, newNumbers("other").slice, func(c counter) counter { return c }); !errors.As(err, &missing) || missing.Slice != "other" {
		t.Errorf("a slice that is not there: %v", err)
	}
	var panicked *store.PanicError
	if err := store.Restore(st, c.slice, func(counter) counter { panic("boom") }); !errors.As(err, &panicked) || c.n.Of(st.State()) != 20 {
		t.Errorf("a function that panics: %v, N = %d", err, c.n.Of(st.State()))
	}
	var inner error
	_ = store.Restore(st, c.slice, func(now counter) counter { inner = st.Dispatch(c.add(1)); return now })
	if !errors.Is(inner, store.ErrInReducer) {
		t.Errorf("a dispatch inside: %v", inner)
	}
}

func TestJump(t *testing.T) {
	a, b, late := newNumbers("a"), newNumbers("b"), newNumbers("late")
	st := open(t, a.slice, b.slice)
	dispatch(t, st, a.add(1))
	then := st.State()
	dispatch(t, st, a.add(1), b.add(5))
	if err := st.Inject(late.slice); err != nil {
		t.Fatal(err)
	}
	dispatch(t, st, late.add(7))
	now := st.State()
	var types []string
	st.Tap(func(tr store.Transition) { types = append(types, tr.Action.Type()) })
	heard := map[string]int{}
	for name, n := range map[string]numbers{"a": a, "b": b, "late": late} {
		store.Subscribe(t.Context(), st, n.n, func(int) { heard[name]++ })
	}
	if err := st.Jump(then); err != nil {
		t.Fatal(err)
	}
	if got := [3]int{a.n.Of(st.State()), b.n.Of(st.State()), late.n.Of(st.State())}; got != [3]int{1, 0, 0} {
		t.Errorf("after the jump: %v", got)
	}
	if st.State().Version() <= now.Version() {
		t.Error("a jump made an older version the newest")
	}
	if err := st.Jump(now); err != nil {
		t.Fatal(err)
	}
	if got := [3]int{a.n.Of(st.State()), b.n.Of(st.State()), late.n.Of(st.State())}; got != [3]int{2, 5, 7} {
		t.Errorf("and back: %v", got)
	}
	if heard["a"] != 2 || heard["b"] != 2 || heard["late"] != 2 || !slices.Equal(types, []string{"@@slate/jump", "@@slate/jump"}) {
		t.Errorf("heard %v, taps %v", heard, types)
	}
	same := st.State()
	if err := st.Jump(same); err != nil || st.State() != same {
		t.Errorf("a jump to where one is: %v, changed %v", err, st.State() != same)
	}
}

func TestReduceAndWithLeaveTheStoreAlone(t *testing.T) {
	a, b := newNumbers("a"), newNumbers("b")
	boom := store.CaseSignal(a.slice, "boom", func(counter) counter { panic("boom") })
	st := open(t, a.slice, b.slice)
	dispatch(t, st, a.add(1))
	before := st.State()
	imagined, err := st.Reduce(a.slice.With(before, counter{40}), a.add(2))
	if err != nil || a.n.Of(imagined) != 42 || b.n.Of(imagined) != 0 {
		t.Errorf("imagined: %d, %d, %v", a.n.Of(imagined), b.n.Of(imagined), err)
	}
	if st.State() != before || a.n.Of(before) != 1 {
		t.Error("the store changed")
	}
	if got, err := st.Reduce(store.State{}, b.add(3)); err != nil || b.n.Of(got) != 3 || a.n.Of(got) != 0 {
		t.Errorf("from the zero State: %d, %v", b.n.Of(got), err)
	}
	var panicked *store.PanicError
	if got, err := st.Reduce(before, boom()); !errors.As(err, &panicked) || got != before {
		t.Errorf("a panic: %v", err)
	}
	if _, err := st.Reduce(before, store.Action{}); !errors.Is(err, store.ErrNoAction) {
		t.Errorf("the empty action: %v", err)
	}
}

func TestSliceChanged(t *testing.T) {
	a, b := newNumbers("a"), newNumbers("b")
	st := open(t, a.slice, b.slice)
	before := st.State()
	dispatch(t, st, a.add(1))
	if !a.slice.Changed(before, st.State()) || b.slice.Changed(before, st.State()) || a.slice.Changed(before, before) {
		t.Error("Changed does not tell what changed")
	}
}

func TestB364_AReplacementKeepsTheState(t *testing.T) {
	c := newNumbers("c")
	st := open(t, c.slice)
	dispatch(t, st, c.add(2))
	var heard []int
	store.Subscribe(t.Context(), st, c.n, func(n int) { heard = append(heard, n) })

	faster := c.slice.Replacement(counter{N: 100})
	store.On(faster, c.add, func(s counter, by int) counter { s.N += 10 * by; return s })
	if err := st.Replace(faster); err != nil {
		t.Fatal(err)
	}
	if got := c.n.Of(st.State()); got != 2 {
		t.Errorf("replacing changed the state to %d", got)
	}
	dispatch(t, st, c.add(1), c.reset())
	if got := c.n.Of(st.State()); got != 12 || !slices.Equal(heard, []int{12}) {
		t.Errorf("N = %d, heard %v; want the new reducer's 12, and no answer to reset", got, heard)
	}
	dispatch(t, st, store.ResetAll())
	if got := c.n.Of(st.State()); got != 100 {
		t.Errorf("reset to %d, want the replacement's initial value", got)
	}
	if err := st.Replace(c.slice); err != nil {
		t.Fatal(err)
	}
	dispatch(t, st, c.reset())
	if got := c.n.Of(st.State()); got != 0 {
		t.Errorf("back to the original: N = %d", got)
	}
}

func TestB434_AnotherSliceOfTheNameIsNoReplacement(t *testing.T) {
	c := newNumbers("c")
	st := open(t, c.slice)
	var dup *store.DuplicateSliceError
	if err := st.Replace(newNumbers("c").slice); !errors.As(err, &dup) {
		t.Errorf("a stranger: %v, want a DuplicateSliceError", err)
	}
	if err := st.Inject(c.slice.Replacement(counter{})); !errors.As(err, &dup) {
		t.Errorf("injecting a replacement: %v, want a DuplicateSliceError", err)
	}
	added := newNumbers("added")
	if err := st.Replace(added.slice); err != nil {
		t.Errorf("a new name: %v", err)
	}
	dispatch(t, st, added.add(1))
	if added.n.Of(st.State()) != 1 {
		t.Error("a slice that replaces nothing was not added")
	}
}

func TestAReplacementStandsInFromTheStart(t *testing.T) {
	c := newNumbers("c")
	stub := c.slice.Replacement(counter{N: 7})
	st := open(t, stub)
	if got := c.n.Of(st.State()); got != 7 {
		t.Errorf("the original's selector reads %d, want 7", got)
	}
	if err := store.Restore(st, c.slice, func(counter) counter { return counter{9} }); err != nil || c.n.Of(st.State()) != 9 {
		t.Errorf("Restore through the original: %v, N = %d", err, c.n.Of(st.State()))
	}
}

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

func TestReplaceTakesEachSliceOnce(t *testing.T) {
	c := newNumbers("c")
	one, two := c.slice.Replacement(counter{}), c.slice.Replacement(counter{})
	var dup *store.DuplicateSliceError
	if err := open(t).Replace(c.slice, one); !errors.As(err, &dup) {
		t.Errorf("a slice and its replacement: %v", err)
	}
	if err := open(t, c.slice).Replace(one, two); !errors.As(err, &dup) {
		t.Errorf("two replacements: %v", err)
	}
	if err := open(t, c.slice).Replace(one, one); err != nil {
		t.Errorf("one twice: %v", err)
	}
}

func TestAReplacementIsAsTransientAsTheOriginal(t *testing.T) {
	s := store.NewSlice("secret", counter{}).Transient()
	st := openWith(t, store.Options{Saved: []byte(`{"secret":{"N":9}}`)}, s.Replacement(counter{N: 4}))
	if got := s.Of(st.State()).N; got != 4 {
		t.Errorf("N = %d: a transient slice was restored", got)
	}
	if data, err := st.Encode(st.State()); err != nil || string(data) != "{}" {
		t.Errorf("encoded %s, %v", data, err)
	}
}

func TestResettingWhatIsUntouchedChangesNothing(t *testing.T) {
	c := newNumbers("c")
	st := open(t, c.slice)
	dispatch(t, st, c.add(1), c.add(-1))
	before := st.State()
	dispatch(t, st, store.ResetAll())
	if st.State() != before {
		t.Error("a reset to the same value made a new version")
	}
}

func TestTheActionOfAJumpIsKnown(t *testing.T) {
	st := open(t)
	data, err := json.Marshal(store.Jumped())
	if err != nil {
		t.Fatal(err)
	}
	if a, err := st.Decode(data); err != nil || !store.Jumped.Matches(a) {
		t.Errorf("%v, %v", a, err)
	}
}

func TestPayloadOfAnUnknownAction(t *testing.T) {
	c := newNumbers("c")
	for _, tc := range []struct {
		action store.Action
		want   any
	}{{c.add(3), 3}, {c.reset(), nil}, {store.Action{}, nil}} {
		if got := tc.action.Payload(); got != tc.want {
			t.Errorf("%q carries %v, want %v", tc.action.Type(), got, tc.want)
		}
	}
}
