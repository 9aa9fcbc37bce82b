package store_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"slate/store"
)

func TestB442_AFamilyKeepsTheMostRecentKeys(t *testing.T) {
	s := store.NewSlice("words", []string{"tea", "coffee", "toast"})
	words := store.Select(s, func(w []string) []string { return w })
	runs := map[string]int{}
	from := store.NewFamily(2, func(prefix string) store.Selector[[]string] {
		return store.Derive(words, func(all []string) (out []string) {
			runs[prefix]++
			for _, w := range all {
				if strings.HasPrefix(w, prefix) {
					out = append(out, w)
				}
			}
			return out
		})
	})
	st := open(t, s)
	for _, key := range []string{"t", "c", "t", "c", "t"} {
		from.Of(st.State(), key)
	}
	if runs["t"] != 1 || runs["c"] != 1 {
		t.Errorf("runs %v: alternating keys are both remembered", runs)
	}
	if got := from.Of(st.State(), "t"); !slices.Equal(got, []string{"tea", "toast"}) {
		t.Errorf("selected %v", got)
	}
	from.Of(st.State(), "x") // c goes
	from.Of(st.State(), "t")
	from.Of(st.State(), "c")
	if runs["t"] != 1 || runs["c"] != 2 {
		t.Errorf("runs %v: the least recently used key goes first", runs)
	}
	if got := from.Stats(); got != (store.FamilyStats{Len: 2, Hits: 5, Misses: 4, Evicted: 2}) {
		t.Errorf("stats %+v", got)
	}
	from.Clear()
	if got := from.Stats().Len; got != 0 {
		t.Errorf("%d selectors after Clear", got)
	}
	if panics(func() { store.NewFamily(0, func(int) store.Selector[int] { return store.Selector[int]{} }) }) == nil {
		t.Error("a family without room was made")
	}
}

func TestAFamilyMemberCanBeSubscribedTo(t *testing.T) {
	s := store.NewSlice("stock", map[string]int{})
	type put struct {
		Name string
		N    int
	}
	set := store.Case(s, "set", func(m map[string]int, p put) map[string]int {
		out := map[string]int{}
		for k, v := range m {
			out[k] = v
		}
		out[p.Name] = p.N
		return out
	})
	count := store.NewFamily(8, func(name string) store.Selector[int] {
		return store.Select(s, func(m map[string]int) int { return m[name] })
	})
	st := open(t, s)
	var heard []int
	store.Subscribe(t.Context(), st, count.With("tea"), func(n int) { heard = append(heard, n) })
	dispatch(t, st, set(put{"coffee", 1}), set(put{"tea", 2}), set(put{"coffee", 3}))
	if !slices.Equal(heard, []int{2}) {
		t.Errorf("heard %v, want [2]", heard)
	}
}

func TestAFamilyInParallel(t *testing.T) {
	c := newNumbers("c")
	times := store.NewFamily(3, func(by int) store.Selector[int] {
		return store.Derive(c.n, func(n int) int { return n * by })
	})
	st := open(t, c.slice)
	dispatch(t, st, c.add(2))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i := range 500 {
				if got := times.Of(st.State(), i%5); got != 2*(i%5) {
					t.Errorf("%d times 2 = %d", i%5, got)
					return
				}
			}
		})
	}
	wg.Wait()
	if s := times.Stats(); s.Len != 3 || s.Hits+s.Misses != 4000 {
		t.Errorf("stats %+v", s)
	}
}
