package bench

import (
	"cmp"
	"testing"

	"slate/store/entity"
)

var (
	unsorted = entity.NewAdapter(func(r row) string { return r.ID }, entity.Options[row]{})
	sorted   = entity.NewAdapter(func(r row) string { return r.ID }, entity.Options[row]{
		Compare: func(a, b row) int { return cmp.Compare(a.Rank, b.Rank) },
	})
)

// BenchmarkEntity changes collections: always the same one, since each change makes another. No store is involved.
func BenchmarkEntity(b *testing.B) {
	for _, c := range []struct {
		order   string
		adapter *entity.Adapter[string, row]
	}{{"unsorted", unsorted}, {"sorted", sorted}} {
		b.Run("add/n=100000/"+c.order, func(b *testing.B) {
			const n = 100_000
			base := c.adapter.Of(makeRows(n, 0, "p")...)
			fresh := makeRows(1000, 0, "q")
			for i := range fresh {
				fresh[i].Rank *= n / len(fresh)
			}
			last := base
			for i := 0; b.Loop(); i++ {
				last = c.adapter.Add(base, fresh[i%len(fresh)])
				breathe(i, 100)
			}
			if last.Len() != n+1 || base.Len() != n {
				b.Fatalf("%d rows, before that %d", last.Len(), base.Len())
			}
		})
	}
	for _, kind := range []string{"insert", "update"} {
		b.Run("upsert/n=10000/"+kind, func(b *testing.B) {
			const n = 10_000
			var base entity.Entities[string, row]
			if kind == "update" {
				base = unsorted.Of(makeRows(n, 0, "p")...)
			}
			rows := makeRows(n, 1, "p")
			last := base
			for i := 0; b.Loop(); i++ {
				last = unsorted.UpsertMany(base, rows)
				breathe(i, 1)
			}
			if got, _ := last.Get(rows[n-1].ID); last.Len() != n || got.Version != 1 {
				b.Fatalf("%d rows, the last one %+v", last.Len(), got)
			}
		})
	}
}
