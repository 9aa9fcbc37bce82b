package devtools_test

import (
	"slices"
	"testing"

	"go.uber.org/goleak"

	"slate/store"
	"slate/store/devtools"
	"slate/store/storetest"
)

// handleEvent is the goroutine through which JavaScript calls into a WebAssembly program; it never ends.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("runtime.handleEvent"))
}

type counter struct {
	N int `json:"n"`
}

type account struct {
	Name  string `json:"name"`
	Token string `json:"token,omitempty"`
	PIN   int    `json:"pin,omitempty"`
}

// app is a store with a log. Each test has slices of its own: one that is mounted takes no more reducers.
type app struct {
	*store.Store
	log     *devtools.Log
	counter *store.Slice[counter]
	account *store.Slice[account]
	add     store.Creator[int]
	double  store.Signal
	signIn  store.Creator[account]
}

func open(t testing.TB, opts devtools.Options) *app {
	t.Helper()
	a := declare()
	a.open(t, opts)
	return a
}

func declare() *app {
	c := store.NewSlice("counter", counter{})
	a := store.NewSlice("account", account{})
	return &app{
		counter: c,
		account: a,
		add:     store.Case(c, "add", func(s counter, n int) counter { s.N += n; return s }),
		double:  store.CaseSignal(c, "double", func(s counter) counter { s.N *= 2; return s }),
		signIn:  store.Case(a, "signIn", func(_ account, a account) account { return a }),
	}
}

// open makes a store of the slices. A second one takes the place of the first.
func (a *app) open(t testing.TB, opts devtools.Options) {
	t.Helper()
	a.log = devtools.New(opts)
	a.Store = storetest.NewWith(t, store.Options{Enhancers: []store.Enhancer{a.log.Enhancer()}}, a.counter, a.account)
}

func (a *app) n() int { return a.counter.Of(a.State()).N }

func (a *app) dispatch(t testing.TB, actions ...store.Action) {
	t.Helper()
	for _, action := range actions {
		if err := a.Dispatch(action); err != nil {
			t.Fatalf("Dispatch(%s): %v", action, err)
		}
	}
}

// wantN checks the counter of the store and, in the log, that after each entry.
func (a *app) wantN(t testing.TB, n int, log ...int) {
	t.Helper()
	if a.n() != n {
		t.Errorf("the counter is %d, want %d", a.n(), n)
	}
	var got []int
	for e := range a.log.Entries() {
		got = append(got, a.counter.Of(e.After()).N)
	}
	if !slices.Equal(got, log) {
		t.Errorf("the log's counters are %v, want %v", got, log)
	}
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// openStore gives a log a store with a slice.
func openStore(t testing.TB, log *devtools.Log, slice store.Mountable) {
	t.Helper()
	storetest.NewWith(t, store.Options{Enhancers: []store.Enhancer{log.Enhancer()}}, slice)
}
