package bench

import (
	"context"
	"fmt"
	"testing"

	"slate/store"
)

// BenchmarkDispatch makes and dispatches one small action that one slice answers. Subscribers select a number and count
// its changes; "same" ones select from the slice that changes, "other" ones from the others.
func BenchmarkDispatch(b *testing.B) {
	for _, c := range []struct {
		slices, subs int
		where        string
	}{
		{1, 1, "same"}, {10, 1, "same"}, {50, 1, "same"}, {50, 10_000, "same"}, {50, 10_000, "other"},
	} {
		b.Run(fmt.Sprintf("slices=%d/subs=%d/%s", c.slices, c.subs, c.where), func(b *testing.B) {
			st, parts := open(b, c.slices)
			calls := 0
			for i := range c.subs {
				watched := parts[0]
				if c.where == "other" {
					watched = parts[1+i%(len(parts)-1)]
				}
				store.Subscribe(context.Background(), st, watched.n, func(int) { calls++ })
			}
			every := 1000
			if c.where == "same" {
				every = max(every/c.subs, 1)
			}
			for i := 0; b.Loop(); i++ {
				dispatch(b, st, parts[0].add(1))
				breathe(i, every)
			}
			want := b.N * c.subs
			if c.where == "other" {
				want = 0
			}
			if calls != want {
				b.Fatalf("%d calls of subscribers in %d dispatches, want %d", calls, b.N, want)
			}
		})
	}
}

// BenchmarkDispatchInTurns dispatches to each of 50 slices in turn. There is one subscriber, of the first.
func BenchmarkDispatchInTurns(b *testing.B) {
	b.Run("slices=50", func(b *testing.B) {
		st, parts := open(b, 50)
		calls := 0
		store.Subscribe(context.Background(), st, parts[0].n, func(int) { calls++ })
		for i := 0; b.Loop(); i++ {
			dispatch(b, st, parts[i%len(parts)].add(1))
			breathe(i, 1000)
		}
		if want := (b.N + len(parts) - 1) / len(parts); calls != want {
			b.Fatalf("%d calls of the subscriber in %d dispatches, want %d", calls, b.N, want)
		}
	})
}

// BenchmarkBatch makes and dispatches a hundred actions, of which the subscriber is told once.
func BenchmarkBatch(b *testing.B) {
	b.Run("actions=100", func(b *testing.B) {
		st, parts := open(b, 1)
		calls := 0
		store.Subscribe(context.Background(), st, parts[0].n, func(int) { calls++ })
		actions := make([]store.Action, 100)
		for i := 0; b.Loop(); i++ {
			for j := range actions {
				actions[j] = parts[0].add(1)
			}
			if err := st.DispatchAll(actions...); err != nil {
				b.Fatal(err)
			}
			breathe(i, 10)
		}
		if calls != b.N {
			b.Fatalf("%d notifications of %d batches", calls, b.N)
		}
	})
}
