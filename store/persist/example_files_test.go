//go:build !js

package persist_test

import (
	"fmt"
	"log"
	"os"

	"slate/store/persist"
)

// A folder keeps the state of a program that runs natively: one file for each slice.
func ExampleOpenFiles() {
	dir, err := os.MkdirTemp("", "shop")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	cart, add := newCart()
	for _, item := range []string{"tea", "milk"} {
		files, err := persist.OpenFiles(dir)
		if err != nil {
			log.Fatal(err) // persist.ErrLocked where the program runs already
		}
		if err := oneRun(files, cart, persist.Slice(cart, persist.Spec[Cart]{}), add(item)); err != nil {
			log.Fatal(err)
		}
		if err := files.Close(); err != nil {
			log.Fatal(err)
		}
	}
	entries, err := os.ReadDir(dir)
	fmt.Println(entries, err)
	// Output:
	// {[tea] }
	// {[tea milk] }
	// [- lock - slate.cart] <nil>
}
