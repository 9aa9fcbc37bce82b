package store_test

import (
	"encoding/json"
	"errors"
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

func TestSliceChanged(t *testing.T) {
	a, b := newNumbers("a"), newNumbers("b")
	st := open(t, a.slice, b.slice)
	before := st.State()
	dispatch(t, st, a.add(1))
	if !a.slice.Changed(before, st.State()) || b.slice.Changed(before, st.State()) || a.slice.Changed(before, before) {
		t.Error("Changed does not tell what changed")
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
