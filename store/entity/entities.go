package entity

import (
	"iter"
	"sync"
	"sync/atomic"
	"unsafe"

	"slate/store/entity/internal/order"
	"slate/store/internal/pmap"
)

// Entities is an immutable collection of entities V, each known by its id K: a value to keep in a slice's state (the
// EntityState of Redux Toolkit, without its two fields that must agree). The zero Entities is empty and ready for use.
//
// An [Adapter] makes a changed collection from it; reading needs none. Two collections are the same version when they are
// equal (==); a change that changes nothing returns the collection as it was. What is read must not be changed.
//
// A collection is safe for concurrent use: any number of goroutines may read it and make others from it.
type Entities[K comparable, V any] struct{ t *table[K, V] }

// table is one version of a collection that is not empty.
type table[K comparable, V any] struct {
	version
	decl    *declaration[K, V] // whose order and indexes it has; nil for a decoded one, which has only the order it was saved in
	next    uint64             // the seq of the next new entity
	ids     *ids[K]            // shared by all versions with the same ids in the same order
	adopted atomic.Pointer[table[K, V]]
}

// entry is one version of an entity. It never changes.
type entry[K comparable, V any] struct {
	pmap.Leaf
	seq uint64 // grows with each insertion: the order of what compares equal
	id  K
	val V
}

func newEntry[K comparable, V any](id K, v V, seq uint64) *pmap.Leaf {
	e := &entry[K, V]{pmap.Leaf{Hash: pmap.Hash(id)}, seq, id, v}
	return &e.Leaf
}

func entryOf[K comparable, V any](l *pmap.Leaf) *entry[K, V] {
	return (*entry[K, V])(unsafe.Pointer(l))
}

func sameID[K comparable, V any](a, b *pmap.Leaf) bool {
	return entryOf[K, V](a).id == entryOf[K, V](b).id
}

// ids is the list of ids, made when it is first asked for.
type ids[K comparable] struct {
	once sync.Once
	list []K
}

// Len returns the number of entities (selectTotal in Redux Toolkit).
func (e Entities[K, V]) Len() int {
	if e.t == nil {
		return 0
	}
	return e.t.order.Len()
}

// Get returns the entity with an id; ok is false where there is none (selectById in Redux Toolkit).
func (e Entities[K, V]) Get(id K) (_ V, ok bool) {
	if found := e.find(id); found != nil {
		return found.val, true
	}
	var none V
	return none, false
}

// Has reports whether there is an entity with an id.
func (e Entities[K, V]) Has(id K) bool { return e.find(id) != nil }

// Position returns the place of an entity in the order, from 0, in O(log n); ok is false where there is none with the id.
func (e Entities[K, V]) Position(id K) (_ int, ok bool) {
	found := e.find(id)
	if found == nil {
		return 0, false
	}
	compare := order.Compare(bySeq[K, V])
	if e.t.decl != nil {
		compare = e.t.decl.compare
	}
	return e.t.order.Search(func(o *pmap.Leaf) bool { return compare(o, &found.Leaf) >= 0 }), true
}

// IDs returns all ids in order (selectIds in Redux Toolkit). It is one list for all versions between which no id came, went
// or moved, so that a selector of the ids hears nothing of changes inside the entities. It must not be changed.
func (e Entities[K, V]) IDs() []K {
	if e.t == nil {
		return nil
	}
	ids := e.t.ids
	ids.once.Do(func() { ids.list = e.List().IDs() })
	return ids.list
}

// List returns all entities in order, as a list to page through, search and iterate. It costs nothing.
func (e Entities[K, V]) List() List[K, V] {
	if e.t == nil {
		return List[K, V]{}
	}
	return listOf[K, V](e.t.order)
}

// All yields every id and entity in order: `for id, todo := range s.Todos.All()`.
func (e Entities[K, V]) All() iter.Seq2[K, V] { return e.List().All() }

// Values returns a new slice of all entities in order (selectAll in Redux Toolkit).
func (e Entities[K, V]) Values() []V { return e.List().Values() }

func (e Entities[K, V]) find(id K) *entry[K, V] {
	if e.t == nil {
		return nil
	}
	return find[K, V](e.t.byID, pmap.Hash(id), id)
}

func find[K comparable, V any](byID pmap.Trie, hash uint64, id K) *entry[K, V] {
	return entryOf[K, V](byID.Find(hash, func(o *pmap.Leaf) bool { return entryOf[K, V](o).id == id }))
}

// List is an immutable list of entities in the order of their collection: all of it, a page of it, or those that an
// [Index] finds. It reads from the version that it was taken from. The zero List is empty. Two lists are equal (==) when
// they are the same part of the same version; a list from an index also where nothing in its group changed in between.
//
// It is safe for concurrent use.
type List[K comparable, V any] struct {
	tree     order.Tree
	from, to int
}

func listOf[K comparable, V any](tree order.Tree) List[K, V] {
	return List[K, V]{tree, 0, tree.Len()}
}

// Len returns the number of entities in the list.
func (l List[K, V]) Len() int { return l.to - l.from }

// At returns the entity at a position, in O(log n). It panics unless 0 <= i < Len().
func (l List[K, V]) At(i int) V {
	if i < 0 || i >= l.Len() {
		panic("entity: List.At is given a position outside of the list; compare it with Len first")
	}
	return entryOf[K, V](l.tree.At(l.from + i)).val
}

// Page returns the part of the list that begins at offset and has at most limit entities, in O(1). It is shorter, or empty,
// where the list ends before.
func (l List[K, V]) Page(offset, limit int) List[K, V] {
	offset = min(max(offset, 0), l.Len())
	limit = min(max(limit, 0), l.Len()-offset)
	if limit == 0 {
		return List[K, V]{}
	}
	return List[K, V]{l.tree, l.from + offset, l.from + offset + limit}
}

// Search returns the position of the first entity for which from reports true, and Len() where there is none, in O(log n).
// From must be false for the first entities of the list and true for all others, as in sort.Search. With [List.Page], it
// gives ranges of a sorted collection: from 10:00, 20 of them.
//
//	list.Page(list.Search(func(v Visit) bool { return !v.At.Before(ten) }), 20)
func (l List[K, V]) Search(from func(V) bool) int {
	at := l.tree.Search(func(e *pmap.Leaf) bool { return from(entryOf[K, V](e).val) })
	return min(max(at, l.from), l.to) - l.from
}

// All yields the ids and entities in order.
func (l List[K, V]) All() iter.Seq2[K, V] {
	return func(yield func(K, V) bool) { l.tree.Walk(l.from, l.to, pair(yield)) }
}

// Backward yields the ids and entities, the last one first.
func (l List[K, V]) Backward() iter.Seq2[K, V] {
	return func(yield func(K, V) bool) { l.tree.WalkBack(l.from, l.to, pair(yield)) }
}

func pair[K comparable, V any](yield func(K, V) bool) func(*pmap.Leaf) bool {
	return func(l *pmap.Leaf) bool {
		e := entryOf[K, V](l)
		return yield(e.id, e.val)
	}
}

// IDs returns a new slice of the ids in order.
func (l List[K, V]) IDs() []K {
	return collect(l, func(e *entry[K, V]) K { return e.id })
}

// Values returns a new slice of the entities in order.
func (l List[K, V]) Values() []V {
	return collect(l, func(e *entry[K, V]) V { return e.val })
}

func collect[K comparable, V, T any](l List[K, V], of func(*entry[K, V]) T) []T {
	if l.Len() == 0 {
		return nil
	}
	out := make([]T, 0, l.Len())
	l.tree.Walk(l.from, l.to, func(e *pmap.Leaf) bool {
		out = append(out, of(entryOf[K, V](e)))
		return true
	})
	return out
}
