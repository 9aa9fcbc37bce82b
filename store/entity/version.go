package entity

import (
	"slate/store/entity/internal/order"
	"slate/store/internal/pmap"
)

// version is the part of a collection that knows nothing of the types of ids and values, so that all collections of a
// program share its code: the entries by id, in order, and grouped by each index.
type version struct {
	byID   pmap.Trie
	order  order.Tree
	groups []grouping // by the number of the index
}

// editor makes the next version. All changes of one editor together copy each node at most once.
type editor struct {
	version
	ed      pmap.Edit
	compare order.Compare
	same    pmap.Keys
	sorted  bool // by more than the order of insertion
	changed bool
	moved   bool // ids came, went or changed places
}

// begin is called before the first change.
func (w *editor) begin() {
	if w.changed {
		return
	}
	w.changed = true
	groups := make([]grouping, len(w.groups))
	for i, g := range w.groups {
		groups[i] = g.clone()
	}
	w.groups = groups
}

// insert adds an entry whose id is new.
func (w *editor) insert(e *pmap.Leaf) {
	w.begin()
	w.moved = true
	w.byID, _ = w.byID.Put(w.ed, e, w.same)
	if w.sorted {
		w.order = w.order.Put(w.ed, e, w.compare)
	} else {
		w.order = w.order.Append(w.ed, e)
	}
	for _, g := range w.groups {
		g.add(w.ed, e, w.compare)
	}
}

// replace puts another version of an entity, with the same id or with a new one, in the place of the old.
func (w *editor) replace(old, e *pmap.Leaf) {
	w.begin()
	if old.Hash != e.Hash || !w.same(old, e) {
		w.moved = true
		w.byID, _ = w.byID.Remove(w.ed, old.Hash, func(o *pmap.Leaf) bool { return o == old })
	}
	w.byID, _ = w.byID.Put(w.ed, e, w.same)
	if w.compare(old, e) == 0 {
		w.order = w.order.Put(w.ed, e, w.compare)
	} else if at := w.position(old); w.fits(at, e) {
		w.order = w.order.Set(w.ed, at, e)
	} else {
		w.moved = true
		w.order = w.order.Remove(w.ed, old, w.compare).Put(w.ed, e, w.compare)
	}
	for _, g := range w.groups {
		g.replace(w.ed, old, e, w.compare)
	}
}

func (w *editor) position(e *pmap.Leaf) int {
	return w.order.Search(func(o *pmap.Leaf) bool { return w.compare(o, e) >= 0 })
}

// fits reports whether e could take the place at a position: it belongs between the neighbours.
func (w *editor) fits(at int, e *pmap.Leaf) bool {
	return (at == 0 || w.compare(w.order.At(at-1), e) < 0) &&
		(at == w.order.Len()-1 || w.compare(e, w.order.At(at+1)) < 0)
}

// remove takes out an entry.
func (w *editor) remove(e *pmap.Leaf) {
	w.begin()
	w.moved = true
	w.byID, _ = w.byID.Remove(w.ed, e.Hash, func(o *pmap.Leaf) bool { return o == e })
	w.order = w.order.Remove(w.ed, e, w.compare)
	for _, g := range w.groups {
		g.remove(w.ed, e, w.compare)
	}
}

// clear takes out everything.
func (w *editor) clear() {
	if w.order.Len() == 0 {
		return
	}
	w.begin()
	w.moved = true
	w.byID, w.order = pmap.Trie{}, order.Tree{}
	for i, g := range w.groups {
		w.groups[i] = g.empty()
	}
}
