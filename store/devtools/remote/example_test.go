//go:build !js

package remote_test

import (
	"context"
	"log"

	"slate/store"
	"slate/store/devtools"
	"slate/store/devtools/remote"
)

// A terminal program that developers start with a flag can be looked at in a browser.
func ExampleConnect() {
	st, err := store.New(store.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer st.Close()
	actions, err := devtools.Open(st, devtools.Options{Name: "shop"})
	if err != nil {
		log.Fatal(err)
	}
	stop, err := remote.Connect(context.Background(), actions, remote.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer stop()
}
