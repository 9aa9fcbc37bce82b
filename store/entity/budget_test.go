package entity_test

import (
	"testing"

	"slate/store/entity"
)

// Budgets of the hot paths, in allocations: those do not depend on the machine. bench/ measures the time.
func TestAllocationBudgets(t *testing.T) {
	const n = 100_000
	unsorted, sorted := newRows(false), newRows(true)
	byGroup := entity.NewIndex(unsorted, func(r row) int { return r.Group })
	many := rows(n)
	e, s := unsorted.Of(many...), sorted.Of(many...)
	more := row{ID: "more", Rank: n / 2}
	done := func(r row) row { r.Done = !r.Done; return r }
	var changed entity.Entities[string, row]
	for _, tc := range []struct {
		name string
		max  float64
		do   func()
	}{
		{"Get", 0, func() { e.Get("id77") }},
		{"Position", 0, func() { s.Position("id77") }},
		{"IDs again", 0, func() { e.IDs() }},
		{"a page of an index", 0, func() { byGroup.Of(e, 7).Page(10, 10) }},
		{"ranging over a page", 4, func() {
			for range e.List().Page(n/2, 10).All() {
			}
		}},
		{"the values of a page", 3, func() { e.List().Page(n/2, 10).Values() }},
		{"Add of what is there", 2, func() { unsorted.Add(e, many[7]) }},
		{"Set of what is there", 2, func() { unsorted.Set(e, many[7]) }},
		{"an Update that changes nothing", 2, func() { sorted.Update(s, "id77", func(r row) row { return r }) }},
		// The draft, the version, its list of ids and the entry; the rest are the nodes on the way in the trie and in the order.
		{"one more into 100,000, sorted", 26, func() { changed = sorted.Add(s, more) }},
		{"an update among 100,000, sorted", 22, func() { changed = sorted.Update(s, "id77", done) }},
		// And the group's.
		{"one more into 100,000, one index", 38, func() { changed = unsorted.Add(e, more) }},
		{"an update among 100,000, one index", 36, func() { changed = unsorted.Update(e, "id77", done) }},
		// Two per row: the entry and its share of the nodes.
		{"10,000 into nothing, sorted", 20_000, func() { changed = sorted.UpsertMany(entity.Entities[string, row]{}, many[:n/10]) }},
	} {
		tc.do()
		if got := testing.AllocsPerRun(10, tc.do); got > tc.max {
			t.Errorf("%s: %.0f allocations, want at most %.0f", tc.name, got, tc.max)
		} else {
			t.Logf("%s: %.0f allocations", tc.name, got)
		}
	}
	if changed.Len() != n/10 {
		t.Errorf("%d rows at the end", changed.Len())
	}
}
