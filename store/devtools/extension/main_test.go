package extension_test

import (
	"testing"

	"go.uber.org/goleak"
)

// handleEvent is the goroutine through which JavaScript calls into a WebAssembly program; it never ends.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("runtime.handleEvent"))
}
