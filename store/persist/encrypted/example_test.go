package encrypted_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"slate/store/persist"
	"slate/store/persist/encrypted"
)

// A passphrase opens the storage; another one does not, and loses nothing.
func Example() {
	ctx := context.Background()
	var storage persist.Memory
	key, err := encrypted.PassphraseKey(ctx, &storage, "correct horse battery staple")
	if err != nil {
		log.Fatal(err)
	}
	sealed := encrypted.New(&storage, key)
	if err := sealed.Apply(ctx, persist.Put("diary", []byte("dear diary"))); err != nil {
		log.Fatal(err)
	}
	_, err = encrypted.PassphraseKey(ctx, &storage, "a guess")
	fmt.Println(errors.Is(err, encrypted.ErrPassphrase))
	text, _, err := sealed.Get(ctx, "diary")
	fmt.Println(string(text), err)
	// Output:
	// true
	// dear diary <nil>
}
