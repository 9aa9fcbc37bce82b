package store_test

import (
	"context"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"slate/store"
)

type shop struct {
	Items  []string
	Filter string
	Ratio  float64
	Extra  any
	Clock  int
}

// shopFixture has one selector for each field, and an action that replaces the state.
func shopFixture(initial shop) (s *store.Slice[shop], set store.Creator[shop]) {
	s = store.NewSlice("shop", initial)
	return s, store.Case(s, "set", func(_ shop, next shop) shop { return next })
}

func TestB441_ASelectorRunsAgainOnlyWhenAnInputChanged(t *testing.T) {
	base := shop{Items: []string{"tea", "coffee"}, Filter: "tea"}
	for _, tc := range []struct {
		name   string
		change func(*shop)
		again  bool
	}{
		{"nothing changed", func(*shop) {}, false},
		{"a field that is not read", func(s *shop) { s.Clock++ }, false},
		{"a read slice replaced", func(s *shop) { s.Items = slices.Clone(s.Items) }, true},
		{"an equal string in other memory", func(s *shop) { s.Filter = strings.Clone(s.Filter) + ""; s.Clock++ }, false},
		{"another string", func(s *shop) { s.Filter = "coffee" }, true},
		{"another number", func(s *shop) { s.Ratio = 1 }, true},
		{"zero and minus zero are equal", func(s *shop) { s.Ratio = math.Copysign(0, -1); s.Clock++ }, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s, set := shopFixture(base)
			items := store.Select(s, func(s shop) []string { return s.Items })
			filter := store.Select(s, func(s shop) string { return s.Filter })
			ratio := store.Select(s, func(s shop) float64 { return s.Ratio })
			two, three := 0, 0
			both := store.Derive2(items, filter, func(items []string, f string) []string {
				two++
				return slices.DeleteFunc(slices.Clone(items), func(i string) bool { return i != f })
			})
			all := store.Derive3(items, filter, ratio, func([]string, string, float64) int { three++; return three })
			st := open(t, s)
			first := both.Of(st.State())
			if !slices.Equal(first, []string{"tea"}) {
				t.Fatalf("selected %v", first)
			}
			all.Of(st.State())
			next := base
			tc.change(&next)
			dispatch(t, st, set(next))
			for range 3 {
				both.Of(st.State())
				all.Of(st.State())
			}
			want := 1
			if tc.again {
				want = 2
			}
			if three != want {
				t.Errorf("Derive3 ran %d times, want %d", three, want)
			}
			if next.Ratio == base.Ratio && two != want {
				t.Errorf("Derive2 ran %d times, want %d", two, want)
			}
		})
	}
}

func TestSelectRunsOncePerStateOfItsSlice(t *testing.T) {
	c, other := newNumbers("c"), newNumbers("other")
	runs := 0
	double := store.Select(c.slice, func(s counter) int { runs++; return 2 * s.N })
	st := open(t, c.slice, other.slice)
	for range 3 {
		double.Of(st.State())
		dispatch(t, st, other.add(1))
	}
	if runs != 1 {
		t.Errorf("ran %d times, want 1", runs)
	}
	dispatch(t, st, c.add(2))
	if got := double.Of(st.State()); got != 4 || runs != 2 {
		t.Errorf("selected %d after %d runs, want 4 after 2", got, runs)
	}
}

func TestB443_AFailedRunIsNotRemembered(t *testing.T) {
	c := newNumbers("c")
	runs, fail := 0, false
	derived := store.Derive(c.n, func(n int) int {
		if runs++; fail {
			panic("selector")
		}
		return -n
	})
	st := open(t, c.slice)
	derived.Of(st.State())
	zero := st.State()
	dispatch(t, st, c.add(1))
	fail = true
	for range 2 {
		if panics(func() { derived.Of(st.State()) }) != "selector" {
			t.Fatal("the panic does not reach the caller")
		}
	}
	if runs != 3 {
		t.Errorf("ran %d times, want 3: a failure was remembered", runs)
	}
	if got := derived.Of(zero); got != 0 || runs != 3 {
		t.Errorf("the earlier result: %d after %d runs, want 0 after 3", got, runs)
	}
	fail = false
	if got := derived.Of(st.State()); got != -1 {
		t.Errorf("selected %d, want -1", got)
	}
}

func TestB445_AZeroResultIsRemembered(t *testing.T) {
	c := newNumbers("c")
	runs := 0
	none := store.Select(c.slice, func(counter) *int { runs++; return nil })
	st := open(t, c.slice)
	none.Of(st.State())
	none.Of(st.State())
	if runs != 1 {
		t.Errorf("ran %d times, want 1", runs)
	}
}

func TestAnInputThatCannotBeComparedIsAlwaysNew(t *testing.T) {
	s, set := shopFixture(shop{Extra: []int{1}})
	extra := store.Select(s, func(s shop) any { return s.Extra })
	runs := 0
	derived := store.Derive(extra, func(any) int { runs++; return runs })
	st := open(t, s)
	derived.Of(st.State())
	dispatch(t, st, set(shop{Extra: []int{1}}))
	if got := derived.Of(st.State()); got != 2 {
		t.Errorf("ran %d times, want 2", got)
	}
}

func TestSelectorsAcrossSlices(t *testing.T) {
	a, b, c := newNumbers("a"), newNumbers("b"), newNumbers("c")
	sum := store.Derive3(a.n, b.n, store.Derive2(b.n, c.n, func(x, y int) int { return x * y }), func(x, y, z int) int { return x + y + z })
	st := open(t, a.slice, b.slice, c.slice)
	var seen []int
	store.Subscribe(context.Background(), st, sum, func(n int) { seen = append(seen, n) })
	dispatch(t, st, a.add(1), b.add(2), c.add(3), b.add(-2))
	if !slices.Equal(seen, []int{1, 3, 9, 1}) {
		t.Errorf("calls %v, want [1 3 9 1]", seen)
	}
	// A batch that changes all three is one round, in which the subscriber is called once.
	seen = nil
	if err := st.DispatchAll(a.add(1), b.add(1), c.add(1)); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(seen, []int{2 + 1 + 4}) {
		t.Errorf("calls %v, want [7]", seen)
	}
}

func TestSelectorsInParallel(t *testing.T) {
	c := newNumbers("c")
	square := store.Derive(c.n, func(n int) int { return n * n })
	st, other := open(t, c.slice), open(t, c.slice)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 500 {
				for _, st := range []*store.Store{st, other} {
					s := st.State()
					if n, sq := c.n.Of(s), square.Of(s); sq != n*n {
						t.Errorf("square of %d = %d", n, sq)
						return
					}
				}
			}
		})
	}
	for range 500 {
		dispatch(t, st, c.add(1))
		dispatch(t, other, c.add(-3))
	}
	wg.Wait()
}

func TestB444_AnEqualResultKeepsTheOldIdentity(t *testing.T) {
	s, set := shopFixture(shop{Items: []string{"tea", "coffee", "toast"}})
	long := store.Select(s, func(s shop) []string {
		return slices.DeleteFunc(slices.Clone(s.Items), func(w string) bool { return len(w) < 4 })
	}).Equal(slices.Equal)
	st := open(t, s)
	heard := 0
	store.Subscribe(t.Context(), st, long, func([]string) { heard++ })
	first := long.Of(st.State())
	dispatch(t, st, set(shop{Items: []string{"coffee", "ale", "toast"}}))
	second := long.Of(st.State())
	if &first[0] != &second[0] || heard != 0 {
		t.Errorf("an equal result is a new one; heard %d times", heard)
	}
	dispatch(t, st, set(shop{Items: []string{"coffee"}}))
	if got := long.Of(st.State()); !slices.Equal(got, []string{"coffee"}) || heard != 1 {
		t.Errorf("selected %v, heard %d times", got, heard)
	}
}

func TestB446_AClearedSelectorRunsAgain(t *testing.T) {
	c := newNumbers("c")
	square := store.Derive(c.n, func(n int) int { return n * n })
	st := open(t, c.slice)
	square.Of(st.State())
	square.Of(st.State())
	if got := square.Runs(); got != 1 {
		t.Errorf("ran %d times, want 1", got)
	}
	square.Clear()
	square.Of(st.State())
	if got := square.Runs(); got != 2 {
		t.Errorf("ran %d times after Clear, want 2", got)
	}
}

func TestB449_AStructureKeepsItsIdentityWhileNoPartChanges(t *testing.T) {
	a, b, other := newNumbers("a"), newNumbers("b"), newNumbers("other")
	type parts struct{ A, B int }
	both := store.Derive2(a.n, b.n, func(x, y int) *parts { return &parts{x, y} })
	st := open(t, a.slice, b.slice, other.slice)
	first := both.Of(st.State())
	dispatch(t, st, other.add(1), a.add(0))
	if both.Of(st.State()) != first {
		t.Error("nothing changed, and the structure is a new one")
	}
	dispatch(t, st, b.add(2))
	if got := both.Of(st.State()); got == first || *got != (parts{0, 2}) {
		t.Errorf("%+v", *got)
	}
}

func TestDeriveOfManyInputs(t *testing.T) {
	n := make([]numbers, 6)
	mount := make([]store.Mountable, 6)
	for i := range n {
		n[i] = newNumbers(string(rune('a' + i)))
		mount[i] = n[i].slice
	}
	four := store.Derive4(n[0].n, n[1].n, n[2].n, n[3].n, func(a, b, c, d int) int { return a + 10*b + 100*c + 1000*d })
	five := store.Derive5(n[0].n, n[1].n, n[2].n, n[3].n, n[4].n, func(a, b, c, d, e int) int { return a + 10*b + 100*c + 1000*d + 10000*e })
	six := store.Derive6(n[0].n, n[1].n, n[2].n, n[3].n, n[4].n, n[5].n, func(a, b, c, d, e, f int) int {
		return a + 10*b + 100*c + 1000*d + 10000*e + 100000*f
	})
	st := open(t, mount...)
	want := 0
	for i, place := 0, 1; i < 6; i, place = i+1, place*10 {
		dispatch(t, st, n[i].add(i+1))
		want += (i + 1) * place
		s := st.State()
		if got := [3]int{four.Of(s), five.Of(s), six.Of(s)}; got != [3]int{want % 10_000, want % 100_000, want} {
			t.Errorf("after %d: %v, want the last digits of %d", i+1, got, want)
		}
	}
	if got := [3]uint64{four.Runs(), five.Runs(), six.Runs()}; got != [3]uint64{4, 5, 6} {
		t.Errorf("ran %v times, want [4 5 6]", got)
	}
	dispatch(t, st, n[0].add(0))
	if six.Of(st.State()); six.Runs() != 6 {
		t.Error("it ran without a change")
	}
}

func TestASelectorNeedsAFunction(t *testing.T) {
	c := newNumbers("c")
	if msg, _ := panics(func() { store.Derive[int, int](c.n, nil) }).(string); !strings.Contains(msg, "nil") {
		t.Errorf("panic %q", msg)
	}
}
