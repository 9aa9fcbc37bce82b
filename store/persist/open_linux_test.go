package persist_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"slate/store/persist"
)

// XDG_CONFIG_HOME moves the user's configuration on Linux.
func TestOpenUsesTheConfigurationOfTheUser(t *testing.T) {
	config := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", config)
	s, err := persist.Open(t.Context(), "shop")
	if err != nil {
		t.Fatal(err)
	}
	apply(t, s, persist.Put("a", nil))
	if _, err := os.Stat(filepath.Join(config, "shop", "slate.a")); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"", ".", "..", "a/b", "/a", "../a"} {
		if s, err := persist.Open(t.Context(), name); err == nil {
			t.Errorf("%q was opened: %v", name, s.Close())
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := persist.Open(ctx, "shop"); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
