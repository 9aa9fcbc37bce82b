package store_test

import (
	"errors"
	"slices"
	"testing"

	"slate/store"
)

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
