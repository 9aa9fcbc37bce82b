package extension_test

import (
	"context"
	"errors"
	"fmt"

	"slate/store"
	"slate/store/devtools"
	"slate/store/devtools/extension"
)

func ExampleConnect() {
	st, err := store.New(store.Options{})
	if err != nil {
		panic(err)
	}
	defer st.Close()
	log, err := devtools.Open(st, devtools.Options{Name: "shop"})
	if err != nil {
		panic(err)
	}
	stop, err := extension.Connect(context.Background(), log)
	if errors.Is(err, extension.ErrMissing) {
		fmt.Println("without the extension")
	}
	defer stop()
	// Output: without the extension
}
