package bench

import (
	"context"
	"testing"

	"slate/store"
)

type job struct {
	Loading bool
	N       int
}

// BenchmarkThunk runs a thunk whose work is done at once: two actions, each answered by the slice.
func BenchmarkThunk(b *testing.B) {
	b.Run("run", func(b *testing.B) {
		load := store.NewAsyncThunk(store.AsyncThunkSpec[int, int]{
			Name: "job/load",
			Run:  func(_ context.Context, _ *store.Store, arg int) (int, error) { return arg + 1, nil },
		})
		slice := store.NewSlice("job", job{})
		store.On(slice, load.Pending, func(s job, _ store.Call[int]) job { s.Loading = true; return s })
		store.On(slice, load.Fulfilled, func(s job, d store.Done[int, int]) job { return job{N: d.Result} })
		st := newStore(b, slice)
		for b.Loop() {
			if _, err := load.Run(b.Context(), st, 1); err != nil {
				b.Fatal(err)
			}
		}
		if got := slice.Of(st.State()); got != (job{N: 2}) {
			b.Fatalf("the job is %+v", got)
		}
	})
}
