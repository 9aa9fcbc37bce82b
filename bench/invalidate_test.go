package bench

import (
	"context"
	"fmt"
	"strconv"
	"testing"

	"slate/store/query"
)

type answer struct {
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
			get := query.New(api, query.Spec[string, answer]{
				Name: "get",
				Fetch: func(_ context.Context, _ query.Call, id string) (answer, error) {
					return answer{id, version}, nil
				},
				Provides: func(_ answer, _ error, id string) []query.Tag { return tag.IDs(id) },
			})
			st := newStore(b, api)
			ctx := b.Context()
			for i := range entries {
				id := strconv.Itoa(i)
				b.Cleanup(get.Subscribe(st, id, func(query.Result[answer]) {}).Close)
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
