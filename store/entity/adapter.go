package entity

import (
	"cmp"
	"sync/atomic"

	"slate/store/entity/internal/order"
	"slate/store/internal/pmap"
)

// Adapter declares what the entities of a kind have in common (createEntityAdapter in Redux Toolkit): how an id is read from
// one, how they are sorted, which indexes are kept. Its methods make changed collections. Declare it as a package variable;
// make it with [NewAdapter].
//
// The methods that take one thing besides the collection have the form of a reducer, and can be one where the collection is
// the slice's whole state:
//
//	var Added = store.Case(Slice, "added", Todos.Add)
//
// It is safe for concurrent use.
type Adapter[K comparable, V any] struct {
	decl atomic.Pointer[declaration[K, V]]
}

// Options are what an adapter may do beyond knowing ids. The zero Options keeps entities in the order of their insertion.
type Options[V any] struct {
	// Compare sorts the collection: negative where a comes before b, as in slices.SortFunc. Entities that compare equal
	// stay in the order of their insertion. It must be pure. Nil: all are in the order of their insertion.
	Compare func(a, b V) int

	// Merge returns what [Adapter.Upsert] makes of an entity that is there and one that comes in with the same id. It must
	// be pure and keep the id. Nil: the incoming one, since a Go struct always has all of its fields. Set it where entities
	// come in with only some of them filled in.
	Merge func(old, incoming V) V
}

// declaration is what an adapter knows; a new one is made with each index.
type declaration[K comparable, V any] struct {
	id      func(V) K
	merge   func(old, incoming V) V
	sorted  bool
	compare order.Compare // never 0 for different entities
	same    sameness[V]
	sameID  pmap.Keys
	groups  []grouping // empty, one for each index
}

// NewAdapter returns the adapter for entities whose id is what id returns. Id must be pure and quick.
func NewAdapter[K comparable, V any](id func(V) K, opts Options[V]) *Adapter[K, V] {
	d := &declaration[K, V]{id: id, merge: opts.Merge, compare: bySeq[K, V], same: samenessOf[V](), sameID: sameID[K, V]}
	if d.merge == nil {
		d.merge = theLast[V]
	}
	if compare := opts.Compare; compare != nil {
		d.sorted = true
		d.compare = func(a, b *pmap.Leaf) int {
			if c := compare(entryOf[K, V](a).val, entryOf[K, V](b).val); c != 0 {
				return c
			}
			return bySeq[K, V](a, b)
		}
	}
	a := new(Adapter[K, V])
	a.decl.Store(d)
	return a
}

func bySeq[K comparable, V any](a, b *pmap.Leaf) int {
	return cmp.Compare(entryOf[K, V](a).seq, entryOf[K, V](b).seq)
}

// index declares one more index and returns its number.
func (a *Adapter[K, V]) index(g grouping) int {
	for {
		old := a.decl.Load()
		d := *old
		n := len(d.groups)
		d.groups = append(d.groups[:n:n], g)
		if a.decl.CompareAndSwap(old, &d) {
			return n
		}
	}
}

// Of returns the collection of these entities, as SetAll makes it from an empty one: for a slice's initial value.
func (a *Adapter[K, V]) Of(vs ...V) Entities[K, V] { return a.SetAll(Entities[K, V]{}, vs) }

// Add returns the collection with one more entity; the collection itself where its id is taken (addOne in Redux Toolkit).
func (a *Adapter[K, V]) Add(e Entities[K, V], v V) Entities[K, V] {
	d := a.draft(e)
	d.Add(v)
	return d.result()
}

// AddMany is [Adapter.Add] for several entities: the first with an id wins.
func (a *Adapter[K, V]) AddMany(e Entities[K, V], vs []V) Entities[K, V] {
	return a.many(e, vs, theFirst, (*Draft[K, V]).Add)
}

// Set returns the collection with an entity in it, in place of the one with its id where there is one, which keeps its
// place in the order of insertion (setOne in Redux Toolkit).
func (a *Adapter[K, V]) Set(e Entities[K, V], v V) Entities[K, V] {
	d := a.draft(e)
	d.Set(v)
	return d.result()
}

// SetMany is [Adapter.Set] for several entities: the last with an id wins.
func (a *Adapter[K, V]) SetMany(e Entities[K, V], vs []V) Entities[K, V] {
	return a.many(e, vs, theLast, (*Draft[K, V]).Set)
}

// SetAll returns the collection of the entities in vs and no others: the last with an id wins, at the place of the first. It
// is the collection itself where that holds the same entities in the same order, and shares all that is unchanged with it
// where only some of the entities are different: a list that is fetched again wakes those only who watch what changed.
func (a *Adapter[K, V]) SetAll(e Entities[K, V], vs []V) Entities[K, V] {
	t := load(a.decl.Load(), vs, theLast)
	if t == nil || e.t == nil {
		return Entities[K, V]{t}
	}
	d := a.draft(e)
	if !d.hasOrderOf(t) {
		return Entities[K, V]{t}
	}
	t.order.Walk(0, t.order.Len(), func(l *pmap.Leaf) bool {
		d.Set(entryOf[K, V](l).val)
		return true
	})
	if !d.hasOrderOf(t) { // among those that compare equal now and did not before
		return Entities[K, V]{t}
	}
	return d.result()
}

// Upsert returns the collection with an entity added, or merged into the one with its id: see [Options].Merge (upsertOne in
// Redux Toolkit).
func (a *Adapter[K, V]) Upsert(e Entities[K, V], v V) Entities[K, V] {
	d := a.draft(e)
	d.Upsert(v)
	return d.result()
}

// UpsertMany is [Adapter.Upsert] for several entities; those with one id are merged one after the other.
func (a *Adapter[K, V]) UpsertMany(e Entities[K, V], vs []V) Entities[K, V] {
	return a.many(e, vs, a.decl.Load().merge, (*Draft[K, V]).Upsert)
}

// Update returns the collection with recipe's result in place of the entity with an id (updateOne in Redux Toolkit):
//
//	s.Todos = Todos.Update(s.Todos, id, func(t Todo) Todo { t.Done = true; return t })
//
// The recipe is a reducer of one entity: it gets a shallow copy and must be pure. It is not called where there is no such
// entity. Where it changes nothing, the collection is returned as it was. Where it changes the id, the entity keeps its
// place in the order of insertion, and another one that had the new id is gone.
func (a *Adapter[K, V]) Update(e Entities[K, V], id K, recipe func(V) V) Entities[K, V] {
	d := a.draft(e)
	d.Update(id, recipe)
	return d.result()
}

// Change is one step of [Adapter.UpdateMany].
type Change[K comparable, V any] struct {
	ID     K         // which entity, by the id that it has before the call
	Recipe func(V) V // what becomes of it; must be pure
}

// UpdateMany is [Adapter.Update] for several entities. All ids mean the collection as it is before the call. Several
// changes of one entity are made one after the other and count as one: of several new ids, the last is taken.
func (a *Adapter[K, V]) UpdateMany(e Entities[K, V], changes []Change[K, V]) Entities[K, V] {
	return a.Edit(e, func(d *Draft[K, V]) {
		recipes := make(map[K][]func(V) V, len(changes))
		for _, c := range changes {
			recipes[c.ID] = append(recipes[c.ID], c.Recipe)
		}
		for _, c := range changes {
			all := recipes[c.ID]
			delete(recipes, c.ID)
			if len(all) > 0 && e.Has(c.ID) {
				d.Update(c.ID, func(v V) V {
					for _, recipe := range all {
						v = recipe(v)
					}
					return v
				})
			}
		}
	})
}

// UpdateAll is [Adapter.Update] for every entity, in order.
func (a *Adapter[K, V]) UpdateAll(e Entities[K, V], recipe func(V) V) Entities[K, V] {
	return a.Edit(e, func(d *Draft[K, V]) { d.updateAll(recipe) })
}

// Remove returns the collection without the entity with an id; the collection itself where there is none (removeOne in
// Redux Toolkit).
func (a *Adapter[K, V]) Remove(e Entities[K, V], id K) Entities[K, V] {
	d := a.draft(e)
	d.Remove(id)
	return d.result()
}

// RemoveMany is [Adapter.Remove] for several ids.
func (a *Adapter[K, V]) RemoveMany(e Entities[K, V], ids []K) Entities[K, V] {
	return a.Edit(e, func(d *Draft[K, V]) {
		for _, id := range ids {
			d.Remove(id)
		}
	})
}

// RemoveAll returns the empty collection. It takes the old one to have the form of a reducer.
func (a *Adapter[K, V]) RemoveAll(Entities[K, V]) Entities[K, V] { return Entities[K, V]{} }

// many does one thing for every entity; where the collection is empty, at once.
func (a *Adapter[K, V]) many(e Entities[K, V], vs []V, resolve func(first, again V) V, do func(*Draft[K, V], V)) Entities[K, V] {
	if len(vs) == 0 {
		return e
	}
	if e.t == nil {
		return Entities[K, V]{load(a.decl.Load(), vs, resolve)}
	}
	return a.Edit(e, func(d *Draft[K, V]) {
		for _, v := range vs {
			do(d, v)
		}
	})
}
