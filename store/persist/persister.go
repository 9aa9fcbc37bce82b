package persist

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"slate/store"
)

// Options sets up a [Persister]. The zero value is ready for use.
type Options struct {
	// MaxDelay is the longest time between a change and its write, as long as the storage works: changes that are made
	// meanwhile are written together, so there is at most one write in this time. 0 stands for DefaultMaxDelay.
	MaxDelay time.Duration

	// WriteThrough makes Dispatch return only when the storage has the change, with a *WriteError where that failed (the
	// change is made then, and the write is tried again). It costs one write for each action that changes a saved slice. An
	// action that comes before its slice is restored does not wait. In the browser, a dispatch must not come straight from
	// a JavaScript callback then: the storage's answer could not arrive.
	WriteThrough bool

	// Allow has the names of the slices that are saved; all of the persister's where empty. Deny has the names of those
	// that are not. Both let a user's setting choose among what the program declares. An unknown name is an error.
	Allow, Deny []string

	// OnError hears of everything that goes wrong in the background: *RestoreError, *WriteError and *EncodeError. It is
	// called with one error at a time and may use the persister and the store, but must not close the store, which waits for
	// it: start a goroutine that does. Where nil, the store's logger gets the errors; they hold no saved data.
	OnError func(error)

	// CloseTimeout is how long closing the store waits for the last write; 0 stands for DefaultCloseTimeout.
	CloseTimeout time.Duration
}

// Defaults of [Options].
const (
	DefaultMaxDelay     = time.Second
	DefaultCloseTimeout = 5 * time.Second
)

// Failed storage calls are tried again after a time that doubles from the first to the second of these.
const (
	firstRetry = 100 * time.Millisecond
	lastRetry  = 30 * time.Second
)

// Persister saves slices of one store in a storage and restores them from there. Make it with [New] and put its
// [Persister.Enhancer] into the store's options. All methods are safe for concurrent use.
type Persister struct {
	storage Storage
	opts    Options
	entries []*entry
	others  []*entry        // that Options.Allow and Deny exclude: they are only purged
	ctx     context.Context // ends when the store is closed
	cancel  context.CancelFunc
	tasks   sync.WaitGroup
	turn    chan struct{} // held by who writes; one at a time

	settled chan struct{} // closed when no slice waits for the storage's first answer

	// Locks are taken in this order: the store's, then mu. Who holds mu asks the store for nothing but its snapshot.
	mu        sync.Mutex
	st        *store.Store
	closed    bool
	paused    bool
	unsettled int
	since     time.Time   // of the first change that is not stored; zero: there is none
	timer     *time.Timer // of the next write; nil: none is planned
	writing   bool
	attempts  int // failed writes since the last good one
	lastErr   error
	errs      []error // to be told
	telling   bool
	lastWrite time.Time
	unwatch   func() // ends waiting for slices to be mounted; nil: nobody waits
}

// entry is a slice in a persister. All but decl is guarded by the persister's mu.
type entry struct {
	decl     *declaration
	phase    phase
	settled  bool // the storage has answered once, or failed to
	dirty    bool // has changes that are not stored
	stuck    bool // the codec cannot write it; it is tried again when it changes
	data     any  // what was saved (*S), while the slice waits for being mounted
	old      bool // data has a form that is no longer written
	pending       // what happened while it was not live
	mounted  bool // it is known to be in the store
	own      bool // the next transition is our own
	err      error
	retry    *time.Timer
	attempts int
	written  uint64 // hash of what was written last; 0: nothing
}

// phase is how far a slice has come.
type phase uint8

const (
	loading phase = iota // its data is being read, or will be tried again
	waiting              // its data is there, the slice is not mounted yet
	live                 // restored: changes are written
	blocked              // its data cannot be read and stays where it is: changes are not written
)

// New returns a persister of slices in a storage. The storage stays the caller's, to be closed after the store. The error
// is a [*SetupError], [*MissingStepError] or [*StepTypeError]: a mistake in the declaration of a slice, found at start-up
// and not when a person's old data comes along.
func New(storage Storage, opts Options, list ...Persisted) (*Persister, error) {
	if opts.MaxDelay <= 0 {
		opts.MaxDelay = DefaultMaxDelay
	}
	if opts.CloseTimeout <= 0 {
		opts.CloseTimeout = DefaultCloseTimeout
	}
	p := &Persister{storage: storage, opts: opts, turn: make(chan struct{}, 1), settled: make(chan struct{})}
	names := map[string]bool{}
	var errs []error
	for _, s := range list {
		d := s.decl
		errs = append(errs, d.check())
		for _, e := range slices.Concat(p.entries, p.others) {
			if e.decl.name == d.name || clash(e.decl.key, d.key) || clash(d.key, e.decl.key) {
				errs = append(errs, &SetupError{d.name, fmt.Sprintf("its key %q is also that of slice %q", d.key, e.decl.name)})
			}
		}
		names[d.name] = true
		if (len(opts.Allow) == 0 || slices.Contains(opts.Allow, d.name)) && !slices.Contains(opts.Deny, d.name) {
			p.entries = append(p.entries, &entry{decl: d})
		} else {
			p.others = append(p.others, &entry{decl: d})
		}
	}
	for _, name := range slices.Concat(opts.Allow, opts.Deny) {
		if !names[name] {
			errs = append(errs, &SetupError{name, "Options.Allow or Deny names it, and the persister has no such slice"})
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	p.unsettled = len(p.entries)
	if p.unsettled == 0 {
		close(p.settled)
	}
	return p, nil
}

// clash reports whether data of a under one of its keys could be taken for b's.
func clash(a, b string) bool { return a == b || strings.HasPrefix(b, a+asideMark) }

// Enhancer attaches the persister to the store that is being made, which must be one of its own:
//
//	st, err := store.New(store.Options{Enhancers: []store.Enhancer{p.Enhancer()}}, todos.Slice, settings.Slice)
//
// With a [Synchronous] storage the slices are restored when store.New returns. With any other the store does not wait for
// the storage: [Persister.Restored] does. Slices that are injected later are restored then. Closing the store writes what
// is left. A second store gets [ErrAttached].
func (p *Persister) Enhancer() store.Enhancer { return p.attach }

func (p *Persister) attach(st *store.Store) error {
	mounted := st.Slices()
	p.mu.Lock()
	if p.st != nil {
		p.mu.Unlock()
		return ErrAttached
	}
	p.st = st
	for _, m := range mounted {
		for _, e := range p.entries {
			e.mounted = e.mounted || e.decl.name == m.Name()
		}
	}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	p.mu.Unlock()

	if p.opts.WriteThrough {
		if _, err := st.Use(p.writeThrough); err != nil {
			return err
		}
	}
	untap := st.Tap(p.tap)
	stay := onLeaving(p.hurry)
	st.OnClose(func() error {
		stay()
		err := p.close()
		untap()
		return err
	})
	s, ok := p.storage.(Synchronous)
	atOnce := ok && s.Synchronous()
	for _, e := range p.entries {
		if atOnce {
			p.restore(e)
		} else {
			p.start(func() { p.restore(e); p.tell() })
		}
	}
	if atOnce {
		p.tell()
	}
	return nil
}

// start runs fn on a goroutine that close waits for. It does nothing once the store is closed.
func (p *Persister) start(fn func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.startLocked(fn)
}

func (p *Persister) startLocked(fn func()) {
	if !p.closed {
		p.tasks.Go(fn)
	}
}

// tap hears of every action, under the store's lock.
func (p *Persister) tap(t store.Transition) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.entries {
		switch {
		case e.own:
			e.own = false
		default:
			changed := t.Before != t.After && e.decl.changed(t.Before, t.After)
			e.mounted = e.mounted || changed
			switch {
			case e.phase != live && e.mounted:
				e.add(t.Action, changed)
			case changed:
				e.stuck = false
				p.markLocked(e)
			}
		}
	}
}

// hurry writes what there is without waiting for its time, unless in a pause.
func (p *Persister) hurry() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.paused && !p.since.IsZero() {
		p.startLocked(func() { _ = p.write(p.ctx) })
	}
}

// close ends what runs in the background and writes what is left.
func (p *Persister) close() error {
	p.mu.Lock()
	p.closed = true
	p.paused = false
	if p.timer != nil {
		p.timer.Stop()
	}
	for _, e := range p.entries {
		if e.retry != nil {
			e.retry.Stop()
		}
	}
	if p.unwatch != nil {
		p.unwatch()
	}
	p.mu.Unlock()
	p.cancel()
	p.tasks.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), p.opts.CloseTimeout)
	defer cancel()
	return p.last(ctx)
}

// note queues an error for who wants to know. It is told outside of all locks, and of the turn.
func (p *Persister) note(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lastErr = err
	p.errs = append(p.errs, err)
}

// noteLocked queues why a slice is not what was saved, and keeps it with the slice.
func (p *Persister) noteLocked(e *entry, err error) {
	e.err, p.lastErr = err, err
	p.errs = append(p.errs, err)
}

// tell tells the errors in the queue, unless that is being done already. Who is told may use the persister.
func (p *Persister) tell() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.telling {
		return
	}
	p.telling = true
	for len(p.errs) > 0 {
		err := p.errs[0]
		p.errs = p.errs[1:]
		p.mu.Unlock()
		if p.opts.OnError != nil {
			p.opts.OnError(err)
		} else {
			p.st.Logger().Error("persist: a slice is not restored or not saved", "error", err)
		}
		p.mu.Lock()
	}
	p.telling = false
}
