package fromredux_test

import (
	"context"
	"fmt"
	"log/slog"

	"slate/store"
)

func NewApp(saved []byte) (*store.Store, error) {
	return store.New(store.Options{
		Saved:      saved,
		Middleware: []store.Middleware{Logging},
		Checks:     &store.Checks{},
		Logger:     slog.Default(),
	}, CounterSlice, NoteSlice)
}

func Example_configureStore() {
	st, err := NewApp([]byte(`{"counter": {"Value": 40}}`))
	if err != nil {
		panic(err)
	}
	defer st.Close()
	st.Dispatch(Added(2))
	fmt.Println(Value.Of(st.State()))
	// Output:
	// counter/added
	// 42
}

func Example_dispatch() {
	st, err := store.New(store.Options{}, CounterSlice)
	if err != nil {
		panic(err)
	}
	defer st.Close()
	ctx := context.Background()

	stop := store.Subscribe(ctx, st, Value, func(n int) { fmt.Println("now", n) })
	defer stop()
	if err := st.Dispatch(Added(3)); err != nil { // only where a reducer panicked or the store is closed
		fmt.Println(err)
	}
	before := st.State() // a snapshot: it never changes
	st.Dispatch(Incremented())
	fmt.Println(Value.Of(before), Value.Of(st.State()))
	// Output:
	// now 3
	// now 4
	// 3 4
}

func Example_watch() {
	st, err := store.New(store.Options{}, CounterSlice)
	if err != nil {
		panic(err)
	}
	defer st.Close()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()

	for n := range store.Watch(ctx, st, Value) { // ends with ctx, with the store or with break
		fmt.Println("watched", n)
		if n == 2 {
			break
		}
		st.Dispatch(Incremented())
	}

	values := store.Changes(ctx, st, Value)
	select {
	case n := <-values:
		fmt.Println("received", n)
	case <-ctx.Done():
	}
	// Output:
	// watched 0
	// watched 1
	// watched 2
	// received 2
}

func Example_resetAll() {
	st, err := store.New(store.Options{}, CounterSlice, NoteSlice)
	if err != nil {
		panic(err)
	}
	defer st.Close()
	st.DispatchAll(Added(3), AddNote("buy tea"))
	st.Dispatch(store.ResetAll())
	fmt.Println(Value.Of(st.State()), len(NoteSlice.Of(st.State())))
	// Output: 0 0
}

// Cart is a slice of a page that not every visitor opens.
var Cart = store.NewSlice("cart", []string{"a free sample"})

func Example_inject() {
	st, err := store.New(store.Options{}, CounterSlice)
	if err != nil {
		panic(err)
	}
	defer st.Close()

	fmt.Println(Cart.Of(st.State())) // its initial value: it is not in the store yet
	if err := st.Inject(Cart); err != nil {
		fmt.Println(err)
	}
	// Output: [a free sample]
}

func Example_replaceReducer() {
	st, err := store.New(store.Options{}, CounterSlice)
	if err != nil {
		panic(err)
	}
	defer st.Close()
	st.Dispatch(Added(1))

	double := CounterSlice.Replacement(Counter{})
	store.On(double, Added, func(c Counter, by int) Counter {
		c.Value += 2 * by
		return c
	})
	if err := st.Replace(double); err != nil {
		fmt.Println(err)
	}
	st.Dispatch(Added(10)) // Value, and who watches it, read the replacement
	fmt.Println(Value.Of(st.State()))
	// Output: 21
}

func Example_batch() {
	st, err := store.New(store.Options{}, CounterSlice)
	if err != nil {
		panic(err)
	}
	defer st.Close()
	store.Subscribe(context.Background(), st, Value, func(n int) { fmt.Println("now", n) })

	st.DispatchAll(Added(1), Added(2), Added(3))
	st.Batch(func() error {
		st.Dispatch(Added(10))
		fmt.Println("inside", Value.Of(st.State()))
		return st.Dispatch(Added(20))
	})
	// Output:
	// now 6
	// inside 16
	// now 36
}

// Ticked happens often, and nobody has to see each one.
var Ticked = store.NewSignal("clock/ticked")

func Example_autoBatch() {
	st, err := store.New(store.Options{
		Scheduler: store.Frames(),
		Defer:     Ticked.Matches, // everything else notifies at once
	}, CounterSlice)
	if err != nil {
		panic(err)
	}
	defer st.Close()
	store.Subscribe(context.Background(), st, Value, func(n int) { fmt.Println("now", n) })
	st.Dispatch(Added(1))
	// Output: now 1
}
