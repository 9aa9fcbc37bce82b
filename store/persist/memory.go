package persist

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"sync"
)

// Memory is a [Storage] that lasts as long as the value: for tests, and for platforms that have nothing better. The zero
// Memory is empty and ready for use.
type Memory struct {
	mu     sync.Mutex
	values map[string][]byte
	closed bool
}

// Get implements [Storage].
func (m *Memory) Get(ctx context.Context, key string) (value []byte, ok bool, err error) {
	if err := m.enter(ctx); err != nil {
		return nil, false, err
	}
	defer m.mu.Unlock()
	if err := checkKey(key); err != nil {
		return nil, false, err
	}
	value, ok = m.values[key]
	return bytes.Clone(value), ok, nil
}

// Apply implements [Storage].
func (m *Memory) Apply(ctx context.Context, changes ...Change) error {
	if err := m.enter(ctx); err != nil {
		return err
	}
	defer m.mu.Unlock()
	if err := checkChanges(changes); err != nil {
		return err
	}
	for _, c := range changes {
		if _, exists := m.values[c.Key]; exists && c.Op == OpCreate {
			return errExists(c.Key)
		}
	}
	if m.values == nil {
		m.values = map[string][]byte{}
	}
	for _, c := range changes {
		if c.Op == OpDelete {
			delete(m.values, c.Key)
		} else {
			m.values[c.Key] = append([]byte{}, c.Value...)
		}
	}
	return nil
}

// Synchronous implements [Synchronous].
func (*Memory) Synchronous() bool { return true }

// Keys implements [Storage].
func (m *Memory) Keys(ctx context.Context) ([]string, error) {
	if err := m.enter(ctx); err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	return slices.Sorted(maps.Keys(m.values)), nil
}

// Close implements [Storage]. What was stored is gone.
func (m *Memory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed, m.values = true, nil
	return nil
}

// enter takes the lock, or returns why the call must not begin.
func (m *Memory) enter(ctx context.Context) error {
	if err := begun(ctx); err != nil {
		return err
	}
	m.mu.Lock()
	if m.closed {
		m.mu.Unlock()
		return ErrClosed
	}
	return nil
}
