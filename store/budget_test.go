package store_test

import (
	"context"
	"strconv"
	"testing"

	"slate/store"
)

// Budgets for the hot paths, in allocations: those do not depend on the machine. bench/ measures the time.
func TestAllocationBudgets(t *testing.T) {
	all := make([]store.Mountable, 50)
	for i := range all {
		all[i] = newNumbers("n" + strconv.Itoa(i)).slice
	}
	c := newNumbers("c")
	text := store.NewSlice("text", struct{ A, B string }{"a", "b"})
	b := store.Select(text, func(s struct{ A, B string }) string { return s.B })
	list := store.Select(store.NewSlice("list", []int{1}), func(s []int) []int { return s })
	two := store.Derive2(c.n, b, func(n int, s string) string { return s + strconv.Itoa(n) })
	three := store.Derive3(c.n, b, list, func(n int, s string, l []int) string { return s + strconv.Itoa(n+len(l)) })
	st := open(t, append(all, c.slice, text)...)
	for range 1000 {
		store.Subscribe(context.Background(), st, b, func(string) {})
	}
	store.Subscribe(context.Background(), st, two, func(string) {})

	add, still := c.add(1), c.add(0)
	for _, tc := range []struct {
		name string
		max  float64
		do   func()
	}{
		{"reading a slice", 0, func() { _ = c.slice.Of(st.State()).N }},
		{"Select, hit", 0, func() { _ = c.n.Of(st.State()) }},
		{"Derive2, hit", 0, func() { _ = two.Of(st.State()) }},
		{"Derive3, hit", 0, func() { _ = three.Of(st.State()) }},
		{"dispatch that changes nothing", 1, func() { _ = st.Dispatch(still) }},
		// The slice and the state; the rest are the memories of two selectors, and the text that one of them makes.
		{"dispatch with one subscriber of it and 1,000 of another slice", 8, func() { _ = st.Dispatch(add) }},
	} {
		tc.do()
		if got := testing.AllocsPerRun(100, tc.do); got > tc.max {
			t.Errorf("%s: %.0f allocations, want at most %.0f", tc.name, got, tc.max)
		} else {
			t.Logf("%s: %.0f allocations", tc.name, got)
		}
	}

	quiet := open(t, append(all, newNumbers("other").slice, c.slice)...)
	if got := testing.AllocsPerRun(100, func() { _ = quiet.Dispatch(c.add(1)) }); got > 3 { // payload, slice and state
		t.Errorf("making and dispatching an action: %.0f allocations, want at most 3", got)
	} else {
		t.Logf("making and dispatching an action: %.0f allocations", got)
	}
}
