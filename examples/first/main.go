package main

import (
	"context"
	"fmt"

	"slate/store"
)

type Counter struct{ N int }

var (
	Slice = store.NewSlice("counter", Counter{})
	Add   = store.Case(Slice, "add", func(s Counter, by int) Counter { s.N += by; return s })
	N     = store.Select(Slice, func(s Counter) int { return s.N })
)

func main() {
	st, err := store.New(store.Options{}, Slice)
	if err != nil {
		panic(err)
	}
	defer st.Close()
	store.Subscribe(context.Background(), st, N, func(n int) { fmt.Println("now", n) })

	st.Dispatch(Add(2)) // now 2
	st.Dispatch(Add(3)) // now 5
	fmt.Println(N.Of(st.State()))
}
