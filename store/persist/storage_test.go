package persist_test

import (
	"context"
	"slices"
	"testing"

	"slate/store/persist"
	"slate/store/persist/persisttest"
)

func TestMemoryIsAStorage(t *testing.T) {
	persisttest.Run(t, persisttest.Subject{Open: func(context.Context) (persist.Storage, error) { return &persist.Memory{}, nil }})
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
