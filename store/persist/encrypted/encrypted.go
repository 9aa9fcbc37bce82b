package encrypted

import (
	"context"
	"slices"

	"slate/store/persist"
)

// New returns a storage that keeps its values in s encrypted with key: AES-256-GCM with a random nonce for each write,
// bound to the storage key, so that nobody can swap two values. Keys stay readable, and so do the sizes of values. Who can
// write to s can bring an older value of the same key back, or remove it; nothing here notices that.
//
// A value that does not open gives a [*SealedError] and is left alone. Closing the returned storage closes s. New panics
// for the zero Key.
func New(s persist.Storage, key Key) persist.Storage {
	if key.secret == nil {
		panic("encrypted: New needs a key; make it with NewKey or PassphraseKey")
	}
	return &storage{s, key}
}

type storage struct {
	persist.Storage
	key Key
}

// Synchronous implements [persist.Synchronous]: as s, unless the browser is asked to decrypt.
func (e *storage) Synchronous() bool {
	s, ok := e.Storage.(persist.Synchronous)
	return ok && s.Synchronous() && !e.key.asks()
}

func (e *storage) Get(ctx context.Context, key string) (value []byte, ok bool, err error) {
	if key == recordKey {
		return nil, false, errReserved
	}
	sealed, ok, err := e.Storage.Get(ctx, key)
	if !ok || err != nil {
		return nil, false, err
	}
	value, err = e.key.open(ctx, key, sealed)
	return value, err == nil, err
}

func (e *storage) Apply(ctx context.Context, changes ...persist.Change) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	changes = slices.Clone(changes)
	for i, c := range changes {
		if c.Key == recordKey {
			return errReserved
		}
		if c.Op == persist.OpDelete {
			continue
		}
		sealed, err := e.key.seal(ctx, c.Key, c.Value)
		if err != nil {
			return err
		}
		changes[i].Value = sealed
	}
	return e.Storage.Apply(ctx, changes...)
}

func (e *storage) Keys(ctx context.Context) ([]string, error) {
	keys, err := e.Storage.Keys(ctx)
	return slices.DeleteFunc(keys, func(key string) bool { return key == recordKey }), err
}
