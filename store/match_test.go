package store_test

import (
	"context"
	"errors"
	"testing"

	"slate/store"
)

func TestB383_Matchers(t *testing.T) {
	work := func(name string) *store.AsyncThunk[int, int] {
		return store.NewAsyncThunk(store.AsyncThunkSpec[int, int]{Name: name, Run: func(context.Context, *store.Store, int) (int, error) { return 0, nil }})
	}
	one, two := work("one"), work("two")
	c := newNumbers("c")
	var (
		pending   = one.Pending(store.Call[int]{ID: "1"})
		fulfilled = one.Fulfilled(store.Done[int, int]{})
		rejected  = one.Rejected(store.Failure[int]{Err: errors.New("boom")})
		coded     = one.Rejected(store.Failure[int]{Err: codedError{}})
		foreign   = two.Pending(store.Call[int]{})
		plain     = c.add(1)
	)
	all := map[string]store.Action{
		"pending": pending, "fulfilled": fulfilled, "rejected": rejected, "coded": coded, "foreign": foreign, "plain": plain, "empty": {},
	}
	yes := func(store.Action) bool { return true }
	for _, tc := range []struct {
		name  string
		match func(store.Action) bool
		want  []string
	}{
		{"any of", store.AnyOf(c.add.Matches, one.Pending.Matches), []string{"plain", "pending"}},
		{"any of none", store.AnyOf(), nil},
		{"all of", store.AllOf(yes, c.add.Matches), []string{"plain"}},
		{"all of, one false", store.AllOf(c.add.Matches, one.Pending.Matches), nil},
		{"is pending", store.IsPending(), []string{"pending", "foreign"}},
		{"is pending, of one", store.IsPending(one), []string{"pending"}},
		{"is pending, of both", store.IsPending(one, two), []string{"pending", "foreign"}},
		{"is fulfilled", store.IsFulfilled(), []string{"fulfilled"}},
		{"is fulfilled, of another", store.IsFulfilled(two), nil},
		{"is rejected", store.IsRejected(), []string{"rejected", "coded"}},
		{"is rejected with a value", store.IsRejectedWith[codedError](), []string{"coded"}},
		{"is rejected with a value, of another", store.IsRejectedWith[codedError](two), nil},
		{"is a thunk's", store.IsThunk(), []string{"pending", "fulfilled", "rejected", "coded", "foreign"}},
		{"is a thunk's, of one", store.IsThunk(two), []string{"foreign"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			want := map[string]bool{}
			for _, name := range tc.want {
				want[name] = true
			}
			for name, a := range all {
				if got := tc.match(a); got != want[name] {
					t.Errorf("%s: %v, want %v", name, got, want[name])
				}
			}
		})
	}
}

func TestB383_MatchersInASlice(t *testing.T) {
	thunk := store.NewAsyncThunk(store.AsyncThunkSpec[int, int]{Name: "work", Run: func(_ context.Context, _ *store.Store, n int) (int, error) {
		if n < 0 {
			return 0, codedError{}
		}
		return n, nil
	}})
	s := store.NewSlice("busy", struct{ Running, Failed int }{})
	type busy = struct{ Running, Failed int }
	store.OnMatch(s, store.IsPending(), func(b busy, _ store.Action) busy { b.Running++; return b })
	store.OnMatch(s, store.AnyOf(store.IsFulfilled(), store.IsRejected()), func(b busy, _ store.Action) busy { b.Running--; return b })
	store.OnMatch(s, store.IsRejectedWith[codedError](thunk), func(b busy, _ store.Action) busy { b.Failed++; return b })
	st := open(t, s)
	for _, n := range []int{1, -1, -2} {
		_, _ = thunk.Run(t.Context(), st, n)
	}
	if got := s.Of(st.State()); got != (busy{Failed: 2}) {
		t.Errorf("%+v", got)
	}
}
