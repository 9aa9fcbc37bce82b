package history_test

import (
	"fmt"

	"slate/store"
	"slate/store/history"
)

var (
	drawing = store.NewSlice("drawing", []string(nil))
	drawn   = store.Case(drawing, "drawn", func(s []string, shape string) []string { return append(s[:len(s):len(s)], shape) })
)

func Example() {
	st, err := store.New(store.Options{}, drawing)
	if err != nil {
		panic(err)
	}
	defer st.Close()
	edits := history.New(st, drawing, history.Options{})

	st.DispatchAll(drawn("circle"), drawn("square"))
	edits.Undo()
	fmt.Println(drawing.Of(st.State()), edits.CanRedo())
	edits.Redo()
	fmt.Println(drawing.Of(st.State()), edits.CanRedo())
	// Output:
	// [circle] true
	// [circle square] false
}
