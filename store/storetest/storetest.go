// Package storetest helps to test slices and what is built on them.
//
// [New] makes a store that ends with the test, [Step] checks what one action does to a slice, all of it, and [Recorder]
// notes which actions went through:
//
//	func TestSetUser(t *testing.T) {
//		st := storetest.New(t, currentuser.Slice)
//		storetest.Step(t, st, currentuser.Slice, currentuser.SetUser(ada), func(want *currentuser.State) {
//			want.User = &ada
//		})
//	}
package storetest

import (
	"log/slog"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slate/store"
)

// New returns a store with the given slices that is closed at the end of the test. The store logs to the test's output.
// The test fails where the store cannot be made, where closing it fails, and where something that runs in the store, such
// as a thunk, does not end within ten seconds of that.
func New(t testing.TB, slices ...store.Mountable) *store.Store {
	t.Helper()
	return NewWith(t, store.Options{}, slices...)
}

// NewWith is [New] for a store with options. Where they name no logger, the store logs to the test's output.
func NewWith(t testing.TB, opts store.Options, slices ...store.Mountable) *store.Store {
	t.Helper()
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.NewTextHandler(t.Output(), nil))
	}
	st, err := store.New(opts, slices...)
	if err != nil {
		t.Fatalf("storetest: %v", err)
	}
	t.Cleanup(func() {
		t.Helper()
		closed := make(chan error, 1)
		go func() { closed <- st.Close() }()
		select {
		case err := <-closed:
			if err != nil {
				t.Errorf("storetest: closing the store: %v", err)
			}
		case <-time.After(patience):
			t.Errorf("storetest: the store could not be closed within %v: a thunk does not end with its context", patience)
		}
	})
	return st
}

// patience is how long Close may take before the test fails.
var patience = 10 * time.Second

// Step dispatches an action and compares the slice with what is expected: the state before the action, changed by expect.
// A nil expect says that the action changes nothing. The test fails with a diff of everything that differs.
//
// Expect gets a shallow copy, as a reducer does: it may set fields; a slice or map must be replaced or cloned before it is
// written to. Unexported fields are compared as well. Where the state's type needs options of package cmp to be compared,
// compare it yourself.
func Step[S any](t testing.TB, st *store.Store, slice *store.Slice[S], action store.Action, expect func(want *S)) {
	t.Helper()
	want := slice.Of(st.State())
	if expect != nil {
		expect(&want)
	}
	if err := st.Dispatch(action); err != nil {
		t.Fatalf("storetest: %s: %v", action.Type(), err)
	}
	all := cmp.Exporter(func(reflect.Type) bool { return true })
	if diff := cmp.Diff(want, slice.Of(st.State()), all); diff != "" {
		t.Errorf("storetest: slice %q after %s (-want +got):\n%s", slice.Name(), action.Type(), diff)
	}
}

// Recorder notes the actions that reach its place in the middleware chain. The zero value is ready for use, by several
// goroutines too:
//
//	var rec storetest.Recorder
//	st := storetest.NewWith(t, store.Options{Middleware: []store.Middleware{rec.Middleware}}, slice)
type Recorder struct {
	mu      sync.Mutex
	actions []store.Action
}

// Middleware is the recorder's place in [store.Options].
func (r *Recorder) Middleware(_ *store.Store, next store.Dispatcher) store.Dispatcher {
	return func(a store.Action) error {
		r.mu.Lock()
		r.actions = append(r.actions, a)
		r.mu.Unlock()
		return next(a)
	}
}

// Actions returns the actions since the last Reset, the oldest first.
func (r *Recorder) Actions() []store.Action {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.actions)
}

// Types returns the types of [Recorder.Actions].
func (r *Recorder) Types() []string {
	actions := r.Actions()
	types := make([]string, len(actions))
	for i, a := range actions {
		types[i] = a.Type()
	}
	return types
}

// Reset forgets what was recorded.
func (r *Recorder) Reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.actions = nil
}

// Expect fails the test where the types since the last Reset are not exactly these, in this order, and then resets.
func (r *Recorder) Expect(t testing.TB, types ...string) {
	t.Helper()
	if diff := cmp.Diff(append([]string{}, types...), r.Types()); diff != "" {
		t.Errorf("storetest: actions (-want +got):\n%s", diff)
	}
	r.Reset()
}
