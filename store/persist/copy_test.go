package persist_test

import (
	"errors"
	"testing"

	"slate/store/persist"
	"slate/store/persist/encrypted"
)

func TestCopy(t *testing.T) {
	var from, to persist.Memory
	apply(t, &from, persist.Put("a", []byte("1")), persist.Put("b", []byte{0xff}))
	sealed := encrypted.New(&to, newKey(t, 1))
	if err := persist.Copy(t.Context(), &from, sealed); err != nil {
		t.Fatal(err)
	}
	wantKeys(t, sealed, "a", "b")
	wantValue(t, sealed, "b", "\xff")
	apply(t, &from, persist.Put("a", []byte("2")), persist.Put("c", nil))
	if err := persist.Copy(t.Context(), &from, sealed); !errors.Is(err, persist.ErrExists) {
		t.Errorf("a second time: %v", err)
	}
	wantKeys(t, sealed, "a", "b")
	wantValue(t, sealed, "a", "1")
}
