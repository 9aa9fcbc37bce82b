package persisttest

import (
	"context"
	"slices"
	"sync"

	"slate/store/persist"
)

// Faulty is a storage around another that fails, lingers and is watched, as a test wants. Its fields are set before it is
// used.
type Faulty struct {
	persist.Storage

	// Before is called at the beginning of each call. It may wait, as a slow storage does, also until ctx ends; an error
	// is what the call returns then, and the storage inside does not hear of it. Nil lets everything pass.
	Before func(ctx context.Context, c Call) error

	mu    sync.Mutex
	calls []Call
}

// Call is one call of a storage.
type Call struct {
	Op   string   // "get", "apply" or "keys"
	Keys []string // which keys it names, in its order
}

// Calls returns the calls so far, also those that failed.
func (f *Faulty) Calls() []Call {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.calls)
}

// Get implements [persist.Storage].
func (f *Faulty) Get(ctx context.Context, key string) (value []byte, ok bool, err error) {
	if err := f.enter(ctx, Call{"get", []string{key}}); err != nil {
		return nil, false, err
	}
	return f.Storage.Get(ctx, key)
}

// Apply implements [persist.Storage].
func (f *Faulty) Apply(ctx context.Context, changes ...persist.Change) error {
	c := Call{Op: "apply"}
	for _, change := range changes {
		c.Keys = append(c.Keys, change.Key)
	}
	if err := f.enter(ctx, c); err != nil {
		return err
	}
	return f.Storage.Apply(ctx, changes...)
}

// Keys implements [persist.Storage].
func (f *Faulty) Keys(ctx context.Context) ([]string, error) {
	if err := f.enter(ctx, Call{Op: "keys"}); err != nil {
		return nil, err
	}
	return f.Storage.Keys(ctx)
}

func (f *Faulty) enter(ctx context.Context, c Call) error {
	f.mu.Lock()
	f.calls = append(f.calls, c)
	f.mu.Unlock()
	if f.Before == nil {
		return nil
	}
	return f.Before(ctx, c)
}
