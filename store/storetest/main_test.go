package storetest_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

var update = flag.Bool("update", false, "write the golden files anew")

// handleEvent is the goroutine through which JavaScript calls into a WebAssembly program; it never ends.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("runtime.handleEvent"))
}

// trial is a test that is allowed to fail.
type trial struct {
	testing.TB
	failed   bool
	messages []string
	cleanups []func()
}

func (t *trial) Helper()           {}
func (t *trial) Failed() bool      { return t.failed }
func (t *trial) Cleanup(fn func()) { t.cleanups = append(t.cleanups, fn) }
func (t *trial) Errorf(format string, args ...any) {
	t.failed = true
	t.messages = append(t.messages, fmt.Sprintf(format, args...))
}
func (t *trial) Fatalf(format string, args ...any) {
	t.Errorf(format, args...)
	panic(t)
}
func (t *trial) Logf(format string, args ...any) {
	t.messages = append(t.messages, "(log) "+fmt.Sprintf(format, args...))
}

// try runs fn and its cleanups and returns what it failed with.
func try(t *testing.T, fn func(t testing.TB)) string {
	tr := &trial{TB: t}
	func() {
		defer func() {
			if v := recover(); v != nil && v != any(tr) {
				panic(v)
			}
		}()
		fn(tr)
	}()
	for _, cleanup := range slices.Backward(tr.cleanups) {
		cleanup()
	}
	return strings.Join(tr.messages, "\n")
}

// golden compares text with testdata/name.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (go test -update writes it anew); got:\n%s", path, got)
	}
}

// plain makes the spaces of a diff what they look like: go-cmp varies them, so that nobody relies on its format.
func plain(diff string) string {
	lines := strings.Split(strings.ReplaceAll(diff, "\u00a0", " "), "\n")
	for i, l := range lines {
		indent := l[:len(l)-len(strings.TrimLeft(l, " \t+-"))]
		fields := strings.Fields(l[len(indent):])
		lines[i] = strings.TrimRight(strings.ReplaceAll(indent, "\t", "  ")+strings.Join(fields, " "), " ")
	}
	return strings.Join(lines, "\n")
}
