package devtools

import (
	"sync"
	"sync/atomic"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"slate/store"
)

// Unrecorded is the type of an entry for changes that the log did not see as actions: slices that were mounted, and
// whatever happened while recording was paused.
const Unrecorded = "@@slate/unrecorded"

// Log is the action log of one store, and the way back and forth in it. Create it with [New] or [Open]. It ends with the
// store, and stays readable after that. All methods are safe for concurrent use.
type Log struct {
	opts     Options
	pictures *lru.Cache[store.State, *picture]
	latest   atomic.Pointer[picture] // the one that was made last
	worker   worker

	command sync.Mutex // held while one edits the history; taken before mu and before the store's lock

	mu      sync.Mutex // held for moments, also under the store's lock: who holds it must not ask the store
	st      *store.Store
	initial store.State
	h       history
	live    store.State // the newest snapshot of the store that was seen
	epoch   uint64
	seen    uint64 // transitions so far
	trip    *trip  // the edit under way
	unlock  func() // takes the middleware out that refuses actions
}

// New returns a log without a store. Give it to one store with [Log.Enhancer].
func New(opts Options) *Log {
	pictures, _ := lru.New[store.State, *picture](picturesKept) // the error is for sizes below one
	l := &Log{opts: opts.withDefaults(), pictures: pictures}
	l.h.at, l.h.next = -1, 1
	l.worker.init()
	return l
}

// Open attaches a new log to a running store. What happened before is not in it. The error is that of [Log.Enhancer].
func Open(st *store.Store, opts Options) (*Log, error) {
	l := New(opts)
	return l, l.attach(st)
}

var attached = store.NewDep[*Log]("devtools log")

// Of returns the log of a store; false where it has none.
func Of(st *store.Store) (*Log, bool) { return attached.Of(st) }

// Enhancer attaches the log to a store that is being made:
//
//	log := devtools.New(devtools.Options{})
//	st, err := store.New(store.Options{Enhancers: []store.Enhancer{log.Enhancer()}}, …)
//
// It fails with [ErrAttached].
func (l *Log) Enhancer() store.Enhancer { return l.attach }

func (l *Log) attach(st *store.Store) error {
	l.mu.Lock()
	if l.st != nil || attached.OfOr(st, func(*store.Store) *Log { return l }) != l {
		l.mu.Unlock()
		return ErrAttached
	}
	now := st.State()
	l.st, l.initial, l.live, l.h.base = st, now, now, now
	l.mu.Unlock()

	untap := st.TapTimed(l.record)
	go l.run()
	st.OnClose(func() error {
		untap()
		l.worker.end()
		return nil
	})
	return nil
}

// Store returns the store that the log belongs to; nil where it belongs to none.
func (l *Log) Store() *store.Store {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.st
}

// Options returns the log's options, with the defaults filled in.
func (l *Log) Options() Options { return l.opts }

// record is the tap. It runs in the dispatch: it notes what happened and leaves all work to those who look.
func (l *Log) record(t store.Transition) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen++
	if l.h.paused && l.trip == nil {
		return
	}
	if t.Before != l.live {
		l.add(l.unrecorded(t.Before, t.At))
	}
	l.live = t.After
	jump := store.Jumped.Matches(t.Action)
	switch {
	case jump && l.trip != nil && l.trip.leaving:
		l.land(t)
		return // who edits wakes the worker
	case l.h.paused:
		l.add(&record{typ: Unrecorded, at: t.At, before: t.Before, after: t.After, sets: true})
	default:
		l.add(&record{typ: t.Action.Type(), action: t.Action, at: t.At, took: t.Took, before: t.Before, after: t.After, sets: jump})
	}
	l.worker.wake()
}

// unrecorded returns a record of what happened from the newest known state to another one. The caller holds l.mu.
func (l *Log) unrecorded(now store.State, at time.Time) *record {
	return &record{typ: Unrecorded, at: at, before: l.live, after: now, sets: true}
}

// add appends a record and keeps the log within its bounds. The caller holds l.mu.
func (l *Log) add(r *record) {
	if r.at.IsZero() {
		r.at = time.Now()
	}
	if l.h.append(r) {
		l.epoch++
	}
	if l.trip != nil {
		l.trip.since = append(l.trip.since, r)
	}
	l.h.drop(len(l.h.steps) - l.opts.MaxActions)
}
