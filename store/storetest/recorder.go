package storetest

import (
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slate/store"
)

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
