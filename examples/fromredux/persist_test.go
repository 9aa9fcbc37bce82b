package fromredux_test

import (
	"context"
	"fmt"

	"slate/store"
	"slate/store/persist"
)

// OldCounter is what the first version of the program saved.
type OldCounter struct{ N int }

var SavedSlices = []persist.Persisted{
	persist.Slice(CounterSlice, persist.Spec[Counter]{
		Version:    2,
		Migrations: []persist.Migration{persist.Step(1, func(old OldCounter) Counter { return Counter{Value: old.N} })},
		Codec:      persist.Keep[Counter]("Value"), // Notes begins anew
	}),
	persist.Slice(NoteSlice, persist.Spec[[]Note]{}),
}

func OpenApp(ctx context.Context, storage persist.Storage) (*store.Store, error) {
	p, err := persist.New(storage, persist.Options{}, SavedSlices...)
	if err != nil {
		return nil, err // a migration is missing, say
	}
	st, err := store.New(store.Options{Enhancers: []store.Enhancer{p.Enhancer()}}, CounterSlice, NoteSlice)
	if err != nil {
		return nil, err
	}
	return st, p.Restored(ctx)
}

func Example_persist() {
	ctx := context.Background()
	var storage persist.Memory // or OpenFiles, OpenLocalStorage, OpenIndexedDB; Encrypted around any of them
	for range 2 {
		st, err := OpenApp(ctx, &storage)
		if err != nil {
			panic(err)
		}
		st.Dispatch(Added(20))
		fmt.Println(Value.Of(st.State()))
		st.Close() // writes what is left
	}
	// Output:
	// 20
	// 40
}
