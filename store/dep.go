package store

import "sync"

// Dep is a typed place in a store for what cannot be part of the state because it is alive: a client, a connection, a
// key (the extra argument of Redux thunks). Declare it as a package variable; each store has its own value. All methods
// are safe for concurrent use.
type Dep[T any] struct{ key *depKey }

type depKey struct{ name string }

type depCell struct {
	mu    sync.Mutex
	value any // *T; nil: not provided
}

// NewDep declares a place. The name is for people who debug.
func NewDep[T any](name string) Dep[T] { return Dep[T]{&depKey{name}} }

// Provide sets the store's value, in place of an earlier one.
func (d Dep[T]) Provide(st *Store, v T) {
	c := d.cell(st)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.value = &v
}

// Of returns the store's value; false where none was provided.
func (d Dep[T]) Of(st *Store) (v T, ok bool) {
	c := d.cell(st)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.value == nil {
		return v, false
	}
	return *c.value.(*T), true
}

// OfOr returns the store's value and makes it first where there is none. Make runs once, also with concurrent callers; it
// must not ask for the same Dep.
func (d Dep[T]) OfOr(st *Store, make func(*Store) T) T {
	c := d.cell(st)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.value == nil {
		v := make(st)
		c.value = &v
	}
	return *c.value.(*T)
}

func (d Dep[T]) cell(st *Store) *depCell {
	c, ok := st.deps.Load(d.key)
	if !ok {
		c, _ = st.deps.LoadOrStore(d.key, &depCell{})
	}
	return c.(*depCell)
}

// Drop forgets the store's value. While OfOr makes one, it waits for it.
func (d Dep[T]) Drop(st *Store) {
	c := d.cell(st)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.value = nil
}

// String returns the name.
func (d Dep[T]) String() string { return d.key.name }
