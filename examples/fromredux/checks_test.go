package fromredux_test

import (
	"context"
	"fmt"

	"slate/store"
)

var (
	ScoreSlice = store.NewSlice("score", []int{1, 2, 3})

	// Sloppy forgets to clone.
	Sloppy = store.Case(ScoreSlice, "sloppy", func(points []int, at int) []int {
		points[at]++
		return points
	})
)

func Example_checks() {
	st, err := store.New(store.Options{
		Checks: &store.Checks{Report: func(f store.Finding) { fmt.Println(f.Check, "in", f.Where) }},
	}, ScoreSlice)
	if err != nil {
		panic(err)
	}
	defer st.Close()
	store.Subscribe(context.Background(), st, store.Everything, func(store.State) { fmt.Println("told") })
	st.Dispatch(Sloppy(1))
	// Output: mutation in score[1]
}
