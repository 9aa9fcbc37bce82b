package fromredux_test

import (
	"errors"
	"fmt"

	"slate/store"
)

func Logging(st *store.Store, next store.Dispatcher) store.Dispatcher {
	return func(a store.Action) error {
		fmt.Println(a.Type())
		return next(a)
	}
}

var errReadOnly = errors.New("read only")

func Example_dynamicMiddleware() {
	st, err := store.New(store.Options{}, CounterSlice)
	if err != nil {
		panic(err)
	}
	defer st.Close()

	remove, err := st.Use(store.For(Added.Matches, func(st *store.Store, next store.Dispatcher) store.Dispatcher {
		return func(store.Action) error { return errReadOnly }
	}))
	if err != nil {
		fmt.Println(err)
	}
	fmt.Println(st.Dispatch(Added(1)), st.Dispatch(Incremented()))
	remove()
	fmt.Println(st.Dispatch(Added(1)))
	// Output:
	// read only <nil>
	// <nil>
}

// Counting is an enhancer: it counts what went through the reducers, and says so when the store is closed.
func Counting(report func(n int)) store.Enhancer {
	return func(st *store.Store) error {
		n := 0
		st.Tap(func(store.Transition) { n++ }) // one at a time, in the order of the states
		st.OnClose(func() error { report(n); return nil })
		return nil
	}
}

func Example_enhancer() {
	st, err := store.New(store.Options{
		Enhancers: []store.Enhancer{Counting(func(n int) { fmt.Println(n, "actions") })},
	}, CounterSlice)
	if err != nil {
		panic(err)
	}
	st.DispatchAll(Incremented(), Added(2))
	st.Close()
	// Output: 2 actions
}
