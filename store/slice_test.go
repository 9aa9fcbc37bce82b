package store_test

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"slate/store"
)

func TestB354_TheInitialValueIsTheFirstState(t *testing.T) {
	s := store.NewSlice("s", counter{N: 7})
	if got := s.Of(open(t, s).State()); got.N != 7 {
		t.Errorf("mounted: %v", got)
	}
	if got := s.Of(store.State{}); got.N != 7 {
		t.Errorf("in the zero State: %v", got)
	}
	if s.Name() != "s" || s.Initial().N != 7 {
		t.Errorf("Name %q, Initial %v", s.Name(), s.Initial())
	}
}

func TestB372_AnActionIsNamedForItsSlice(t *testing.T) {
	c := newNumbers("counter")
	if got := c.add.Type(); got != "counter/add" {
		t.Errorf("creator: %q", got)
	}
	if got := c.reset.Type(); got != "counter/reset" {
		t.Errorf("signal: %q", got)
	}
	if a := c.add(5); a.Type() != "counter/add" || a.String() != "counter/add" {
		t.Errorf("action: type %q, string %q", a.Type(), a.String())
	}
	if got := (store.Action{}).Type(); got != "" {
		t.Errorf("zero action: %q", got)
	}
}

func TestB371_AMatcherIsTrueForItsOwnActionsOnly(t *testing.T) {
	c := newNumbers("counter")
	twin := store.NewCreator[int]("counter/add") // another action of the same type
	for _, tc := range []struct {
		name          string
		action        store.Action
		creator, sign bool
	}{
		{"its own", c.add(5), true, false},
		{"a signal", c.reset(), false, true},
		{"a namesake", twin(5), false, false},
		{"the zero action", store.Action{}, false, false},
	} {
		n, ok := c.add.Match(tc.action)
		if ok != tc.creator || ok && n != 5 {
			t.Errorf("%s: Match = %d, %v", tc.name, n, ok)
		}
		if c.add.Matches(tc.action) != tc.creator || c.reset.Matches(tc.action) != tc.sign {
			t.Errorf("%s: Matches", tc.name)
		}
	}
}

func TestB378_B379_OrderOfAnswers(t *testing.T) {
	type trail struct{ Steps string }
	step := func(name string) func(trail, store.Action) trail {
		return func(s trail, _ store.Action) trail { s.Steps += name; return s }
	}
	s := store.NewSlice("trail", trail{})
	// Declared in an order that is not the order of running.
	store.OnDefault(s, step("D"))
	known, half, stranger := store.NewSignal("known"), store.NewSignal("half"), store.NewSignal("stranger")
	store.OnMatch(s, func(a store.Action) bool { return a.Type() != "stranger" }, step("1"))
	store.OnMatch(s, func(a store.Action) bool { return a.Type() == "known" }, step("2"))
	store.OnSignal(s, known, func(s trail) trail { s.Steps += "C"; return s })
	for _, tc := range []struct {
		action store.Action
		want   string
	}{
		{known(), "C12"},
		{half(), "1"},
		{stranger(), "D"},
	} {
		st := open(t, s)
		dispatch(t, st, tc.action)
		if got := s.Of(st.State()).Steps; got != tc.want {
			t.Errorf("%s: answered by %q, want %q", tc.action.Type(), got, tc.want)
		}
	}
}

func TestB381_SlicesAnswerToEachOthersActions(t *testing.T) {
	a, b := newNumbers("a"), newNumbers("b")
	store.On(a.slice, b.add, func(s counter, n int) counter { s.N += 10 * n; return s })
	store.On(b.slice, a.add, func(s counter, n int) counter { s.N += 100 * n; return s })
	store.OnSignal(a.slice, b.reset, func(counter) counter { return counter{} })
	st := open(t, a.slice, b.slice)
	dispatch(t, st, a.add(1), b.add(2))
	if got := [2]int{a.n.Of(st.State()), b.n.Of(st.State())}; got != [2]int{21, 102} {
		t.Errorf("a and b = %v, want [21 102]", got)
	}
	dispatch(t, st, b.reset())
	if got := [2]int{a.n.Of(st.State()), b.n.Of(st.State())}; got != [2]int{0, 0} {
		t.Errorf("after reset a and b = %v", got)
	}
}

// identity is what B376 says: a state that comes back as it went in is the same state.
func checkIdentity[S any](t *testing.T, name string, initial S) {
	t.Run(name, func(t *testing.T) {
		s := store.NewSlice("s", initial)
		keep := store.CaseSignal(s, "keep", func(s S) S { return s })
		woken := 0
		st := open(t, s)
		store.Subscribe(context.Background(), st, store.Select(s, func(s S) S { return s }), func(S) { woken++ })
		before := st.State()
		dispatch(t, st, keep())
		if st.State() != before {
			t.Error("a new snapshot")
		}
		if woken != 0 {
			t.Error("a subscriber was woken")
		}
	})
}

func TestB376_AnUnchangedStateWakesNobody(t *testing.T) {
	type padded struct {
		A bool
		B int64
		_ int32
		C byte
		D struct {
			E bool
			F float64
		}
	}
	checkIdentity(t, "int", 3)
	checkIdentity(t, "string", strings.Repeat("x", 3))
	checkIdentity(t, "empty struct", struct{}{})
	checkIdentity(t, "padding", padded{A: true, C: 3})
	checkIdentity(t, "slice", []int{1, 2})
	checkIdentity(t, "nil slice", []int(nil))
	checkIdentity(t, "map", map[string]int{"a": 1})
	checkIdentity(t, "pointer", new(5))
	checkIdentity(t, "NaN", math.NaN())
	checkIdentity(t, "NaN in a struct", struct{ F float64 }{math.NaN()})
	checkIdentity(t, "array", [3][]int{{1}, {2}, nil})
	checkIdentity(t, "array of padded", [3]padded{{A: true}, {}, {C: 1}})
	checkIdentity(t, "interface with what == cannot compare", any([]int{1}))
	checkIdentity(t, "function", func() {})
	checkIdentity(t, "nothing in an array", [0]int{})
}

func TestIdentityLooksAtEveryField(t *testing.T) {
	type wide struct {
		A bool
		B int64
		C [2]byte
		D string
		E []int
		F any
	}
	for name, change := range map[string]func(*wide){
		"first":          func(w *wide) { w.A = true },
		"after padding":  func(w *wide) { w.B = 1 },
		"array":          func(w *wide) { w.C[1] = 1 },
		"string":         func(w *wide) { w.D = "d" },
		"slice's length": func(w *wide) { w.E = w.E[:1] },
		"interface":      func(w *wide) { w.F = 1 },
	} {
		s := store.NewSlice("wide", wide{E: []int{1, 2}})
		alter := store.CaseSignal(s, "alter", func(w wide) wide { change(&w); return w })
		st := open(t, s)
		before := st.State()
		dispatch(t, st, alter())
		if st.State() == before {
			t.Errorf("%s: the change went unseen", name)
		}
	}
}

func TestB365_OnlyTheSliceThatChangedIsNew(t *testing.T) {
	type list struct{ Items []int }
	a := store.NewSlice("a", list{[]int{1}})
	push := store.Case(a, "push", func(l list, n int) list { l.Items = append(slices.Clone(l.Items), n); return l })
	b := store.NewSlice("b", list{[]int{2}})
	st := open(t, a, b)
	before := st.State()
	dispatch(t, st, push(9))
	after := st.State()
	if after.Version() != before.Version()+1 {
		t.Errorf("version %d after %d", after.Version(), before.Version())
	}
	if &b.Of(before).Items[0] != &b.Of(after).Items[0] {
		t.Error("the other slice was copied")
	}
	if got := a.Of(before).Items; !slices.Equal(got, []int{1}) {
		t.Errorf("the old snapshot changed: %v", got)
	}
	if got := a.Of(after).Items; !slices.Equal(got, []int{1, 9}) {
		t.Errorf("the new snapshot has %v", got)
	}
}

func TestOneSliceInManyStores(t *testing.T) {
	c := newNumbers("counter")
	one, two := open(t, c.slice), open(t, c.slice)
	dispatch(t, one, c.add(1))
	dispatch(t, two, c.add(2))
	if got := [2]int{c.n.Of(one.State()), c.n.Of(two.State())}; got != [2]int{1, 2} {
		t.Errorf("the stores hold %v, want [1 2]", got)
	}
}

func TestManySlices(t *testing.T) {
	all := make([]numbers, 100)
	mount := make([]store.Mountable, len(all))
	move := store.NewCreator[int]("move")
	for i := range all {
		all[i] = newNumbers("n" + string(rune('A'+i)))
		store.On(all[i].slice, move, func(s counter, by int) counter { s.N += by; return s })
		mount[i] = all[i].slice
	}
	st := open(t, mount...)
	for i, c := range all {
		dispatch(t, st, c.add(i))
	}
	dispatch(t, st, move(1000))
	for i, c := range all {
		if got := c.n.Of(st.State()); got != 1000+i {
			t.Errorf("slice %d = %d, want %d", i, got, 1000+i)
		}
	}
}

func TestB380_DeclarationMistakesPanic(t *testing.T) {
	mounted := newNumbers("mounted")
	open(t, mounted.slice)
	mistaken := newNumbers("mistaken")
	other := store.NewCreator[int]("other")
	store.On(mistaken.slice, other, func(s counter, _ int) counter { return s })
	store.OnDefault(mistaken.slice, func(s counter, _ store.Action) counter { return s })
	same := func(s counter, _ int) counter { return s }
	for name, tc := range map[string]struct {
		do   func()
		want string
	}{
		"a slice without a name":   {func() { store.NewSlice("", 0) }, "name"},
		"a creator without a type": {func() { store.NewCreator[int]("") }, "type"},
		"a signal without a type":  {func() { store.NewSignal("") }, "type"},
		"a case without a name":    {func() { store.Case(mistaken.slice, "", same) }, `"mistaken"`},
		"a case declared twice":    {func() { store.Case(mistaken.slice, "add", same) }, `"mistaken/add"`},
		"an answer given twice":    {func() { store.On(mistaken.slice, other, same) }, `"other"`},
		"an answer to a namesake":  {func() { store.On(mistaken.slice, store.NewCreator[int]("other"), same) }, `"other"`},
		"an answer to a function that prepares": {func() {
			spelt := store.Creator[string](func(n string) store.Action { return other(len(n)) })
			store.On(mistaken.slice, spelt, func(s counter, _ string) counter { return s })
		}, `"other"`},
		"B353 a reducer that is nil": {func() { store.Case[counter, int](mistaken.slice, "nil", nil) }, "nil"},
		"B353 a signal's reducer":    {func() { store.CaseSignal(mistaken.slice, "nil", nil) }, "nil"},
		"B353 a matcher that is nil": {func() { store.OnMatch(mistaken.slice, nil, func(s counter, _ store.Action) counter { return s }) }, "nil"},
		"B353 a default that is nil": {func() { store.OnDefault(mistaken.slice, nil) }, "nil"},
		"two defaults":               {func() { store.OnDefault(mistaken.slice, func(s counter, _ store.Action) counter { return s }) }, "default"},
		"a case after mounting":      {func() { store.Case(mounted.slice, "late", same) }, `"mounted"`},
		"a matcher after mounting": {func() {
			store.OnMatch(mounted.slice, other.Matches, func(s counter, _ store.Action) counter { return s })
		}, `"mounted"`},
		"a default after mounting":      {func() { store.OnDefault(mounted.slice, func(s counter, _ store.Action) counter { return s }) }, `"mounted"`},
		"Transient after mounting":      {func() { mounted.slice.Transient() }, `"mounted"`},
		"a signal's case after":         {func() { store.CaseSignal(mounted.slice, "late", func(s counter) counter { return s }) }, `"mounted"`},
		"an answer to another's action": {func() { store.On(mounted.slice, other, same) }, `"mounted"`},
	} {
		msg, _ := panics(tc.do).(string)
		if !strings.HasPrefix(msg, "store: ") || !strings.Contains(msg, tc.want) {
			t.Errorf("%s: panic %q, want a sentence with %s", name, msg, tc.want)
		}
	}
}
