package encrypted_test

import (
	"bytes"
	"slices"
	"testing"

	"go.uber.org/goleak"

	"slate/store/persist"
	"slate/store/persist/encrypted"
)

// handleEvent is the goroutine through which JavaScript calls into a WebAssembly program; it never ends.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("runtime.handleEvent"))
}

func newKey(t testing.TB, fill byte) encrypted.Key {
	t.Helper()
	k, err := encrypted.NewKey(bytes.Repeat([]byte{fill}, encrypted.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func apply(t testing.TB, s persist.Storage, changes ...persist.Change) {
	t.Helper()
	if err := s.Apply(t.Context(), changes...); err != nil {
		t.Fatal(err)
	}
}

func wantValue(t testing.TB, s persist.Storage, key, want string) {
	t.Helper()
	if got, ok, err := s.Get(t.Context(), key); string(got) != want || !ok || err != nil {
		t.Errorf("%q is %q, %v, %v, want %q", key, got, ok, err, want)
	}
}

func wantKeys(t testing.TB, s persist.Storage, want ...string) {
	t.Helper()
	if got, err := s.Keys(t.Context()); !slices.Equal(got, want) || err != nil {
		t.Errorf("keys %q, %v, want %q", got, err, want)
	}
}
