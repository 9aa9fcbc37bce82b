package persist

import (
	"context"
	"fmt"
)

// Copy copies all that one storage holds into another, in one transaction: to move from localStorage to IndexedDB, say, or
// into an encrypted storage, whose values must be sealed anew. It fails with [ErrExists] and changes nothing where a key is
// taken; so it may run at every start until it has succeeded once. What is kept aside is copied too.
func Copy(ctx context.Context, from, to Storage) error {
	keys, err := from.Keys(ctx)
	if err != nil {
		return err
	}
	var changes []Change
	for _, key := range keys {
		value, ok, err := from.Get(ctx, key)
		if err != nil {
			return fmt.Errorf("persist: copy: %w", err)
		}
		if ok {
			changes = append(changes, Create(key, value))
		}
	}
	return to.Apply(ctx, changes...)
}
