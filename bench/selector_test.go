package bench

import (
	"testing"

	"slate/store"
)

// BenchmarkSelector reads selectors of two inputs.
func BenchmarkSelector(b *testing.B) {
	add := func(x, y int) int { return x + y }
	b.Run("hit", func(b *testing.B) {
		st, parts := open(b, 2)
		sum := store.Derive2(parts[0].n, parts[1].n, add)
		s := st.State()
		for b.Loop() {
			sink += sum.Of(s)
		}
	})
	// One dispatch, then each of 100 selectors once: as where 100 components look at a new state. The slice that changes is
	// one of their inputs or none.
	for _, c := range []struct {
		name    string
		changed int
	}{{"unrelated=100", 2}, {"miss=100", 0}} {
		b.Run(c.name, func(b *testing.B) {
			st, parts := open(b, 3)
			sums := make([]store.Selector[int], 100)
			for i := range sums {
				sums[i] = store.Derive2(parts[0].n, parts[1].n, add)
			}
			for i := 0; b.Loop(); i++ {
				dispatch(b, st, parts[c.changed].add(1))
				s := st.State()
				for _, sum := range sums {
					sink += sum.Of(s)
				}
				breathe(i, 100)
			}
		})
	}
	b.Run("args=1000", func(b *testing.B) {
		st, parts := open(b, 1)
		plus := store.NewFamily(1000, func(arg int) store.Selector[int] {
			return store.Derive(parts[0].n, func(n int) int { return n + arg })
		})
		s := st.State()
		for i := 0; b.Loop(); i++ {
			sink += plus.Of(s, i%1000)
		}
		if runs := plus.Stats().Misses; runs > 1000 {
			b.Fatalf("%d selectors were made for 1,000 arguments", runs)
		}
	})
}
