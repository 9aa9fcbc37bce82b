package storetest

import (
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slate/store"
)

// TestStore is a store whose test accounts for everything that happens in it: what each action changes, which actions
// effects dispatch, and that no effect is left over. Make it with [NewTestStore].
//
// Its own methods are for the goroutine of the test. The store in it is a store as any other: hand ts.Store to what is
// tested, and let that dispatch from where it likes. What is dispatched on the store and not by [TestStore.Send] has to be
// received.
type TestStore struct {
	*store.Store

	t         testing.TB
	slices    []store.Mountable // whose changes are judged
	lax       bool              // nothing is judged but what the test names
	unordered bool
	compare   cmp.Options
	patience  time.Duration // 0: not set
	news      chan struct{} // holds a token where something came since the queue was last looked at

	mu    sync.Mutex
	seen  int // actions, so far
	queue []arrival
}

// arrival is an action that went through the reducers and that the test has not accounted for.
type arrival struct {
	store.Transition
	number int
}

// NewTestStore returns a test store with the given slices, which may be made by [With] and [store.Slice.Replacement]. Changes
// of all of them are judged; slices that are injected later are not. The store logs to the test's output and is closed at
// the end of the test, after what is left over was looked at.
func NewTestStore(t testing.TB, slices ...store.Mountable) *TestStore {
	t.Helper()
	return NewTestStoreWith(t, store.Options{}, slices...)
}

// NewTestStoreWith is [NewTestStore] for a store with options: middleware, enhancers, saved state. What enhancers dispatch
// while the store is made need not be received. Where they name no checks, the test fails where something writes to a state
// that must not change: a reducer, an expectation, a reader.
func NewTestStoreWith(t testing.TB, opts store.Options, slices ...store.Mountable) *TestStore {
	t.Helper()
	if opts.Checks == nil {
		opts.Checks = &store.Checks{Report: func(f store.Finding) {
			if f.Check == "mutation" {
				t.Errorf("storetest: %v", f)
			}
		}}
	}
	ts := &TestStore{Store: NewWith(t, opts, slices...), t: t, news: make(chan struct{}, 1)}
	ts.slices = append(ts.slices, slices...)
	ts.Tap(ts.arrive)
	t.Cleanup(func() {
		t.Helper()
		ts.account()
	})
	return ts
}

// Exhaustive sets whether everything has to be accounted for, as it is in the beginning. Off, [Expect] is asked only
// whether what it sets is so after the action, slices that are not named may change, receiving passes over what came
// before the action in question, and nothing is asked at the end of the test.
func (ts *TestStore) Exhaustive(on bool) { ts.lax = !on }

// Unordered sets whether the test may receive actions in another order than they were dispatched in: where effects run side
// by side, theirs is a matter of luck. Each has to be received all the same.
func (ts *TestStore) Unordered(on bool) { ts.unordered = on }

// Patience sets how long an action may be in coming when it is to be received: unless set, a day in a testing/synctest bubble
// and ten seconds elsewhere, there in any case less than what is left of the test's time.
func (ts *TestStore) Patience(d time.Duration) { ts.patience = d }

// Compare adds options of package cmp to those that states and payloads are compared with, such as cmpopts.IgnoreFields. They
// must not be comparers of errors or functions, for which there is one already.
func (ts *TestStore) Compare(options ...cmp.Option) { ts.compare = append(ts.compare, options...) }

// Ignore leaves changes of slices unjudged: those of a query API for one, whose cache only the engine can make.
func (ts *TestStore) Ignore(slices ...store.Mountable) {
	for _, s := range slices {
		name := s.Name()
		kept := ts.slices[:0]
		for _, judged := range ts.slices {
			if judged.Name() != name {
				kept = append(kept, judged)
			}
		}
		ts.slices = kept
	}
}

// arrive is the store's tap.
func (ts *TestStore) arrive(tr store.Transition) {
	ts.mu.Lock()
	ts.seen++
	ts.queue = append(ts.queue, arrival{tr, ts.seen})
	ts.mu.Unlock()
	select {
	case ts.news <- struct{}{}:
	default:
	}
}

// diff returns how got differs from want.
func (ts *TestStore) diff(want, got any) string { return diff(want, got, ts.compare) }
