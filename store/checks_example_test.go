package store_test

import (
	"fmt"
	"slices"

	"slate/store"
)

// A reducer writes to the list that it was given instead of to a clone of it.
func ExampleChecks() {
	list := store.NewSlice("todos", []string{"write", "test"})
	wrong := store.Case(list, "shout", func(l []string, i int) []string { l[i] += "!"; return l })
	right := store.Case(list, "whisper", func(l []string, i int) []string {
		l = slices.Clone(l)
		l[i] += "…"
		return l
	})
	st, err := store.New(store.Options{Checks: &store.Checks{
		Report: func(f store.Finding) { fmt.Println(f.Check, f.Where) },
	}}, list)
	if err != nil {
		panic(err)
	}
	defer st.Close()
	_ = st.Dispatch(right(0))
	_ = st.Dispatch(wrong(1))
	// Output: mutation todos[1]
}
