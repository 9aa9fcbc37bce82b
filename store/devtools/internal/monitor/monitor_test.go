package monitor_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"slate/store"
	"slate/store/devtools"
	"slate/store/devtools/internal/monitor"
	"slate/store/storetest"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("runtime.handleEvent"))
}

type app struct {
	*store.Store
	log  *devtools.Log
	feed monitor.Feed
	add  store.Creator[int]
	n    store.Selector[int]
}

func open(t testing.TB, opts devtools.Options) *app {
	t.Helper()
	s := store.NewSlice("n", 0)
	a := &app{log: devtools.New(opts)}
	a.add = store.Case(s, "add", func(s, n int) int { return s + n })
	a.n = store.Select(s, func(n int) int { return n })
	a.feed.Log = a.log
	a.Store = storetest.NewWith(t, store.Options{Enhancers: []store.Enhancer{a.log.Enhancer()}}, s)
	return a
}

// next tells the news in short: "session" for all, "+id" for each action, "x" where an old one gives way.
func (a *app) next(t *testing.T) string {
	t.Helper()
	news, err := a.feed.Next()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, m := range news {
		switch {
		case m.Session != nil:
			out = append(out, "session")
		case m.Excess:
			out = append(out, "x", string(m.Action[strings.Index(string(m.Action), "payload"):][:10]))
		default:
			out = append(out, string(m.State))
		}
	}
	return strings.Join(out, " ")
}

func (a *app) dispatch(t testing.TB, numbers ...int) {
	t.Helper()
	for _, n := range numbers {
		if err := a.Dispatch(a.add(n)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFeedTellsOnlyWhatIsNew(t *testing.T) {
	a := open(t, devtools.Options{MaxActions: 3})
	want := func(want string) {
		t.Helper()
		if got := a.next(t); got != want {
			t.Errorf("the news are %q, want %q", got, want)
		}
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	want("session")
	want("")
	a.dispatch(t, 1, 1)
	want(`{"n":1} {"n":2}`)
	a.dispatch(t, 1, 4)
	want(`{"n":3} x payload":4`)
	must(a.log.Jump(3))
	want("session")
	must(a.feed.Do(json.RawMessage(`{"type":"JUMP_TO_ACTION","actionId":4}`)))
	want("")
	a.dispatch(t, 1)
	want(`x payload":1`)
	must(a.log.Move(5, 3))
	want("session")
	a.dispatch(t, 2)
	want(`x payload":2`)
	must(a.log.Commit())
	want("session")
	a.dispatch(t, 1, 2, 3, 4, 5, 6) // more than the log keeps
	want("session")
	a.feed.Forget()
	want("session")
}

func TestCommandsThatMakeNoSense(t *testing.T) {
	a := open(t, devtools.Options{})
	a.dispatch(t, 1)
	for _, command := range []string{``, `7`, `{"type":7}`, `{"type":"REORDER_ACTION"}`, `{"type":"TOGGLE_ACTION","id":9}`,
		`{"type":"JUMP_TO_STATE","index":9}`, `{"type":"JUMP_TO_ACTION","actionId":-1}`, `{"type":"IMPORT_STATE"}`, `{"type":"PERFORM_ACTION"}`} {
		if err := a.feed.Do(json.RawMessage(command)); err == nil {
			t.Errorf("%s: no error", command)
		}
	}
	if err := a.feed.Do(json.RawMessage(`{"type":"SOME_MONITORS_OWN"}`)); err != nil {
		t.Errorf("a command of another kind: %v", err)
	}
	if n := a.n.Of(a.State()); n != 1 {
		t.Errorf("the state became %d", n)
	}
}

// hostile panics where it is read.
type hostile struct{}

func (*hostile) UnmarshalJSON([]byte) error { panic("no") }

func TestPanicsInCommandsAreErrors(t *testing.T) {
	s := store.NewSlice("hostile", hostile{})
	store.Case(s, "set", func(s, _ hostile) hostile { return s })
	ring := store.CaseSignal(s, "ring", func(s hostile) hostile { return s })
	log := devtools.New(devtools.Options{})
	storetest.NewWith(t, store.Options{
		Enhancers: []store.Enhancer{log.Enhancer()},
		Middleware: []store.Middleware{func(_ *store.Store, next store.Dispatcher) store.Dispatcher {
			return func(a store.Action) error {
				if ring.Matches(a) {
					panic("no")
				}
				return next(a)
			}
		}},
	}, s)
	feed := monitor.Feed{Log: log}
	for _, action := range []string{`{"type":"hostile/set","payload":{}}`, `{"type":"hostile/ring"}`} {
		var panicked *store.PanicError
		if err := feed.Dispatch(json.RawMessage(action)); !errors.As(err, &panicked) {
			t.Errorf("%s: %v", action, err)
		}
		if err := feed.Do(json.RawMessage(`{"type":"PERFORM_ACTION","action":` + action + `}`)); !errors.As(err, &panicked) {
			t.Errorf("command %s: %v", action, err)
		}
	}
}

func FuzzCommand(f *testing.F) {
	for _, seed := range []string{
		`{"type":"JUMP_TO_STATE","index":1}`, `{"type":"TOGGLE_ACTION","id":1}`, `{"type":"REORDER_ACTION","actionId":1,"beforeActionId":0}`,
		`{"type":"IMPORT_STATE","nextLiftedState":[{"type":"n/add","payload":1}],"preloadedState":{"n":4}}`,
		`{"type":"SET_ACTIONS_ACTIVE","start":-9,"end":9}`, `{"type":"PERFORM_ACTION","action":"{\"type\":\"n/add\",\"payload\":2}"}`,
	} {
		f.Add([]byte(seed))
	}
	a := open(f, devtools.Options{MaxActions: 5})
	a.dispatch(f, 1)
	f.Fuzz(func(t *testing.T, command []byte) {
		_ = a.feed.Do(command)
		_ = a.feed.Dispatch(command)
		if _, err := a.feed.Next(); err != nil {
			t.Fatal(err)
		}
	})
}
