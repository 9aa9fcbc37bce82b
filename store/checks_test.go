package store_test

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"slate/store"
)

// findings collects what checks report.
type findings struct {
	mu   sync.Mutex
	list []store.Finding
}

func (f *findings) report(found store.Finding) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = append(f.list, found)
}

// places returns "check where" of each finding.
func (f *findings) places() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := []string{}
	for _, found := range f.list {
		out = append(out, found.Check+" "+found.Where)
	}
	return out
}

// checked returns a store with checks, and what they find. They are never slow.
func checked(t testing.TB, checks store.Checks, slices ...store.Mountable) (*store.Store, *findings) {
	t.Helper()
	f := &findings{}
	checks.Report = f.report
	if checks.Slow == 0 {
		checks.Slow = time.Hour
	}
	return openWith(t, store.Options{Checks: &checks}, slices...), f
}

type row struct {
	Text string
	Done bool
}

type board struct {
	Items []row
	ByID  map[string]*row
	Loop  *board
	notes []string
}

func newBoard() board {
	b := board{Items: []row{{Text: "a"}, {Text: "b"}}, ByID: map[string]*row{"x": {}}, notes: []string{"n"}}
	b.Loop = &board{}
	b.Loop.Loop = b.Loop
	return b
}

func TestB437_AStateThatIsChangedInPlaceIsFound(t *testing.T) {
	mutate := map[string]func(board){
		"items": func(b board) { b.Items[1].Done = !b.Items[1].Done },
		"map":   func(b board) { b.ByID["x"].Text += "!" },
		"entry": func(b board) { b.ByID[fmt.Sprint(len(b.ByID))] = nil },
		"loop":  func(b board) { b.Loop.Items = append(b.Loop.Items, row{}) },
		"notes": func(b board) { b.notes[0] += "!" },
	}
	for _, tc := range []struct {
		name   string
		ignore []string
		do     []string // "in": the reducer changes its input; "out": somebody changes what he read
		want   []string
	}{
		{"nothing", nil, nil, nil},
		{"a reducer writes to a list", nil, []string{"in items"}, []string{"mutation board.Items[1].Done"}},
		{"a reducer writes through a map", nil, []string{"in map"}, []string{`mutation board.ByID["x"].Text`}},
		{"a reducer adds to a map", nil, []string{"in entry"}, []string{"mutation board.ByID"}},
		{"a reducer writes to a cycle", nil, []string{"in loop"}, []string{"mutation board.Loop.Items"}},
		{"a reducer writes to an unexported field", nil, []string{"in notes"}, []string{"mutation board.notes[0]"}},
		{"between dispatches", nil, []string{"out items"}, []string{"mutation board.Items[1].Done"}},
		{"once for each place", nil, []string{"in items", "in items", "out items", "out items"}, []string{"mutation board.Items[1].Done", "mutation board.Items[1].Done"}},
		{"an ignored slice", []string{"board"}, []string{"in items", "out map"}, nil},
		{"an ignored action", []string{"board/change"}, []string{"in items"}, nil},
		{"an ignored path", []string{"board.Items[].Done"}, []string{"in items", "in map"}, []string{`mutation board.ByID["x"].Text`}},
		{"ignored below", []string{"board.ByID"}, []string{"in map", "out entry"}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := store.NewSlice("board", newBoard()).Transient()
			change := store.Case(s, "change", func(b board, how string) board { mutate[how](b); return b })
			other := newNumbers("other")
			st, found := checked(t, store.Checks{Ignore: tc.ignore}, s, other.slice)
			dispatch(t, st, other.add(1))
			for _, do := range tc.do {
				where, how, _ := strings.Cut(do, " ")
				if where == "in" {
					dispatch(t, st, change(how))
				} else {
					mutate[how](s.Of(st.State()))
				}
				dispatch(t, st, other.add(1))
			}
			if got := found.places(); !slices.Equal(got, tc.want) && len(got)+len(tc.want) > 0 {
				t.Errorf("found %q, want %q", got, tc.want)
			}
		})
	}
}

func TestB437_TheTextSaysWhoDidIt(t *testing.T) {
	s := store.NewSlice("board", newBoard()).Transient()
	done := store.CaseSignal(s, "done", func(b board) board { b.Items[0].Done = true; return b })
	log := &journal{}
	st := openWith(t, store.Options{Checks: &store.Checks{}, Logger: log.logger()}, s)
	dispatch(t, st, done())
	for _, part := range []string{"level=WARN", "where=board.Items[0].Done", "board/done", "Clone"} {
		if !strings.Contains(log.String(), part) {
			t.Errorf("the log does not say %s: %s", part, log)
		}
	}
}

func TestB438_ATypeThatCannotBeWrittenIsFound(t *testing.T) {
	type payload struct {
		Name   string
		OnDone func()
		Where  map[[2]int]string
	}
	type alive struct {
		Conn chan int
		Err  error
	}
	for _, tc := range []struct {
		name   string
		ignore []string
		want   []string
	}{
		{"payload and state", nil, []string{"encoding alive/go.OnDone", "encoding alive/go.Where", "encoding alive.Conn", "encoding alive.Err", "encoding meta tick"}},
		{"an ignored action", []string{"alive/go", "meta tick"}, []string{"encoding alive.Conn", "encoding alive.Err"}},
		{"an ignored slice", []string{"alive", "meta tick"}, []string{"encoding alive/go.OnDone", "encoding alive/go.Where"}},
		{"ignored paths", []string{"alive.Err", "alive/go.OnDone", "meta tick"}, []string{"encoding alive/go.Where", "encoding alive.Conn"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := store.NewSlice("alive", alive{})
			run := store.Case(s, "go", func(a alive, _ payload) alive { return a })
			gone := store.NewSlice("gone", alive{}).Transient()
			tick := store.NewMeta[func()]("tick")
			st, found := checked(t, store.Checks{Ignore: tc.ignore}, s, gone)
			for range 3 { // once for each type
				dispatch(t, st, tick.With(run(payload{}), func() {}))
			}
			got := found.places()
			slices.Sort(got)
			if want := slices.Sorted(slices.Values(tc.want)); !slices.Equal(got, want) {
				t.Errorf("found %q, want %q", got, want)
			}
		})
	}
}

func TestB440_SlowChecksAreFoundOnce(t *testing.T) {
	s := store.NewSlice("big", make([]int, 200_000))
	set := store.Case(s, "set", func(l []int, n int) []int { l = slices.Clone(l); l[0] = n; return l })
	st, found := checked(t, store.Checks{Slow: time.Nanosecond}, s)
	dispatch(t, st, set(1), set(2))
	if got := found.places(); !slices.Equal(got, []string{"slow big"}) {
		t.Errorf("found %q", got)
	}
}

func TestB447_SelectorsThatWorkForNothingAreFound(t *testing.T) {
	s, set := shopFixture(shop{Items: []string{"tea", "coffee"}, Filter: "tea"})
	items := store.Select(s, func(s shop) []string { return s.Items })
	filtered := func(s shop) []string {
		return slices.DeleteFunc(slices.Clone(s.Items), func(i string) bool { return i != s.Filter })
	}
	count := func(list []string) int { return len(list) }
	for _, tc := range []struct {
		name string
		read func(store.State)
		want []string // parts of the texts
	}{
		{"a part of the state", reading(items), nil},
		{"derived", reading(store.Derive(items, count)), nil},
		{"an unstable input", reading(store.Derive(store.Select(s, filtered), count)), []string{"an input that comes out as another value", "Call Equal"}},
		{"an unstable input with Equal", reading(store.Derive(store.Select(s, filtered).Equal(slices.Equal), count)), nil},
		{"an input function", reading(store.Derive(items, func(l []string) []string { return l })), []string{"returned its input"}},
		{"random numbers", reading(store.Derive(items, func([]string) float64 { return rand.Float64() })), []string{"is run again"}},
		{"equal results", reading(store.Select(s, filtered)), []string{"Call Equal"}},
		{"equal results with Equal", reading(store.Select(s, filtered).Equal(slices.Equal)), nil},
		{"equal derived results", reading(store.Derive(items, func(l []string) []string { return slices.Sorted(slices.Values(l)) })), []string{"Call Equal"}},
		{"a sorted map", reading(store.Derive(items, func(l []string) map[string]bool {
			m := map[string]bool{}
			for _, i := range l {
				m[i] = true
			}
			return m
		}).Equal(maps.Equal)), nil},
		{"a closure", reading(store.Select(s, func(s shop) func() int { return func() int { return s.Clock } })), nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			st, found := checked(t, store.Checks{}, s)
			for n := range 25 {
				dispatch(t, st, set(shop{Items: slices.Clone([]string{"tea", "coffee"}), Filter: "tea", Clock: n}))
				tc.read(st.State())
			}
			texts := []string{}
			for _, f := range found.list {
				if !strings.HasPrefix(f.Where, "store/checks_test.go:") {
					t.Errorf("found at %s", f.Where)
				}
				texts = append(texts, f.Text)
			}
			if len(texts) != len(tc.want) {
				t.Fatalf("found %q, want %q", texts, tc.want)
			}
			for i, part := range tc.want {
				if !strings.Contains(texts[i], part) {
					t.Errorf("found %q, want %q", texts[i], part)
				}
			}
		})
	}
}

// reading returns a function that reads a selector.
func reading[T any](sel store.Selector[T]) func(store.State) {
	return func(s store.State) { sel.Of(s) }
}

func TestAReportMayDispatchAndPanic(t *testing.T) {
	s := store.NewSlice("board", newBoard()).Transient()
	done := store.CaseSignal(s, "done", func(b board) board { b.Items[0].Done = true; return b })
	c := newNumbers("c")
	log := &journal{}
	var st *store.Store
	var err error
	st = openWith(t, store.Options{Logger: log.logger(), Checks: &store.Checks{Report: func(store.Finding) {
		err = st.Dispatch(c.add(1))
		panic(errors.New("report"))
	}}}, s, c.slice)
	dispatch(t, st, done())
	if got := c.n.Of(st.State()); err != nil || got != 1 {
		t.Errorf("the report's dispatch: %v, state %d", err, got)
	}
	if !strings.Contains(log.String(), "could not be reported") {
		t.Errorf("the panic is not logged: %s", log)
	}
}

// tree is a state in which parts are nested at random.
type tree struct {
	Val  int
	Kids []*tree
	ByID map[string]tree
	Any  any
}

func drawTree(t *rapid.T, depth int) *tree {
	n := &tree{Val: rapid.Int().Draw(t, "val")}
	if depth == 0 {
		return n
	}
	for range rapid.IntRange(0, 3).Draw(t, "kids") {
		n.Kids = append(n.Kids, drawTree(t, depth-1))
	}
	if rapid.Bool().Draw(t, "map") {
		n.ByID = map[string]tree{"a": *drawTree(t, depth-1), "b": *drawTree(t, depth-1)}
	}
	if rapid.Bool().Draw(t, "any") {
		n.Any = []any{drawTree(t, depth-1), n}
	}
	return n
}

// walk takes a way down that the numbers choose, copies what it passes where copy is set, and changes the value there.
func (n *tree) walk(way []int, copy bool) *tree {
	if copy {
		c := *n
		n = &c
	}
	if len(way) == 0 || len(n.Kids) == 0 {
		n.Val++
		return n
	}
	if copy {
		n.Kids = slices.Clone(n.Kids)
	}
	i := way[0] % len(n.Kids)
	n.Kids[i] = n.Kids[i].walk(way[1:], copy)
	return n
}

// A reducer that copies what it changes is never found, one that does not always is.
func TestMutationsAndNothingElseAreFound(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := store.NewSlice("tree", drawTree(rt, 3))
		pure := store.Case(s, "pure", func(n *tree, way []int) *tree { return n.walk(way, true) })
		mutating := store.Case(s, "mutating", func(n *tree, way []int) *tree { return n.walk(way, false) })
		var found findings
		st, err := store.New(store.Options{Checks: &store.Checks{Report: found.report, Slow: time.Hour}}, s)
		if err != nil {
			rt.Fatal(err)
		}
		defer st.Close()
		ways := rapid.SliceOfN(rapid.SliceOfN(rapid.IntRange(0, 9), 0, 4), 1, 10).Draw(rt, "ways")
		for _, way := range ways {
			if err := st.Dispatch(pure(way)); err != nil {
				rt.Fatal(err)
			}
		}
		if got := found.places(); len(got) > 0 {
			rt.Fatalf("found %q in pure reducers", got)
		}
		if err := st.Dispatch(mutating(ways[0])); err != nil {
			rt.Fatal(err)
		}
		if got := found.places(); len(got) != 1 || !strings.HasPrefix(got[0], "mutation tree") || !strings.HasSuffix(got[0], ".Val") {
			rt.Fatalf("found %q, want one mutation", got)
		}
	})
}

func TestChecksFromManyGoroutines(t *testing.T) {
	c := newNumbers("c")
	square := store.Derive(c.n, func(n int) int { return n * n })
	st, found := checked(t, store.Checks{}, c.slice)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 100 {
				dispatch(t, st, c.add(1))
				square.Of(st.State())
			}
		})
	}
	wg.Wait()
	if got := found.places(); len(got) > 0 {
		t.Errorf("found %q", got)
	}
}

func TestWithoutChecksNothingIsPaidForThem(t *testing.T) {
	c := newNumbers("c")
	square := store.Derive(c.n, func(n int) int { return n * n })
	st := open(t, c.slice)
	one := c.add(1)
	do := func() { _ = st.Dispatch(one); square.Of(st.State()) }
	do()
	// The slice's value and the state; the memories of two selectors, and what the second was made of.
	if got := testing.AllocsPerRun(100, do); got > 6 {
		t.Errorf("%.0f allocations, want at most 6", got)
	} else {
		t.Logf("%.0f allocations", got)
	}
}
