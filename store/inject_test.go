package store_test

import (
	"context"
	"errors"
	"testing"

	"slate/store"
)

func TestB382_B433_AnInjectedSliceReadsAsItsInitialValueBefore(t *testing.T) {
	c := newNumbers("c")
	s := store.NewSlice("late", counter{N: 5})
	store.On(s, c.add, func(s counter, n int) counter { s.N += n; return s })
	n := store.Select(s, func(s counter) int { return s.N })
	st := open(t, c.slice)
	dispatch(t, st, c.add(1)) // the route of the action is known before the slice comes
	before := st.State()
	if s.Of(before).N != 5 || n.Of(before) != 5 {
		t.Errorf("before: %d, %d, want the initial 5", s.Of(before).N, n.Of(before))
	}
	var seen []int
	store.Subscribe(context.Background(), st, n, func(n int) { seen = append(seen, n) })
	if err := st.Inject(s); err != nil {
		t.Fatal(err)
	}
	if len(seen) != 0 {
		t.Errorf("the initial value was announced as news: %v", seen)
	}
	dispatch(t, st, c.add(1))
	if got := n.Of(st.State()); got != 6 || len(seen) != 1 || seen[0] != 6 {
		t.Errorf("after: %d, calls %v, want 6", got, seen)
	}
	if n.Of(before) != 5 {
		t.Error("the old snapshot changed")
	}
}

func TestInjectTakesTheSavedPartAndTellsItsWatchers(t *testing.T) {
	s := store.NewSlice("late", counter{N: 5})
	n := store.Select(s, func(s counter) int { return s.N })
	st := openWith(t, store.Options{Saved: []byte(`{"late":{"N":9}}`)})
	if got := n.Of(st.State()); got != 5 {
		t.Errorf("before: %d, want the initial 5", got)
	}
	var seen []int
	store.Subscribe(context.Background(), st, n, func(n int) { seen = append(seen, n) })
	if err := st.Inject(s); err != nil {
		t.Fatal(err)
	}
	if len(seen) != 1 || seen[0] != 9 {
		t.Errorf("calls %v, want [9]", seen)
	}
}

func TestB434_InjectAgain(t *testing.T) {
	c := newNumbers("c")
	twin := newNumbers("c")
	fresh := newNumbers("fresh")
	st := open(t, c.slice)
	dispatch(t, st, c.add(1))

	before := st.State()
	if err := st.Inject(c.slice, c.slice); err != nil {
		t.Errorf("the same slice: %v", err)
	}
	if st.State() != before {
		t.Error("the same slice changed the state")
	}
	var dup *store.DuplicateSliceError
	if err := st.Inject(fresh.slice, twin.slice); !errors.As(err, &dup) || dup.Name != "c" {
		t.Errorf("a namesake: %v, want a DuplicateSliceError", err)
	}
	dispatch(t, st, fresh.add(1))
	if fresh.n.Of(st.State()) != 0 {
		t.Error("a refused call mounted one of its slices")
	}
}

func TestASliceGivenTwiceAnswersOnce(t *testing.T) {
	c := newNumbers("c")
	st := open(t, c.slice, c.slice)
	dispatch(t, st, c.add(1))
	if got := c.n.Of(st.State()); got != 1 {
		t.Errorf("N = %d, want 1", got)
	}
}

func TestNewRefusesNamesakes(t *testing.T) {
	_, err := store.New(store.Options{}, newNumbers("c").slice, newNumbers("c").slice)
	var dup *store.DuplicateSliceError
	if !errors.As(err, &dup) || dup.Name != "c" {
		t.Errorf("error %v, want a DuplicateSliceError", err)
	}
}

func TestInjectFromASubscriber(t *testing.T) {
	c, late := newNumbers("c"), newNumbers("late")
	store.On(late.slice, c.add, func(s counter, n int) counter { s.N += n; return s })
	st := open(t, c.slice)
	store.Subscribe(context.Background(), st, c.n, func(int) {
		if err := st.Inject(late.slice); err != nil {
			t.Error(err)
		}
	})
	dispatch(t, st, c.add(1), c.add(1))
	if got := late.n.Of(st.State()); got != 1 {
		t.Errorf("late = %d, want 1", got)
	}
}

func TestInjectWithMalformedSavedPart(t *testing.T) {
	c, late := newNumbers("c"), newNumbers("late")
	st := openWith(t, store.Options{Saved: []byte(`{"late":"text"}`)})
	err := st.Inject(c.slice, late.slice)
	var decode *store.DecodeError
	if !errors.As(err, &decode) {
		t.Fatalf("error %v, want a DecodeError", err)
	}
	dispatch(t, st, c.add(1))
	if c.n.Of(st.State()) != 0 {
		t.Error("the other slice was mounted all the same")
	}
}

func TestToolsSeeSlicesWithoutTheirTypes(t *testing.T) {
	a, b := newNumbers("a"), newNumbers("b")
	st := open(t, a.slice)
	if err := st.Inject(b.slice); err != nil {
		t.Fatal(err)
	}
	before := st.State()
	dispatch(t, st, b.add(3))
	var changed []string
	for _, s := range st.Slices() {
		if s.Changed(before, st.State()) {
			changed = append(changed, s.Name())
		}
		if got, want := s.Value(st.State()), map[string]any{"a": counter{0}, "b": counter{3}}[s.Name()]; got != want {
			t.Errorf("%s is %v, want %v", s.Name(), got, want)
		}
	}
	if len(changed) != 1 || changed[0] != "b" {
		t.Errorf("changed: %v", changed)
	}
}
