package fromredux_test

import (
	"errors"
	"fmt"

	"slate/store"
	"slate/store/devtools"
	"slate/store/devtools/extension"
)

// Watched shows a store in the Redux DevTools of the browser.
func Watched(st *store.Store) (*devtools.Log, error) {
	log, err := devtools.Open(st, devtools.Options{})
	if err != nil {
		return nil, err
	}
	if _, err := extension.Connect(st.Context(), log); !errors.Is(err, extension.ErrMissing) {
		return log, err
	}
	return log, nil // no browser, or none with the extension
}

func Example_devTools() {
	st, err := store.New(store.Options{}, CounterSlice)
	if err != nil {
		panic(err)
	}
	defer st.Close()
	log, err := Watched(st)
	if err != nil {
		panic(err)
	}

	st.DispatchAll(Added(1), Added(10), Added(100))
	for e := range log.Entries() {
		fmt.Println(e.ID, e.Type, string(e.Payload()))
	}
	log.Jump(1) // the state after the first action
	fmt.Println(Value.Of(st.State()))
	log.Jump(3)
	log.Toggle(2) // as if the second had never been
	fmt.Println(Value.Of(st.State()))
	// Output:
	// 1 counter/added 1
	// 2 counter/added 10
	// 3 counter/added 100
	// 1
	// 101
}
