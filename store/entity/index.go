package entity

import (
	"iter"
	"slices"

	"slate/store"
	"slate/store/entity/internal/order"
	"slate/store/internal/pmap"
)

// Index finds the entities of a collection by a property other than their id. It is kept with every change, at the cost of
// one more insertion in O(log n); asking it costs no more than reading the result. Declare indexes as package variables,
// beside the [Adapter]. Make them with [NewIndex] and [NewMultiIndex].
type Index[K comparable, V any, I comparable] struct {
	adapter *Adapter[K, V]
	number  int // place in version.groups
}

// NewIndex declares an index of an adapter's collections by the value that key returns: the todos by owner. Key must be
// pure. Collections that exist already are indexed when they are next used.
func NewIndex[K comparable, V any, I comparable](a *Adapter[K, V], key func(V) I) *Index[K, V, I] {
	return newIndex(a, func(into []I, l *pmap.Leaf) []I { return append(into, key(entryOf[K, V](l).val)) })
}

// NewMultiIndex declares an index under which an entity is found by each of several values, or by none: the todos by tag.
// Keys must be pure; a value that it returns twice counts once. It is meant for a few values per entity.
func NewMultiIndex[K comparable, V any, I comparable](a *Adapter[K, V], keys func(V) []I) *Index[K, V, I] {
	return newIndex(a, func(into []I, l *pmap.Leaf) []I { return append(into, keys(entryOf[K, V](l).val)...) })
}

func newIndex[K comparable, V any, I comparable](a *Adapter[K, V], keys func([]I, *pmap.Leaf) []I) *Index[K, V, I] {
	return &Index[K, V, I]{a, a.index(&groups[I]{keys: keys})}
}

// Of returns the entities whose key is key, in the order of the collection.
func (ix *Index[K, V, I]) Of(e Entities[K, V], key I) List[K, V] {
	members, _ := ix.members(e).Get(key)
	return listOf[K, V](members)
}

// All yields every key that an entity has, with the entities that have it, in no particular order of the keys.
func (ix *Index[K, V, I]) All(e Entities[K, V]) iter.Seq2[I, List[K, V]] {
	return func(yield func(I, List[K, V]) bool) {
		for key, members := range ix.members(e).All() {
			if !yield(key, listOf[K, V](members)) {
				return
			}
		}
	}
}

// Select returns the selector of the entities whose key is key. Changes of entities that neither had nor have the key do
// not wake its subscribers.
func (ix *Index[K, V, I]) Select(from store.Selector[Entities[K, V]], key I) store.Selector[List[K, V]] {
	return store.Derive(from, func(e Entities[K, V]) List[K, V] { return ix.Of(e, key) })
}

func (ix *Index[K, V, I]) members(e Entities[K, V]) pmap.Map[I, order.Tree] {
	if e.t == nil {
		return pmap.Map[I, order.Tree]{}
	}
	return ix.adapter.adopt(e.t).groups[ix.number].(*groups[I]).members
}

// grouping is one index of one version, without the type of its keys.
type grouping interface {
	add(ed pmap.Edit, e *pmap.Leaf, compare order.Compare)
	remove(ed pmap.Edit, e *pmap.Leaf, compare order.Compare)
	replace(ed pmap.Edit, old, e *pmap.Leaf, compare order.Compare)
	load(ed pmap.Edit, inOrder []*pmap.Leaf)
	clone() grouping
	empty() grouping
}

// groups holds the members of each group in the order of the collection.
type groups[I comparable] struct {
	keys    func(into []I, e *pmap.Leaf) []I
	members pmap.Map[I, order.Tree]

	before, after []I // scratch of who edits it
}

func (g *groups[I]) clone() grouping { return &groups[I]{keys: g.keys, members: g.members} }
func (g *groups[I]) empty() grouping { return &groups[I]{keys: g.keys} }

func (g *groups[I]) add(ed pmap.Edit, e *pmap.Leaf, compare order.Compare) {
	g.after = g.keys(g.after[:0], e)
	for _, key := range g.after {
		g.change(ed, key, func(members order.Tree) order.Tree { return members.Put(ed, e, compare) })
	}
}

func (g *groups[I]) remove(ed pmap.Edit, e *pmap.Leaf, compare order.Compare) {
	g.before = g.keys(g.before[:0], e)
	for _, key := range g.before {
		g.change(ed, key, func(members order.Tree) order.Tree { return members.Remove(ed, e, compare) })
	}
}

func (g *groups[I]) replace(ed pmap.Edit, old, e *pmap.Leaf, compare order.Compare) {
	g.before, g.after = g.keys(g.before[:0], old), g.keys(g.after[:0], e)
	moved := compare(old, e) != 0
	for _, key := range g.before {
		if moved || !slices.Contains(g.after, key) {
			g.change(ed, key, func(members order.Tree) order.Tree { return members.Remove(ed, old, compare) })
		}
	}
	for _, key := range g.after {
		g.change(ed, key, func(members order.Tree) order.Tree { return members.Put(ed, e, compare) })
	}
}

func (g *groups[I]) load(ed pmap.Edit, inOrder []*pmap.Leaf) {
	for _, e := range inOrder {
		g.after = g.keys(g.after[:0], e)
		for i, key := range g.after {
			if !slices.Contains(g.after[:i], key) {
				g.change(ed, key, func(members order.Tree) order.Tree { return members.Append(ed, e) })
			}
		}
	}
}

// change replaces the members of one group.
func (g *groups[I]) change(ed pmap.Edit, key I, do func(order.Tree) order.Tree) {
	was, _ := g.members.Get(key)
	switch members := do(was); {
	case members == was: // changed in place
	case members.Len() == 0:
		g.members = g.members.DeleteIn(ed, key)
	default:
		g.members = g.members.SetIn(ed, key, members)
	}
}
