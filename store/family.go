package store

import (
	"sync/atomic"

	lru "github.com/hashicorp/golang-lru/v2"
)

// Family is a selector with a parameter: one selector for each key, of which the most recently used are kept. Make it with
// [NewFamily]. It is safe for concurrent use.
type Family[K comparable, T any] struct {
	make    func(K) Selector[T]
	members *lru.Cache[K, Selector[T]]
	hits    atomic.Uint64
	misses  atomic.Uint64
	evicted atomic.Uint64
}

// NewFamily returns a family that keeps size selectors and makes one for a key that it does not know (a selector factory
// in Redux, without its leaks). It panics where size is less than 1: declare families as package variables.
//
//	var ByList = store.NewFamily(100, func(list string) store.Selector[[]Todo] {
//		return store.Derive(All, func(todos []Todo) []Todo { return inList(todos, list) })
//	})
//
//	todos := ByList.Of(state, "groceries")
func NewFamily[K comparable, T any](size int, make func(K) Selector[T]) *Family[K, T] {
	f := &Family[K, T]{make: make}
	members, err := lru.New[K, Selector[T]](size)
	if err != nil {
		panic("store: NewFamily needs a size of at least 1")
	}
	f.members = members
	return f
}

// With returns the selector of a key, to subscribe to it or to derive from it. Who keeps it has it for good, also when the
// family has let it go.
func (f *Family[K, T]) With(key K) Selector[T] {
	if s, ok := f.members.Get(key); ok {
		f.hits.Add(1)
		return s
	}
	f.misses.Add(1)
	s := f.make(key)
	known, ok, evicted := f.members.PeekOrAdd(key, s)
	if evicted {
		f.evicted.Add(1)
	}
	if ok { // somebody else was quicker
		return known
	}
	return s
}

// Of returns the selected value of a snapshot for a key.
func (f *Family[K, T]) Of(state State, key K) T { return f.With(key).Of(state) }

// FamilyStats counts what became of a family's reads.
type FamilyStats struct {
	Len     int    // selectors kept at present
	Hits    uint64 // reads that found their selector
	Misses  uint64 // reads that had it made
	Evicted uint64 // selectors that were let go to make room
}

// Stats returns the family's counts. Many misses that come with as many evictions say that the size is too small.
func (f *Family[K, T]) Stats() FamilyStats {
	return FamilyStats{f.members.Len(), f.hits.Load(), f.misses.Load(), f.evicted.Load()}
}

// Clear lets all selectors go.
func (f *Family[K, T]) Clear() { f.members.Purge() }
