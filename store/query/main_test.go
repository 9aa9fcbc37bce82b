package query_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"slate/store"
	"slate/store/query"
)

func TestMain(m *testing.M) {
	// Under js/wasm the runtime keeps a goroutine of its own for the browser's events.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("runtime.handleEvent"))
}

var errServer = errors.New("server: broken")

// item is what the tests' server stores. Rev counts the writes, so that an answer tells how old it is.
type item struct {
	ID  string
	Rev int
}

// server is a server with the faults that a test wants. An answer tells what the server knew when the request began.
type server struct {
	mu      sync.Mutex
	asked   map[string]int // requests by id
	running map[string]int
	overlap bool // two requests for one id at the same time
	rev     int
	latency time.Duration
	err     error
	calls   []query.Call
	causes  []error // why requests were cancelled
}

func (s *server) get(ctx context.Context, c query.Call, id string) (item, error) {
	s.mu.Lock()
	s.asked[id]++
	s.running[id]++
	s.overlap = s.overlap || s.running[id] > 1
	s.calls = append(s.calls, c)
	rev, err, latency := s.rev, s.err, s.latency
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.running[id]--
		s.mu.Unlock()
	}()
	if stop := wait(ctx, latency); stop != nil {
		s.mu.Lock()
		s.causes = append(s.causes, stop)
		s.mu.Unlock()
		return item{}, stop
	}
	return item{id, rev}, err
}

func (s *server) put(ctx context.Context, c query.Call, id string) (item, error) {
	s.mu.Lock()
	s.calls = append(s.calls, c)
	latency, err := s.latency, s.err
	s.mu.Unlock()
	if err := wait(ctx, latency); err != nil {
		return item{}, err
	}
	if err != nil {
		return item{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rev++
	return item{id, s.rev}, nil
}

// set changes the server's faults.
func (s *server) set(latency time.Duration, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.latency, s.err = latency, err
}

func (s *server) bump() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rev++
}

func (s *server) requests(id string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[id]
}

// cancelled returns why requests were cancelled.
func (s *server) cancelled() []error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]error(nil), s.causes...)
}

func wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return context.Cause(ctx)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// world is one API with a query and a mutation on a server, in a store.
type world struct {
	*server
	t       testing.TB
	api     *query.API
	tag     query.TagType
	item    *query.Query[string, item]
	write   *query.Mutation[string, item]
	st      *store.Store
	actions *recorder
	log     *strings.Builder
}

// setup is what a test wants to be different from the plain world.
type setup struct {
	defaults   query.Defaults
	query      func(*query.Spec[string, item])
	mutation   func(*query.MutationSpec[string, item])
	middleware []store.Middleware
	unmounted  bool
}

func newWorld(t testing.TB, s setup) *world {
	t.Helper()
	w := &world{
		server: &server{asked: map[string]int{}, running: map[string]int{}, latency: 100 * time.Millisecond},
		t:      t, api: query.NewAPI("shop").WithDefaults(s.defaults), tag: query.NewTag("Item"),
		actions: &recorder{}, log: &strings.Builder{},
	}
	q := query.Spec[string, item]{
		Name: "item", Fetch: w.get,
		Provides: func(_ item, _ error, id string) []query.Tag { return w.tag.IDs(id) },
	}
	if s.query != nil {
		s.query(&q)
	}
	w.item = query.New(w.api, q)
	m := query.MutationSpec[string, item]{
		Name: "write", Run: w.put,
		Invalidates: func(_ item, _ error, id string) []query.Tag { return w.tag.IDs(id) },
	}
	if s.mutation != nil {
		s.mutation(&m)
	}
	w.write = query.NewMutation(w.api, m)
	opts := store.Options{
		Middleware: append(s.middleware, w.actions.middleware),
		Logger:     slog.New(slog.NewTextHandler(w.log, nil)),
	}
	var slices []store.Mountable
	if !s.unmounted {
		slices = append(slices, w.api)
	}
	w.st = open(t, opts, slices...)
	return w
}

func open(t testing.TB, opts store.Options, slices ...store.Mountable) *store.Store {
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

// in runs a test in a bubble with a world of its own.
func in(t *testing.T, s setup, test func(t *testing.T, w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { test(t, newWorld(t, s)) })
}

// after lets d pass and everything come to rest.
func after(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func (w *world) subscribe(id string) *query.Subscription[item] {
	w.t.Helper()
	sub := w.item.Subscribe(w.st, id, nil)
	w.t.Cleanup(sub.Close)
	return sub
}

func (w *world) fetch(id string) item {
	w.t.Helper()
	it, err := w.item.Fetch(context.Background(), w.st, id)
	if err != nil {
		w.t.Errorf("Fetch(%q): %v", id, err)
	}
	return it
}

func (w *world) asks(id string, want int) {
	w.t.Helper()
	if got := w.requests(id); got != want {
		w.t.Errorf("the server was asked %d times for %q, want %d", got, id, want)
	}
}

func (w *world) peek(id string) query.Result[item] { return w.item.Peek(w.st.State(), id) }

// keys returns the keys of all entries.
func (w *world) keys() []string {
	var keys []string
	for e := range query.Entries(w.st) {
		keys = append(keys, e.Key)
	}
	return keys
}

func (w *world) has(id string) bool {
	for e := range query.Entries(w.st) {
		if e.Key == w.item.Key(id) {
			return true
		}
	}
	return false
}

func (w *world) isCached(id string, want bool) {
	w.t.Helper()
	if w.has(id) != want || w.peek(id).HasData != want {
		w.t.Errorf("entry of %q: in the table %v, in the state %v, want %v", id, w.has(id), w.peek(id).HasData, want)
	}
}

// recorder is a middleware that remembers the types of actions that came through.
type recorder struct {
	mu    sync.Mutex
	types []string
	all   []store.Action
}

func (r *recorder) middleware(_ *store.Store, next store.Dispatcher) store.Dispatcher {
	return func(a store.Action) error {
		r.mu.Lock()
		r.types = append(r.types, a.Type())
		r.all = append(r.all, a)
		r.mu.Unlock()
		return next(a)
	}
}

func (r *recorder) list() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.types...)
}

func (r *recorder) count(typ string) (n int) {
	for _, t := range r.list() {
		if t == typ {
			n++
		}
	}
	return n
}

// on is a middleware that does something when an action of a type comes, before it goes on.
func on(typ string, do func()) store.Middleware {
	return func(_ *store.Store, next store.Dispatcher) store.Dispatcher {
		return func(a store.Action) error {
			if a.Type() == typ {
				do()
			}
			return next(a)
		}
	}
}

// dropping is a middleware that swallows actions of a type.
func dropping(typ string) store.Middleware {
	return func(_ *store.Store, next store.Dispatcher) store.Dispatcher {
		return func(a store.Action) error {
			if a.Type() == typ {
				return nil
			}
			return next(a)
		}
	}
}

func check[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func isErr(t testing.TB, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: got error %v, want %v", what, got, want)
	}
}
