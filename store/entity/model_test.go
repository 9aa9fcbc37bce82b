package entity_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"unsafe"

	"pgregory.net/rapid"

	"slate/store/entity"
)

// thing is an entity with everything that an index or an order can depend on.
type thing struct {
	ID, Rank, Group int
	Tags            [2]int
}

// shelf is the model of a collection: things in the order of their insertion.
type shelf struct {
	things []thing
	sorted bool
}

func (s shelf) clone() shelf { return shelf{slices.Clone(s.things), s.sorted} }

func (s shelf) at(id int) int {
	return slices.IndexFunc(s.things, func(t thing) bool { return t.ID == id })
}

func (s shelf) inOrder() []thing {
	out := slices.Clone(s.things)
	if s.sorted {
		slices.SortStableFunc(out, byRank)
	}
	return out
}

func (s *shelf) add(t thing) {
	if s.at(t.ID) < 0 {
		s.things = append(s.things, t)
	}
}

func (s *shelf) set(t thing) {
	if i := s.at(t.ID); i >= 0 {
		s.things[i] = t
	} else {
		s.things = append(s.things, t)
	}
}

func (s *shelf) upsert(t thing) {
	if i := s.at(t.ID); i >= 0 {
		s.things[i] = merged(s.things[i], t)
	} else {
		s.things = append(s.things, t)
	}
}

func (s *shelf) update(id int, recipe func(thing) thing) {
	i := s.at(id)
	if i < 0 {
		return
	}
	t := recipe(s.things[i])
	if t.ID != id {
		s.things[i].ID = -1
		s.remove(t.ID)
		i = s.at(-1)
	}
	s.things[i] = t
}

func (s *shelf) remove(id int) {
	s.things = slices.DeleteFunc(s.things, func(t thing) bool { return t.ID == id })
}

func byRank(a, b thing) int { return cmp.Compare(a.Rank, b.Rank) }

// merged is a merge whose result depends on both sides and on their order.
func merged(old, incoming thing) thing {
	incoming.Tags[0] = old.Tags[1]
	return incoming
}

// system is a collection with its model.
type system struct {
	adapter *entity.Adapter[int, thing]
	byGroup *entity.Index[int, thing, int]
	byTag   *entity.Index[int, thing, int]
	e       entity.Entities[int, thing]
	model   shelf
}

func newSystem(sorted bool) *system {
	opts := entity.Options[thing]{Merge: merged}
	if sorted {
		opts.Compare = byRank
	}
	s := &system{adapter: entity.NewAdapter(func(t thing) int { return t.ID }, opts), model: shelf{sorted: sorted}}
	s.byGroup = entity.NewIndex(s.adapter, func(t thing) int { return t.Group })
	s.byTag = entity.NewMultiIndex(s.adapter, func(t thing) []int { return t.Tags[:] })
	return s
}

const ids, ranks, groups = 900, 12, 4

func drawThing(t *rapid.T) thing {
	return thing{
		ID: rapid.IntRange(0, ids).Draw(t, "id"), Rank: rapid.IntRange(0, ranks).Draw(t, "rank"), Group: rapid.IntRange(0, groups).Draw(t, "group"),
		Tags: [2]int{rapid.IntRange(0, groups).Draw(t, "tag"), rapid.IntRange(0, groups).Draw(t, "tag")},
	}
}

func drawRecipe(t *rapid.T) func(thing) thing {
	to := drawThing(t)
	switch rapid.IntRange(0, 4).Draw(t, "recipe") {
	case 0:
		return func(t thing) thing { return t }
	case 1:
		return func(t thing) thing { t.Rank = to.Rank; return t }
	case 2:
		return func(t thing) thing { t.Group, t.Tags = to.Group, to.Tags; return t }
	case 3:
		return func(t thing) thing { t.ID = to.ID; return t }
	default:
		return func(thing) thing { return to }
	}
}

// step makes one change of the collection and of the model. It reports whether the change was of one entity.
func (s *system) step(t *rapid.T) (single bool) {
	a, m := s.adapter, &s.model
	many := func(do func(thing)) []thing {
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)) // that many draws of rapid's would take their time
		things := make([]thing, rapid.IntRange(0, 500).Draw(t, "count"))
		for i := range things {
			things[i] = thing{random.IntN(ids), random.IntN(ranks), random.IntN(groups), [2]int{random.IntN(groups), random.IntN(groups)}}
			do(things[i])
		}
		return things
	}
	one := func(do func(thing)) thing {
		th := drawThing(t)
		do(th)
		return th
	}
	switch rapid.IntRange(0, 13).Draw(t, "operation") {
	case 0:
		s.e = a.Add(s.e, one(m.add))
		return true
	case 1:
		s.e = a.Set(s.e, one(m.set))
		return true
	case 2:
		s.e = a.Upsert(s.e, one(m.upsert))
		return true
	case 3:
		id, recipe := drawThing(t).ID, drawRecipe(t)
		m.update(id, recipe)
		s.e = a.Update(s.e, id, recipe)
		return true
	case 4:
		s.e = a.Remove(s.e, one(func(th thing) { m.remove(th.ID) }).ID)
		return true
	case 5, 6:
		s.e = a.AddMany(s.e, many(m.add))
	case 7, 8:
		s.e = a.SetMany(s.e, many(m.set))
	case 9:
		s.e = a.UpsertMany(s.e, many(m.upsert))
	case 10:
		recipe := func(t thing) thing { t.Rank = (t.Rank * 5) % ranks; t.Group = t.Rank % groups; return t }
		for _, th := range m.inOrder() {
			m.update(th.ID, recipe)
		}
		s.e = a.UpdateAll(s.e, recipe)
	case 11:
		things := many(func(th thing) { m.remove(th.ID) })
		gone := make([]int, len(things))
		for i, th := range things {
			gone[i] = th.ID
		}
		s.e = a.RemoveMany(s.e, gone)
	case 12:
		if rapid.Bool().Draw(t, "again") { // the same list, with some changes
			things := slices.Clone(m.things)
			for range rapid.IntRange(0, 3).Draw(t, "changed") {
				if th := drawThing(t); s.e.Has(th.ID) {
					things[m.at(th.ID)] = th
				}
			}
			m.things = things
			s.e = a.SetAll(s.e, things)
		} else if rapid.IntRange(0, 4).Draw(t, "really") == 0 {
			m.things = nil
			if rapid.Bool().Draw(t, "set all") {
				s.e = a.SetAll(s.e, many(m.set))
			} else {
				s.e = a.RemoveAll(s.e)
			}
		}
	case 13:
		s.e = a.Edit(s.e, func(d *entity.Draft[int, thing]) { s.edit(t, d) })
	}
	return false
}

// edit makes several changes of different kinds in one draft.
func (s *system) edit(t *rapid.T, d *entity.Draft[int, thing]) {
	m := &s.model
	for range rapid.IntRange(0, 30).Draw(t, "changes") {
		th := drawThing(t)
		switch rapid.IntRange(0, 20).Draw(t, "change") {
		case 0, 1, 2, 3, 4:
			m.add(th)
			d.Add(th)
		case 5, 6, 7, 8:
			m.set(th)
			d.Set(th)
		case 9, 10, 11:
			m.upsert(th)
			d.Upsert(th)
		case 12, 13, 14, 15:
			recipe := drawRecipe(t)
			m.update(th.ID, recipe)
			d.Update(th.ID, recipe)
		case 16, 17, 18, 19:
			m.remove(th.ID)
			d.Remove(th.ID)
		case 20:
			m.things = nil
			d.RemoveAll()
		}
		if got, ok := d.Get(th.ID); ok != (m.at(th.ID) >= 0) || ok && got != m.things[m.at(th.ID)] || d.Len() != len(m.things) {
			t.Fatalf("draft has %v, %t for id %d and %d in all; model %v", got, ok, th.ID, d.Len(), m.things)
		}
	}
}

// check compares all that can be read of a collection with the model.
func (s *system) check(t *rapid.T, e entity.Entities[int, thing], m shelf) {
	want := m.inOrder()
	checkList(t, "all", e.List(), want)
	if e.Len() != len(want) || !slices.Equal(e.IDs(), idsOf(want)) {
		t.Fatalf("%d ids %v, want %v", e.Len(), e.IDs(), idsOf(want))
	}
	for i, th := range want {
		got, ok := e.Get(th.ID)
		if at, there := e.Position(th.ID); !ok || got != th || !there || at != i {
			t.Fatalf("id %d is %v, %t at %d, %t, want %v at %d", th.ID, got, ok, at, there, th, i)
		}
	}
	if _, ok := e.Position(ids + 1); ok || e.Has(ids+1) {
		t.Fatal("an id is there that was never added")
	}
	found := map[int]bool{}
	for group, list := range s.byGroup.All(e) {
		found[group] = true
		if list.Len() == 0 {
			t.Fatalf("group %d is listed and empty", group)
		}
	}
	for g := range groups + 1 {
		in := keep(want, func(th thing) bool { return th.Group == g })
		checkList(t, fmt.Sprintf("group %d", g), s.byGroup.Of(e, g), in)
		if found[g] != (len(in) > 0) {
			t.Fatalf("group %d listed: %t, has %d", g, found[g], len(in))
		}
		checkList(t, fmt.Sprintf("tag %d", g), s.byTag.Of(e, g), keep(want, func(th thing) bool { return th.Tags[0] == g || th.Tags[1] == g }))
	}
	if m.sorted {
		for rank := range ranks + 2 {
			at := e.List().Search(func(th thing) bool { return th.Rank >= rank })
			if model := len(keep(want, func(th thing) bool { return th.Rank < rank })); at != model {
				t.Fatalf("rank %d begins at %d, want %d", rank, at, model)
			}
		}
	}
}

func checkList(t *rapid.T, what string, list entity.List[int, thing], want []thing) {
	if !slices.Equal(list.Values(), want) || !slices.Equal(list.IDs(), idsOf(want)) || list.Len() != len(want) {
		t.Fatalf("%s: %v, want %v", what, list.Values(), want)
	}
	i := 0
	for id, th := range list.All() {
		if th != want[i] || id != th.ID || list.At(i) != th {
			t.Fatalf("%s: %d is %v, want %v", what, i, th, want[i])
		}
		i++
	}
	for id, th := range list.Backward() {
		i--
		if th != want[i] || id != th.ID {
			t.Fatalf("%s backward: %d is %v, want %v", what, i, th, want[i])
		}
	}
	if i != 0 {
		t.Fatalf("%s backward: %d are missing", what, i)
	}
	offset, limit := rapid.IntRange(-1, len(want)+1).Draw(t, "offset"), rapid.IntRange(-1, len(want)+1).Draw(t, "limit")
	from := min(max(offset, 0), len(want))
	page := want[from:min(from+max(limit, 0), len(want))]
	if got := list.Page(offset, limit); !slices.Equal(got.Values(), page) {
		t.Fatalf("%s: page %d, %d is %v, want %v", what, offset, limit, got.Values(), page)
	}
}

func keep(things []thing, which func(thing) bool) []thing {
	return slices.DeleteFunc(slices.Clone(things), func(t thing) bool { return !which(t) })
}

func idsOf(things []thing) []int {
	out := make([]int, len(things))
	for i, t := range things {
		out[i] = t.ID
	}
	return out
}

// Any sequence of changes leaves a collection, its order and its indexes like those of the model; a version that was kept
// is still what it was at the end; nothing changed means the same version; the same order means the same list of ids.
func TestAgainstModel(t *testing.T) {
	for _, sorted := range []bool{false, true} {
		t.Run(fmt.Sprintf("sorted=%t", sorted), rapid.MakeCheck(func(t *rapid.T) {
			s := newSystem(sorted)
			type snapshot struct {
				e     entity.Entities[int, thing]
				model shelf
			}
			var kept []snapshot
			for range rapid.IntRange(1, 40).Draw(t, "steps") {
				before, model := s.e, s.model.clone()
				single := s.step(t)
				if single && slices.Equal(model.things, s.model.things) != (before == s.e) {
					t.Fatalf("same version: %t; before %v, after %v", before == s.e, model.things, s.model.things)
				}
				if single && slices.Equal(before.IDs(), s.e.IDs()) != (unsafe.SliceData(before.IDs()) == unsafe.SliceData(s.e.IDs())) {
					t.Fatalf("the list of ids: before %v, after %v", before.IDs(), s.e.IDs())
				}
				if rapid.IntRange(0, 5).Draw(t, "keep") == 0 {
					kept = append(kept, snapshot{s.e, s.model.clone()})
				}
			}
			s.check(t, s.e, s.model)
			for _, k := range kept {
				s.check(t, k.e, k.model)
			}
		}))
	}
}
