package bench

import (
	"context"
	"fmt"
	"strconv"
	"testing"

	"slate/store"
	"slate/store/query"
)

// The state of each slice: as many fields as a form has, of which one changes.
type state struct {
	Name, Mail, Phone string
	N                 int
}

type part struct {
	slice *store.Slice[state]
	add   store.Creator[int]
	n     store.Selector[int]
}

func newPart(name string) part {
	s := store.NewSlice(name, state{Name: "Ada", Mail: "ada@example.org", Phone: "1"})
	return part{
		slice: s,
		add:   store.Case(s, "add", func(s state, by int) state { s.N += by; return s }),
		n:     store.Select(s, func(s state) int { return s.N }),
	}
}

func open(b *testing.B, slices int) (*store.Store, []part) {
	parts := make([]part, slices)
	mount := make([]store.Mountable, slices)
	for i := range parts {
		parts[i] = newPart("slice" + strconv.Itoa(i))
		mount[i] = parts[i].slice
	}
	st, err := store.New(store.Options{}, mount...)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = st.Close() })
	return st, parts
}

// BenchmarkDispatch makes and dispatches one small action that one slice answers. Subscribers select a number and count
// its changes; "same" ones select from the slice that changes, "other" ones from the others.
func BenchmarkDispatch(b *testing.B) {
	for _, c := range []struct {
		slices, subs int
		where        string
	}{
		{1, 1, "same"}, {1, 10_000, "same"}, {50, 1, "same"}, {50, 10_000, "same"}, {50, 10_000, "other"},
	} {
		b.Run(fmt.Sprintf("slices=%d/subs=%d/%s", c.slices, c.subs, c.where), func(b *testing.B) {
			st, parts := open(b, c.slices)
			calls := 0
			for i := range c.subs {
				watched := parts[0]
				if c.where == "other" {
					watched = parts[1+i%(len(parts)-1)]
				}
				store.Watch(st, watched.n, func(int) { calls++ })
			}
			for b.Loop() {
				if err := st.Dispatch(parts[0].add(1)); err != nil {
					b.Fatal(err)
				}
			}
			if c.where == "same" && calls < b.N*c.subs {
				b.Fatalf("%d calls of subscribers in %d dispatches", calls, b.N)
			}
		})
	}
}

var sink int

// BenchmarkSelector reads a selector of two inputs that has its result already.
func BenchmarkSelector(b *testing.B) {
	b.Run("hit", func(b *testing.B) {
		st, parts := open(b, 2)
		sum := store.Derive2(parts[0].n, parts[1].n, func(x, y int) int { return x + y })
		s := st.State()
		for b.Loop() {
			sink += sum.Of(s)
		}
	})
}

type row struct {
	ID      string
	Version int
}

// BenchmarkInvalidate invalidates the tag of one among many subscribed entries and waits for its refetch, whose answer
// is there at once.
func BenchmarkInvalidate(b *testing.B) {
	for _, entries := range []int{100, 10_000} {
		b.Run(fmt.Sprintf("entries=%d", entries), func(b *testing.B) {
			api := query.NewAPI("rows")
			tag := query.NewTag("Row")
			version := 0
			get := query.New(api, query.Spec[string, row]{
				Name: "get",
				Fetch: func(_ context.Context, _ query.Call, id string) (row, error) {
					return row{id, version}, nil
				},
				Provides: func(_ row, _ error, id string) []query.Tag { return tag.IDs(id) },
			})
			st, err := store.New(store.Options{}, api)
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { _ = st.Close() })
			ctx := b.Context()
			for i := range entries {
				id := strconv.Itoa(i)
				b.Cleanup(get.Subscribe(st, id, func(query.Result[row]) {}).Close)
				if _, err := get.Fetch(ctx, st, id); err != nil {
					b.Fatal(err)
				}
			}
			watched := strconv.Itoa(entries / 2)
			for b.Loop() {
				version++
				if err := query.Invalidate(st, tag.ID(watched)).Wait(ctx); err != nil {
					b.Fatal(err)
				}
			}
			if got := get.Peek(st.State(), watched).Data.Version; got != version {
				b.Fatalf("the entry has version %d, want %d", got, version)
			}
		})
	}
}
