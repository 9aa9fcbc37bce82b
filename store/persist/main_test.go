package persist_test

import (
	"os"
	"testing"

	"go.uber.org/goleak"
)

// handleEvent is the goroutine through which JavaScript calls into a WebAssembly program; it never ends.
func TestMain(m *testing.M) {
	if child := children[os.Getenv("PERSIST_CHILD")]; child != nil {
		child()
		return
	}
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("runtime.handleEvent"))
}

// children are what this binary does instead of tests when a test starts it to kill it.
var children = map[string]func(){}
