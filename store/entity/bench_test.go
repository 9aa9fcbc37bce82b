package entity_test

import (
	"cmp"
	"encoding/json"
	"strconv"
	"testing"

	"slate/store/entity"
)

// row is what the benchmarks hold: the same fields as in bench/js.
type row struct {
	ID    string
	Title string
	Rank  int
	Group int
	Done  bool
}

func rowID(r row) string { return r.ID }

func newRows(sorted bool) *entity.Adapter[string, row] {
	var opts entity.Options[row]
	if sorted {
		opts.Compare = func(a, b row) int { return cmp.Compare(a.Rank, b.Rank) }
	}
	return entity.NewAdapter(rowID, opts)
}

// rows returns n rows whose ranks are in no order.
func rows(n int) []row {
	out := make([]row, n)
	for i := range out {
		out[i] = row{ID: "id" + strconv.Itoa(i), Title: "title " + strconv.Itoa(i), Rank: i * 7919 % n, Group: i % 100}
	}
	return out
}

func bothOrders(b *testing.B, run func(b *testing.B, rows *entity.Adapter[string, row])) {
	b.Run("unsorted", func(b *testing.B) { run(b, newRows(false)) })
	b.Run("sorted", func(b *testing.B) { run(b, newRows(true)) })
	b.Run("indexed", func(b *testing.B) {
		a := newRows(false)
		entity.NewIndex(a, func(r row) int { return r.Group })
		run(b, a)
	})
}

func BenchmarkOneMoreInto100000(b *testing.B) {
	bothOrders(b, func(b *testing.B, a *entity.Adapter[string, row]) {
		const n = 100_000
		e := a.Of(rows(n)...)
		more := row{ID: "more", Title: "one more", Rank: n / 2}
		b.ReportAllocs()
		for b.Loop() {
			if a.Upsert(e, more).Len() != n+1 {
				b.Fatal("nothing was added")
			}
		}
	})
}

func BenchmarkUpdateOneOf100000(b *testing.B) {
	bothOrders(b, func(b *testing.B, a *entity.Adapter[string, row]) {
		e := a.Of(rows(100_000)...)
		b.ReportAllocs()
		for b.Loop() {
			if a.Update(e, "id5000", func(r row) row { r.Done = true; return r }) == e {
				b.Fatal("nothing was changed")
			}
		}
	})
}

func BenchmarkUpsert10000(b *testing.B) {
	bothOrders(b, func(b *testing.B, a *entity.Adapter[string, row]) {
		many := rows(10_000)
		b.ReportAllocs()
		for b.Loop() {
			if a.UpsertMany(entity.Entities[string, row]{}, many).Len() != len(many) {
				b.Fatal("rows are missing")
			}
		}
	})
}

func BenchmarkSetAll10000(b *testing.B) {
	bothOrders(b, func(b *testing.B, a *entity.Adapter[string, row]) {
		many := rows(10_000)
		b.ReportAllocs()
		for b.Loop() {
			if a.SetAll(entity.Entities[string, row]{}, many).Len() != len(many) {
				b.Fatal("rows are missing")
			}
		}
	})
}

// Every one of 10,000 rows comes in again with a change.
func BenchmarkUpdateAll10000(b *testing.B) {
	bothOrders(b, func(b *testing.B, a *entity.Adapter[string, row]) {
		many := rows(10_000)
		e := a.Of(many...)
		for i := range many {
			many[i].Done = true
		}
		b.ReportAllocs()
		for b.Loop() {
			if a.UpsertMany(e, many) == e {
				b.Fatal("nothing was changed")
			}
		}
	})
}

func BenchmarkRecipeForAll10000(b *testing.B) {
	bothOrders(b, func(b *testing.B, a *entity.Adapter[string, row]) {
		e := a.Of(rows(10_000)...)
		b.ReportAllocs()
		for b.Loop() {
			if a.UpdateAll(e, func(r row) row { r.Done = true; return r }) == e {
				b.Fatal("nothing was changed")
			}
		}
	})
}

func BenchmarkGet(b *testing.B) {
	e := newRows(false).Of(rows(100_000)...)
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := e.Get("id5000"); !ok {
			b.Fatal("a row is missing")
		}
	}
}

// The page in the middle of 100,000 rows, read row by row.
func BenchmarkPage(b *testing.B) {
	bothOrders(b, func(b *testing.B, a *entity.Adapter[string, row]) {
		e := a.Of(rows(100_000)...)
		b.ReportAllocs()
		for b.Loop() {
			n := 0
			for range e.List().Page(50_000, 20).All() {
				n++
			}
			if n != 20 {
				b.Fatal("rows are missing")
			}
		}
	})
}

// The first page of the 1,000 rows that an index of 100,000 finds.
func BenchmarkByIndex(b *testing.B) {
	a := newRows(false)
	byGroup := entity.NewIndex(a, func(r row) int { return r.Group })
	e := a.Of(rows(100_000)...)
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for range byGroup.Of(e, 42).Page(0, 20).All() {
			n++
		}
		if n != 20 {
			b.Fatal("rows are missing")
		}
	}
}

func BenchmarkPosition(b *testing.B) {
	e := newRows(true).Of(rows(100_000)...)
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := e.Position("id5000"); !ok {
			b.Fatal("a row is missing")
		}
	}
}

func BenchmarkIterate100000(b *testing.B) {
	e := newRows(true).Of(rows(100_000)...)
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for range e.All() {
			n++
		}
		if n != 100_000 {
			b.Fatal("rows are missing")
		}
	}
}

func BenchmarkJSON10000(b *testing.B) {
	e := newRows(false).Of(rows(10_000)...)
	data, err := json.Marshal(e)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("encode", func(b *testing.B) {
		for b.Loop() {
			if _, err := json.Marshal(e); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("decode", func(b *testing.B) {
		for b.Loop() {
			var back entity.Entities[string, row]
			if err := json.Unmarshal(data, &back); err != nil {
				b.Fatal(err)
			}
		}
	})
}
