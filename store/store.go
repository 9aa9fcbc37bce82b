package store

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
)

// Dispatcher sends an action on: to the next middleware, and at last to the reducers.
type Dispatcher func(Action) error

// Middleware wraps dispatching: it gets the store and the next link, and returns a link that sees every action before
// the reducers do. It may pass the action on, change it, drop it, refuse it with an error or dispatch others. It must not
// pass actions on in another order than they came: later ones rely on earlier ones. A dispatch on st goes through the
// whole chain again. The returned function must be safe for concurrent use.
//
//	func Logging(st *store.Store, next store.Dispatcher) store.Dispatcher {
//		return func(a store.Action) error {
//			slog.Debug("dispatch", "type", a.Type())
//			return next(a)
//		}
//	}
type Middleware func(st *Store, next Dispatcher) Dispatcher

// Options sets up a [Store]. The zero value is ready for use.
type Options struct {
	// Middleware wraps the store's dispatcher, the outermost first.
	Middleware []Middleware

	// Saved is what [Store.Encode] wrote in an earlier run. Mounted slices start with their part of it, also those that are
	// injected later. Parts that no slice claims are kept for the next Encode and otherwise ignored. A struct's fields that
	// the saved part does not name start with their initial value.
	Saved []byte

	// Logger hears of contained panics: of reducers, subscribers and selectors. Payloads are never logged.
	// slog.Default() where nil.
	Logger *slog.Logger
}

// Store holds the state of an application: one immutable snapshot that only actions change. Create it with [New], end it
// with [Store.Close]. All methods are safe for concurrent use; the package documentation lists what is promised.
type Store struct {
	logger   *slog.Logger
	dispatch Dispatcher // the middleware chain; nil while it is being built

	root   atomic.Pointer[root]
	notify notifier

	mu      sync.Mutex // held while reducers run and while slices are mounted
	mounted []*sliceCore
	byName  map[string]*sliceCore
	kinds   map[string]*kind
	routes  map[*kind][]*sliceCore // the slices that answer to a kind; filled on first use
	saved   map[string]json.RawMessage

	deps sync.Map // *depKey → *depCell
	ids  atomic.Uint64
	life life
}

// New returns a store with the given slices. The error is a [*DuplicateSliceError] where two slices share a name and a
// [*DecodeError] where Options.Saved is malformed.
func New(opts Options, slices ...Mountable) (*Store, error) {
	st := &Store{
		logger: opts.Logger,
		byName: map[string]*sliceCore{},
		kinds:  map[string]*kind{},
		routes: map[*kind][]*sliceCore{},
	}
	if st.logger == nil {
		st.logger = slog.Default()
	}
	if len(opts.Saved) > 0 {
		if err := json.Unmarshal(opts.Saved, &st.saved); err != nil {
			return nil, &DecodeError{What: "saved state", Err: err}
		}
	}
	st.root.Store(&root{})
	st.life.init()
	if err := st.Inject(slices...); err != nil {
		return nil, err
	}
	chain := st.reduce
	for i := len(opts.Middleware) - 1; i >= 0; i-- {
		chain = opts.Middleware[i](st, chain)
	}
	st.dispatch = chain
	return st, nil
}

// State returns the present snapshot. It takes no lock and may be called from anywhere, also from a subscriber.
func (st *Store) State() State { return State{st.root.Load()} }

// Inject adds slices to the store (combineSlices.inject in Redux Toolkit). Before that they read as their initial value;
// after it they start with their part of Options.Saved, or that initial value. A slice that is mounted already is left
// alone. The errors are those of [New], [ErrInReducer] and [ErrClosed]; either all slices are added or none.
func (st *Store) Inject(slices ...Mountable) error {
	if err := st.lock(); err != nil {
		return err
	}
	defer st.drain()
	defer st.mu.Unlock()
	if st.life.closed() {
		return ErrClosed
	}

	var added []*sliceCore
	d := draft{base: st.root.Load()}
	for _, m := range slices {
		c := m.mount()
		known := st.byName[c.name]
		if known == nil {
			known = named(added, c.name)
		}
		switch known {
		case nil:
		case c:
			continue
		default:
			return &DuplicateSliceError{Name: c.name}
		}
		state := c.initial
		if data, ok := st.saved[c.name]; ok {
			var err error
			if state, err = c.decode(data); err != nil {
				return &DecodeError{What: "saved slice " + c.name, Err: err}
			}
		}
		added = append(added, c)
		d.set(c.index, state)
	}
	if len(added) == 0 {
		return nil
	}
	for _, c := range added {
		c.sealed.Store(true)
		st.byName[c.name] = c
		delete(st.saved, c.name)
		for k := range c.cases {
			st.kinds[k.typ] = k
		}
	}
	st.mounted = append(st.mounted, added...)
	clear(st.routes)
	st.publish(d.next, added)
	return nil
}

func named(cs []*sliceCore, name string) *sliceCore {
	for _, c := range cs {
		if c.name == name {
			return c
		}
	}
	return nil
}

func (st *Store) kindNamed(typ string) (*kind, error) {
	if err := st.lock(); err != nil {
		return nil, err
	}
	defer st.mu.Unlock()
	return st.kinds[typ], nil
}

// Logger returns the logger of the store's options, for packages that build on the store.
func (st *Store) Logger() *slog.Logger { return st.logger }

// Close ends the store: the contexts of thunks and the streams of [Changes] end, the functions of [Store.OnClose] are
// called, the thunks, requests and mutations that run are waited for, subscribers are stopped. Later calls return [ErrClosed]; the last snapshot
// stays readable, and it is the last: no dispatch changes it once Close returned. Closing twice is a no-op; the second
// call does not wait for the first.
//
// Close must not be called from a thunk, for which it would wait, nor from a subscriber, which may be called by one. From
// a reducer it returns [ErrInReducer].
func (st *Store) Close() error {
	if err := st.lock(); err != nil {
		return err
	}
	first := st.life.end()
	st.mu.Unlock()
	if !first {
		return nil
	}
	err := errors.Join(st.life.runHooks()...)
	st.life.wait()
	st.notify.end()
	return err
}

// Context returns a context that ends when the store is closed; its cause is [ErrClosed].
func (st *Store) Context() context.Context { return st.life.ctx }

// OnClose registers a function that [Store.Close] calls, the newest first, for packages that keep something running
// beside the store. On a closed store it is called at once. The returned function takes it back.
func (st *Store) OnClose(fn func() error) (cancel func()) {
	cancel, ok := st.life.onClose(fn)
	if !ok {
		if err := fn(); err != nil {
			st.logger.Error("store: close function failed", "error", err)
		}
	}
	return cancel
}
