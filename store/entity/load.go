package entity

import (
	"slices"

	"slate/store/entity/internal/order"
	"slate/store/internal/pmap"
)

// load makes the collection of these entities at once; nil where there are none. Where several have the same id, resolve
// says what becomes of the earlier and the later one; the result is at the place of the first.
func load[K comparable, V any](decl *declaration[K, V], vs []V, resolve func(first, again V) V) *table[K, V] {
	if len(vs) == 0 {
		return nil
	}
	entries := make([]*pmap.Leaf, len(vs))
	for i, v := range vs {
		id := decl.id(v)
		entries[i] = newEntry(id, v, uint64(i))
	}
	const out = ^uint64(0)
	t := &table[K, V]{decl: decl, next: uint64(len(vs)), ids: new(ids[K])}
	t.byID = pmap.Build(slices.Clone(entries), decl.sameID, func(first, again *pmap.Leaf) {
		a, b := entryOf[K, V](first), entryOf[K, V](again)
		a.val = resolve(a.val, b.val) // nobody has seen it yet
		b.seq = out
	})
	entries = slices.DeleteFunc(entries, func(l *pmap.Leaf) bool { return entryOf[K, V](l).seq == out })
	if decl.sorted {
		slices.SortFunc(entries, decl.compare)
	}
	t.order = order.Build(entries, !decl.sorted)
	ed := pmap.NewEdit()
	for _, g := range decl.groups {
		g = g.clone()
		g.load(ed, entries)
		t.groups = append(t.groups, g)
	}
	return t
}

func theFirst[V any](first, _ V) V { return first }
func theLast[V any](_, again V) V  { return again }

// adopt returns the collection in the order and with the indexes of the declaration. Only a collection that was decoded, or
// is older than an index, or comes from another adapter must be made anew for that; the result is remembered beside it.
func (d *declaration[K, V]) adopt(t *table[K, V]) *table[K, V] {
	if t.decl == d {
		return t
	}
	if known := t.adopted.Load(); known != nil && known.decl == d {
		return known
	}
	adopted := load(d, Entities[K, V]{t}.Values(), theLast)
	t.adopted.Store(adopted)
	return adopted
}

func (a *Adapter[K, V]) adopt(t *table[K, V]) *table[K, V] { return a.decl.Load().adopt(t) }
