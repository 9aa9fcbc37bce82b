package store_test

import (
	"log/slog"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"slate/store"
)

// handleEvent is the goroutine through which JavaScript calls into a WebAssembly program; it never ends.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("runtime.handleEvent"))
}

// counter is the state of most tests.
type counter struct{ N int }

// numbers is a counter slice with its actions. Each test declares its own: a slice that is mounted takes no more reducers.
type numbers struct {
	slice *store.Slice[counter]
	add   store.Creator[int]
	reset store.Signal
	n     store.Selector[int]
}

func newNumbers(name string) numbers {
	s := store.NewSlice(name, counter{})
	return numbers{
		slice: s,
		add:   store.Case(s, "add", func(s counter, by int) counter { s.N += by; return s }),
		reset: store.CaseSignal(s, "reset", func(counter) counter { return counter{} }),
		n:     store.Select(s, func(s counter) int { return s.N }),
	}
}

// open returns a store that logs nothing and is closed at the end of the test.
func open(t testing.TB, slices ...store.Mountable) *store.Store {
	t.Helper()
	return openWith(t, store.Options{}, slices...)
}

func openWith(t testing.TB, opts store.Options, slices ...store.Mountable) *store.Store {
	t.Helper()
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	st, err := store.New(opts, slices...)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return st
}

func dispatch(t testing.TB, st *store.Store, actions ...store.Action) {
	t.Helper()
	for _, a := range actions {
		if err := st.Dispatch(a); err != nil {
			t.Fatalf("Dispatch(%s): %v", a.Type(), err)
		}
	}
}

// journal collects what a logger writes.
type journal struct {
	mu   sync.Mutex
	text strings.Builder
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

func (j *journal) logger() *slog.Logger { return slog.New(slog.NewTextHandler(j, nil)) }

// panics returns what fn panicked with; nil where it did not.
func panics(fn func()) (v any) {
	defer func() { v = recover() }()
	fn()
	return nil
}
