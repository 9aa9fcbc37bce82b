package docstore_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"slate/backend/docstore"
	"slate/backend/docstore/sqlite"
)

func Example() {
	dir, err := os.MkdirTemp("", "docstore")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	store, err := sqlite.Open(filepath.Join(dir, "docs.db"))
	if err != nil {
		log.Fatal(err)
	}
	defer store.Close()

	ctx := context.Background()
	if err := store.Ensure(ctx, "user", docstore.Index{Name: "email", Fields: []string{"email"}}); err != nil {
		log.Fatal(err)
	}
	rev, err := store.Put(ctx, "user", docstore.Doc{ID: "u1", Body: []byte(`{"email":"ada@example.org"}`)})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("created generation", docstore.Generation(rev))

	for row, err := range store.Find(ctx, "user", docstore.Query{Index: "email", Equal: []docstore.Key{docstore.Text("ada@example.org")}}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("found", row.ID)
	}

	_, err = store.Put(ctx, "user", docstore.Doc{ID: "u1", Body: []byte(`{}`)})
	if conflict, ok := errors.AsType[*docstore.ConflictError](err); ok {
		fmt.Println("refused:", conflict.Current == rev)
	}
	// Output:
	// created generation 1
	// found u1
	// refused: true
}
