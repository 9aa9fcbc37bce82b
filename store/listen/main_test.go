package listen_test

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"slate/store"
	"slate/store/listen"
)

// handleEvent is the goroutine through which JavaScript calls into a WebAssembly program; it never ends.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("runtime.handleEvent"))
}

// counter is the slice of most tests, with actions that it does not answer to.
type counter struct{ N int }

var (
	slice = store.NewSlice("counter", counter{})
	add   = store.Case(slice, "add", func(s counter, by int) counter { s.N += by; return s })
	reset = store.CaseSignal(slice, "reset", func(counter) counter { return counter{} })
	n     = store.Select(slice, func(s counter) int { return s.N })

	started = store.NewCreator[string]("test/started")
	stopped = store.NewSignal("test/stopped")
)

// open returns a store that runs the listeners and is closed at the end of the test.
func open(t testing.TB, listeners ...*listen.Listener) *store.Store {
	t.Helper()
	return openWith(t, listen.Options{OnError: func(err *listen.Error) { t.Errorf("unexpected: %v", err) }}, listeners...)
}

func openWith(t testing.TB, opts listen.Options, listeners ...*listen.Listener) *store.Store {
	t.Helper()
	st, err := store.New(store.Options{
		Logger:    slog.New(slog.NewTextHandler(t.Output(), nil)),
		Enhancers: []store.Enhancer{listen.Enhancer(opts, listeners...)},
	}, slice)
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

// journal collects lines from any goroutine.
type journal struct {
	mu    sync.Mutex
	lines []string
}

func (j *journal) add(line string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines = append(j.lines, line)
}

// all returns the lines since the last call.
func (j *journal) all() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	lines := j.lines
	j.lines = nil
	return lines
}

// take is all, joined by semicolons.
func (j *journal) take() string { return strings.Join(j.all(), "; ") }

// expect fails the test where the lines since the last take are others.
func (j *journal) expect(t testing.TB, when, want string) {
	t.Helper()
	if got := j.take(); got != want {
		t.Errorf("%s: %q, want %q", when, got, want)
	}
}

// failures collects what goes to OnError.
type failures struct {
	mu   sync.Mutex
	errs []*listen.Error
}

func (f *failures) options() listen.Options {
	return listen.Options{OnError: func(err *listen.Error) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.errs = append(f.errs, err)
	}}
}

func (f *failures) take() []*listen.Error {
	f.mu.Lock()
	defer f.mu.Unlock()
	errs := f.errs
	f.errs = nil
	return errs
}

// until waits for the end of ctx and returns its cause.
func until(ctx context.Context) error {
	<-ctx.Done()
	return context.Cause(ctx)
}

// lockedBuilder is where a logger writes.
type lockedBuilder struct {
	mu   sync.Mutex
	text strings.Builder
}

func (b *lockedBuilder) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuilder) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

func (b *lockedBuilder) logger() *slog.Logger { return slog.New(slog.NewTextHandler(b, nil)) }
