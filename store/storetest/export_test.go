package storetest

import (
	"testing"
	"time"
)

// SetPatience sets how long a store may take to close, until the end of the test.
func SetPatience(t *testing.T, d time.Duration) {
	old := patience
	patience = d
	t.Cleanup(func() { patience = old })
}
