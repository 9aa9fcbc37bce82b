package entity

import "slate/store/internal/pmap"

// Draft is a collection under construction, inside a call of [Adapter.Edit]. It belongs to the goroutine of that call and
// cannot be used when it is over.
type Draft[K comparable, V any] struct {
	decl   *declaration[K, V]
	from   Entities[K, V]
	base   *table[K, V] // from, with the order and the indexes of decl
	editor editor
	next   uint64
	steps  int // counts the changes, to notice a recipe that makes some of its own
}

// Edit returns the collection that edit makes of e: any number of changes as one. It is the way to make many changes of
// different kinds, and as fast as the methods for many of a kind: parts that several changes touch are copied once.
//
//	s.Todos = Todos.Edit(s.Todos, func(d *entity.Draft[string, Todo]) {
//		for id, t := range s.Todos.All() { // the collection as it was, whatever the draft does
//			if t.Done {
//				d.Remove(id)
//			}
//		}
//		d.Set(next)
//	})
//
// Where the draft was not changed, Edit returns e.
func (a *Adapter[K, V]) Edit(e Entities[K, V], edit func(d *Draft[K, V])) Entities[K, V] {
	d := a.draft(e)
	defer d.close()
	edit(&d)
	return d.result()
}

func (a *Adapter[K, V]) draft(e Entities[K, V]) Draft[K, V] {
	decl := a.decl.Load()
	d := Draft[K, V]{decl: decl, from: e}
	d.editor = editor{ed: pmap.NewEdit(), compare: decl.compare, same: decl.sameID, sorted: decl.sorted}
	if e.t == nil {
		d.editor.groups = decl.groups
	} else {
		d.base = decl.adopt(e.t)
		d.editor.version, d.next = d.base.version, d.base.next
	}
	return d
}

// close takes the right to edit away: the result is immutable from now on.
func (d *Draft[K, V]) close() { d.decl, d.editor.ed = nil, 0 }

func (d *Draft[K, V]) result() Entities[K, V] {
	switch {
	case !d.editor.changed:
		return d.from
	case d.Len() == 0:
		return Entities[K, V]{}
	}
	t := &table[K, V]{version: d.editor.version, decl: d.decl, next: d.next}
	if d.base == nil || d.editor.moved {
		t.ids = new(ids[K])
	} else {
		t.ids = d.base.ids
	}
	return Entities[K, V]{t}
}

// Len returns the number of entities in the draft.
func (d *Draft[K, V]) Len() int { return d.editor.order.Len() }

// Get returns the entity with an id as it is in the draft; ok is false where there is none.
func (d *Draft[K, V]) Get(id K) (_ V, ok bool) {
	if found := d.find(pmap.Hash(id), id); found != nil {
		return found.val, true
	}
	var none V
	return none, false
}

// Add is [Adapter.Add].
func (d *Draft[K, V]) Add(v V) {
	id := d.declared().id(v)
	hash := pmap.Hash(id)
	if d.find(hash, id) == nil {
		d.insert(hash, id, v)
	}
}

// Set is [Adapter.Set].
func (d *Draft[K, V]) Set(v V) {
	id := d.declared().id(v)
	hash := pmap.Hash(id)
	if old := d.find(hash, id); old != nil {
		d.replace(old, v)
	} else {
		d.insert(hash, id, v)
	}
}

// Upsert is [Adapter.Upsert].
func (d *Draft[K, V]) Upsert(v V) {
	id := d.declared().id(v)
	hash := pmap.Hash(id)
	if old := d.find(hash, id); old != nil {
		d.compute(old, func(old V) V { return d.decl.merge(old, v) })
	} else {
		d.insert(hash, id, v)
	}
}

// Update is [Adapter.Update].
func (d *Draft[K, V]) Update(id K, recipe func(V) V) {
	d.declared()
	if old := d.find(pmap.Hash(id), id); old != nil {
		d.compute(old, recipe)
	}
}

// Remove is [Adapter.Remove].
func (d *Draft[K, V]) Remove(id K) {
	d.declared()
	if old := d.find(pmap.Hash(id), id); old != nil {
		d.steps++
		d.editor.remove(&old.Leaf)
	}
}

// RemoveAll empties the draft.
func (d *Draft[K, V]) RemoveAll() {
	d.declared()
	d.steps++
	d.editor.clear()
}

func (d *Draft[K, V]) updateAll(recipe func(V) V) {
	if d.base == nil {
		return
	}
	d.base.order.Walk(0, d.base.order.Len(), func(l *pmap.Leaf) bool {
		if old := entryOf[K, V](l); d.find(l.Hash, old.id) == old { // else another one took its id
			d.compute(old, recipe)
		}
		return true
	})
}

// hasOrderOf reports whether the draft has the ids of t in the same order.
func (d *Draft[K, V]) hasOrderOf(t *table[K, V]) bool {
	n := t.order.Len()
	if d.Len() != n {
		return false
	}
	i := 0
	t.order.Walk(0, n, func(l *pmap.Leaf) bool {
		if entryOf[K, V](l).id != entryOf[K, V](d.editor.order.At(i)).id {
			return false
		}
		i++
		return true
	})
	return i == n
}

func (d *Draft[K, V]) declared() *declaration[K, V] {
	if d.decl == nil {
		panic("entity: a draft is used after Edit returned; make all changes inside the function that Edit is given")
	}
	return d.decl
}

func (d *Draft[K, V]) find(hash uint64, id K) *entry[K, V] {
	return find[K, V](d.editor.byID, hash, id)
}

func (d *Draft[K, V]) insert(hash uint64, id K, v V) {
	d.steps++
	d.editor.insert(&(&entry[K, V]{pmap.Leaf{Hash: hash}, d.next, id, v}).Leaf)
	d.next++
}

// compute replaces an entity by what recipe makes of it.
func (d *Draft[K, V]) compute(old *entry[K, V], recipe func(V) V) {
	steps := d.steps
	v := recipe(old.val)
	if d.steps != steps {
		panic("entity: a recipe changed the draft that it is part of; return the new entity, and make other changes after it")
	}
	d.replace(old, v)
}

func (d *Draft[K, V]) replace(old *entry[K, V], v V) {
	id, hash := d.decl.id(v), old.Hash
	if id != old.id {
		hash = pmap.Hash(id)
		if other := d.find(hash, id); other != nil {
			d.editor.remove(&other.Leaf)
		}
	} else if d.decl.same.of(&old.val, &v) {
		return
	}
	d.steps++
	d.editor.replace(&old.Leaf, &(&entry[K, V]{pmap.Leaf{Hash: hash}, old.seq, id, v}).Leaf)
}
