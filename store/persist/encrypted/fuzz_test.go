package encrypted_test

import (
	"bytes"
	"errors"
	"testing"

	"slate/store/persist"
	"slate/store/persist/encrypted"
)

// Whatever lies in an encrypted storage, reading it neither panics nor changes it, and only what was sealed opens.
func FuzzSealed(f *testing.F) {
	f.Add([]byte(""), 0, byte(0))
	f.Add([]byte("slate-sealed 1\n"), 3, byte(1))
	f.Add([]byte("hello"), 40, byte(0x80))
	f.Fuzz(func(t *testing.T, data []byte, at int, flip byte) {
		var inner persist.Memory
		s := encrypted.New(&inner, newKey(t, 1))
		apply(t, &inner, persist.Put("raw", data))
		if _, _, err := s.Get(t.Context(), "raw"); !errors.Is(err, persist.ErrSealed) {
			t.Errorf("what was never sealed: %v", err)
		}
		wantValue(t, &inner, "raw", string(data))

		apply(t, s, persist.Put("a", data))
		sealed, _, _ := inner.Get(t.Context(), "a")
		changed := bytes.Clone(sealed)
		changed[uint(at)%uint(len(changed))] ^= flip
		apply(t, &inner, persist.Put("a", changed))
		if flip == 0 {
			wantValue(t, s, "a", string(data))
		} else if _, _, err := s.Get(t.Context(), "a"); !errors.Is(err, persist.ErrSealed) {
			t.Errorf("what was changed at %d: %v", at, err)
		}
	})
}
