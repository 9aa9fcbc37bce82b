package entity

import "slate/store"

// Selectors are the selectors of a collection in a store (getSelectors in Redux Toolkit), made by [Adapter.Select]. Each
// method returns a new selector with a memory of its own: keep it in a variable, or in a store.Family where there are many.
type Selectors[K comparable, V any] struct {
	adapter *Adapter[K, V]
	from    store.Selector[Entities[K, V]]
}

// Select returns the selectors of the collection that from selects:
//
//	var todos = Todos.Select(store.Select(Slice, func(s State) entity.Entities[string, Todo] { return s.Todos }))
//
// What they select is in the adapter's order, also where the collection was restored from JSON.
func (a *Adapter[K, V]) Select(from store.Selector[Entities[K, V]]) Selectors[K, V] {
	return Selectors[K, V]{a, store.Derive(from, func(e Entities[K, V]) Entities[K, V] {
		if e.t == nil {
			return e
		}
		return Entities[K, V]{a.adopt(e.t)}
	})}
}

// Len selects the number of entities (selectTotal).
func (s Selectors[K, V]) Len() store.Selector[int] { return store.Derive(s.from, Entities[K, V].Len) }

// IDs selects the ids in order (selectIds). Only an id that comes, goes or moves wakes its subscribers.
func (s Selectors[K, V]) IDs() store.Selector[[]K] { return store.Derive(s.from, Entities[K, V].IDs) }

// List selects all entities as a [List], which costs nothing.
func (s Selectors[K, V]) List() store.Selector[List[K, V]] {
	return store.Derive(s.from, Entities[K, V].List)
}

// All selects all entities as a slice (selectAll), which is made anew after each change of any of them: for small
// collections. [Selectors.List] is for the others.
func (s Selectors[K, V]) All() store.Selector[[]V] {
	return store.Derive(s.from, Entities[K, V].Values)
}

// ByID selects one entity (selectById); nil where there is none. Only changes of that entity wake its subscribers. The
// entity must not be changed through the pointer.
func (s Selectors[K, V]) ByID(id K) store.Selector[*V] {
	same := s.adapter.decl.Load().same
	return store.Derive(s.from, func(e Entities[K, V]) *V {
		if found := e.find(id); found != nil {
			return &found.val
		}
		return nil
	}).Equal(func(a, b *V) bool { return a == b || a != nil && b != nil && same.of(a, b) })
}

// Page selects at most limit entities from offset on. Only changes of what is on the page wake its subscribers.
func (s Selectors[K, V]) Page(offset, limit int) store.Selector[[]V] {
	same := s.adapter.decl.Load().same
	return store.Derive(s.from, func(e Entities[K, V]) []V { return e.List().Page(offset, limit).Values() }).Equal(same.ofAll)
}
