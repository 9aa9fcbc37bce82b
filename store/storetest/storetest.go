package storetest

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

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
	opts.Enhancers = append(starts(slices), opts.Enhancers...)
	st, err := store.New(opts, slices...)
	if err != nil {
		t.Fatalf("storetest: %v", err)
	}
	t.Cleanup(func() {
		t.Helper()
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		shut(ctx, t, st)
	})
	return st
}

// patience is how long Close may take, and how long an action may be in coming, before the test fails.
var patience = 10 * time.Second

// shut closes the store. The test fails where that fails, and where something that runs does not end before ctx.
func shut(ctx context.Context, t testing.TB, st *store.Store) {
	t.Helper()
	closed := make(chan error, 1)
	go func() { closed <- st.Close() }()
	select {
	case err := <-closed:
		if err != nil {
			t.Errorf("storetest: closing the store: %v", err)
		}
	case <-ctx.Done():
		t.Errorf("storetest: the store could not be closed (%v): what runs does not end with its context: %s",
			context.Cause(ctx), strings.Join(st.Running(), ", "))
	}
}

// Step dispatches an action and compares the slice with what is expected: the state before the action, changed by expect.
// A nil expect says that the action changes nothing. The test fails with a diff of everything that differs.
//
// Expect gets a shallow copy, as a reducer does: it may set fields; a slice or map must be replaced or cloned before it is
// written to. Step is for a store in which nobody else dispatches; a [TestStore] looks at all slices and at effects.
func Step[S any](t testing.TB, st *store.Store, slice *store.Slice[S], action store.Action, expect func(want *S)) {
	t.Helper()
	want := slice.Of(st.State())
	if expect != nil {
		expect(&want)
	}
	if err := st.Dispatch(action); err != nil {
		t.Fatalf("storetest: %s: %v", action.Type(), err)
	}
	if diff := diff(want, slice.Of(st.State()), nil); diff != "" {
		t.Errorf("storetest: slice %q after %s (-want +got):\n%s", slice.Name(), action.Type(), diff)
	}
}
