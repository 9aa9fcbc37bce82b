package store

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strconv"
	"sync"
	"sync/atomic"
)

// Options configure a store. The zero value is ready for use.
type Options struct {
	// Middleware sees every dispatch, the first one outermost. [Store.Use] adds more later.
	Middleware []Middleware

	// Enhancers extend the store before New returns it, in their order: persistence, listeners, devtools.
	Enhancers []Enhancer

	// Saved is what [Store.Encode] wrote in an earlier run. Mounted slices start with their part of it, also those that are
	// injected later. Parts that no slice claims are kept for the next Encode and otherwise ignored. A struct's fields that
	// the saved part does not name start with their initial value; so the struct itself, not structs in it.
	Saved []byte

	// Scheduler puts notifications off: to the next frame of the screen, say. Where nil, subscribers hear of a change before
	// Dispatch returns. States are not put off: the next read has them.
	Scheduler Scheduler

	// Defer tells which actions leave the notification to the Scheduler; all others notify at once, and of everything.
	// Where nil, all do. It must be pure. For slices that are mounted it is asked with the empty action.
	Defer func(Action) bool

	// Checks looks for mistakes while a program is developed: a [*Checks]. Off, and free of cost, where nil.
	Checks Checker

	// Logger hears of contained panics: of reducers, subscribers, taps, and of thunks that Go started. Payloads are never logged.
	// slog.Default() where nil.
	Logger *slog.Logger
}

// Enhancer extends a store that is being made: it may add middleware, tap actions, mount slices, provide dependencies and
// register what has to end with the store. It may dispatch. An error makes [New] fail.
type Enhancer func(*Store) error

// Store holds the state of an application: one immutable snapshot that only actions change. Create it with [New], end it
// with [Store.Close]. All methods are safe for concurrent use; the package documentation lists what is promised.
type Store struct {
	logger *slog.Logger
	chain  chain

	root   cell[root]
	notify notifier

	mu      sync.Mutex // held while reducers run, slices are mounted and news are noted
	version uint64     // of the newest state
	mounted []*sliceCore
	byName  map[string]*sliceCore
	kinds   map[string]*kind
	routes  [][]route // by number of the kind; nil: not found out yet
	saved   map[string]json.RawMessage
	checks  checker
	taps    []*tap
	timed   bool // a tap wants the time

	deps sync.Map // *depKey → *depCell
	ids  atomic.Uint64
	life life
}

// New returns a store with the given slices. The error is a [*DuplicateSliceError] where two slices share a name, a
// [*DuplicateActionError] where two actions share a type, a [*DecodeError] where Options.Saved is malformed, [ErrNil] where
// a slice, middleware or enhancer is nil, or an enhancer's.
func New(opts Options, slices ...Mountable) (*Store, error) {
	st := &Store{
		logger: opts.Logger,
		byName: map[string]*sliceCore{},
		kinds:  ownKinds(),
	}
	if st.logger == nil {
		st.logger = slog.Default()
	}
	if len(opts.Saved) > 0 {
		if err := json.Unmarshal(opts.Saved, &st.saved); err != nil {
			return nil, &DecodeError{What: "saved state", Err: err}
		}
	}
	if opts.Checks != nil {
		st.checks = opts.Checks.begin(st.logger)
	}
	st.notify = notifier{st: st, schedule: opts.Scheduler, deferred: opts.Defer}
	st.version = blocks.Add(1) * versionBlock
	first := &root{version: st.version}
	if st.checks != nil {
		first.checks = &st.checks
	}
	st.root.Store(first)
	st.life.init()
	if err := st.build(opts, slices); err != nil {
		if left := st.Close(); left != nil {
			err = errors.Join(err, left)
		}
		return nil, err
	}
	return st, nil
}

func (st *Store) build(opts Options, slices []Mountable) error {
	for _, enhance := range opts.Enhancers {
		if enhance == nil {
			return ErrNil
		}
	}
	if err := st.Inject(slices...); err != nil {
		return err
	}
	if _, err := st.Use(opts.Middleware...); err != nil {
		return err
	}
	st.chain.ready.Store(true)
	for _, enhance := range opts.Enhancers {
		if err := enhance(st); err != nil {
			return err
		}
	}
	return nil
}

// State returns the present snapshot. It takes no lock and may be called from anywhere, also from a subscriber.
func (st *Store) State() State { return State{st.root.Load()} }

// Logger returns the logger of the store's options, for packages that build on the store.
func (st *Store) Logger() *slog.Logger { return st.logger }

// Close ends the store: the contexts of thunks and the streams of [Watch] and [Changes] end, the functions of
// [Store.OnClose] are called, the thunks, requests and mutations that run are waited for, what a scheduler has put off is
// told, subscribers are stopped. Later calls return [ErrClosed]; the last snapshot stays readable, and it is the last: no
// dispatch changes it once Close returned. Closing twice is a no-op; the second call waits for the first.
//
// A round of notifications that is under way on another goroutine ends with the store: who has not been called is not.
//
// Close must not be called from a thunk, for which it would wait, nor from a subscriber, which may be called by one, nor from
// a function of OnClose. From a reducer it returns [ErrInReducer].
func (st *Store) Close() error {
	if err := st.lock(); err != nil {
		return err
	}
	first := st.life.end()
	st.mu.Unlock()
	if !first {
		<-st.life.over
		return nil
	}
	defer func() { // also where a hook ends the goroutine, as t.FailNow does
		st.life.wait()
		st.flush()
		st.notify.end()
		close(st.life.over)
	}()
	return errors.Join(st.life.runHooks()...)
}

// Begin counts something in that runs in the store and must end with it, such as a goroutine of a package that builds on
// the store: [Store.Close] waits until end is called, and [Store.Running] names it. It watches for the end of
// [Store.Context] itself. The error is [ErrClosed].
func (st *Store) Begin(name string) (end func(), err error) {
	t := st.life.begin(name, nil)
	if t == nil {
		return nil, ErrClosed
	}
	return func() { st.life.done(t) }, nil
}

// Running returns the names of what runs in the store, sorted: thunks, requests, effects of listeners. Tests ask it what was
// left over.
func (st *Store) Running() []string { return st.life.running() }

// NextID returns an id that is unique in the store: "1", "2", … It names requests; tests can rely on the order.
func (st *Store) NextID() string { return strconv.FormatUint(st.ids.Add(1), 10) }

// Context returns a context that ends when the store is closed; its cause is [ErrClosed].
func (st *Store) Context() context.Context { return st.life.ctx }

// OnClose registers a function that [Store.Close] calls, the newest first, for packages that keep something running
// beside the store. On a closed store it is called at once. The returned function takes it back. A panic in it is
// contained, and part of what Close returns.
func (st *Store) OnClose(fn func() error) (cancel func()) {
	cancel, ok := st.life.onClose(fn)
	if !ok {
		if err := contained("close function", fn); err != nil {
			st.logger.Error("store: close function failed", "error", err)
		}
	}
	return cancel
}
