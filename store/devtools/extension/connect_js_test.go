package extension_test

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"syscall/js"
	"testing"
	"time"

	"slate/store"
	"slate/store/devtools"
	"slate/store/devtools/extension"
	"slate/store/storetest"
)

//go:embed testdata/fake.js
var fake string

type counter struct {
	N int `json:"n"`
}

type app struct {
	*store.Store
	log   *devtools.Log
	slice *store.Slice[counter]
	add   store.Creator[int]
	stop  func()
	conn  js.Value // the fake's side
}

func connect(t *testing.T, opts devtools.Options) *app {
	t.Helper()
	js.Global().Call("eval", fake)
	t.Cleanup(func() { js.Global().Delete("__REDUX_DEVTOOLS_EXTENSION__") })
	s := store.NewSlice("counter", counter{})
	a := &app{slice: s, log: devtools.New(opts)}
	a.add = store.Case(s, "add", func(s counter, n int) counter { s.N += n; return s })
	a.Store = storetest.NewWith(t, store.Options{Enhancers: []store.Enhancer{a.log.Enhancer()}}, s)
	stop, err := extension.Connect(t.Context(), a.log)
	if err != nil {
		t.Fatal(err)
	}
	a.stop = stop
	t.Cleanup(stop)
	a.conn = js.Global().Get("__REDUX_DEVTOOLS_EXTENSION__").Get("connections").Index(0)
	return a
}

func (a *app) dispatch(t *testing.T, numbers ...int) {
	t.Helper()
	for _, n := range numbers {
		if err := a.Dispatch(a.add(n)); err != nil {
			t.Fatal(err)
		}
	}
}

// seen is what the monitor has.
type seen struct {
	ComputedStates []struct {
		State struct{ Counter counter }
	}
	ActionsByID map[string]struct {
		Action    struct{ Type string }
		Timestamp float64
	} `json:"actionsById"`
	CurrentStateIndex, NextActionID   int
	SkippedActionIDs, StagedActionIDs []int
	IsLocked, IsPaused                bool
}

func (a *app) seen() (s seen) {
	if err := json.Unmarshal([]byte(a.conn.Call("export").String()), &s); err != nil {
		panic(err)
	}
	return s
}

// eventually waits for what messages between two event loops bring about.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !is() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("it does not happen: %s", what)
		}
	}
}

// shows waits until the monitor shows the counters (the base first), the index of the present one, and the store is there.
func (a *app) shows(t *testing.T, current int, numbers ...int) {
	t.Helper()
	var got []int
	defer func() {
		if t.Failed() {
			t.Logf("shown: %v, %+v; the store: %d", got, a.seen(), a.slice.Of(a.State()).N)
		}
	}()
	eventually(t, "the monitor shows the states", func() bool {
		s := a.seen()
		got = nil
		for _, c := range s.ComputedStates {
			got = append(got, c.State.Counter.N)
		}
		return slices.Equal(got, numbers) && s.CurrentStateIndex == current && a.slice.Of(a.State()).N == numbers[current]
	})
}

func (a *app) do(command map[string]any) { a.conn.Call("dispatch", command) }

func TestConnectIntroducesTheStore(t *testing.T) {
	a := connect(t, devtools.Options{Name: "shop", MaxActions: 7})
	config := a.conn.Get("config")
	if config.Get("name").String() != "shop" || config.Get("maxAge").Int() != 8 || config.Get("features").Get("import").String() != "custom" {
		t.Errorf("the configuration is %s", js.Global().Get("JSON").Call("stringify", config))
	}
	a.shows(t, 0, 0)
	a.dispatch(t, 2, 3)
	a.shows(t, 2, 0, 2, 5)
	s := a.seen()
	if got := s.ActionsByID["2"]; got.Action.Type != "counter/add" || got.Timestamp < 1e12 {
		t.Errorf("the second action is %+v", got)
	}
	calls := js.Global().Get("JSON").Call("stringify", a.conn.Get("calls")).String()
	if want := `["init","send state","send action","send action"]`; calls != want {
		t.Errorf("calls %s, want %s", calls, want)
	}
}

func TestMonitorStaysWithinMaxActions(t *testing.T) {
	a := connect(t, devtools.Options{MaxActions: 2})
	a.dispatch(t, 1, 1, 1, 1)
	a.shows(t, 2, 2, 3, 4)
	a.do(map[string]any{"type": "TOGGLE_ACTION", "id": 4})
	a.shows(t, 2, 2, 3, 3)
}

func TestMonitorCommands(t *testing.T) {
	for _, test := range []struct {
		name    string
		command map[string]any
		current int
		numbers []int
	}{
		{"jump to an action", map[string]any{"type": "JUMP_TO_ACTION", "actionId": 1}, 1, []int{0, 1, 3, 6}},
		{"jump to the base", map[string]any{"type": "JUMP_TO_ACTION", "actionId": 0}, 0, []int{0, 1, 3, 6}},
		{"jump to a state", map[string]any{"type": "JUMP_TO_STATE", "index": 2, "actionId": 2}, 2, []int{0, 1, 3, 6}},
		{"jump to a state by its index alone", map[string]any{"type": "JUMP_TO_STATE", "index": 2}, 2, []int{0, 1, 3, 6}},
		{"toggle", map[string]any{"type": "TOGGLE_ACTION", "id": 2}, 3, []int{0, 1, 1, 4}},
		{"set active", map[string]any{"type": "SET_ACTIONS_ACTIVE", "start": 1, "end": 3, "active": false}, 3, []int{0, 0, 0, 3}},
		{"reorder", map[string]any{"type": "REORDER_ACTION", "actionId": 3, "beforeActionId": 1}, 3, []int{0, 3, 4, 6}},
		{"reset", map[string]any{"type": "RESET"}, 0, []int{0}},
		{"commit", map[string]any{"type": "COMMIT"}, 0, []int{6}},
		{"rollback", map[string]any{"type": "ROLLBACK"}, 0, []int{0}},
		{"dispatch", map[string]any{"type": "PERFORM_ACTION", "action": map[string]any{"type": "counter/add", "payload": 1}}, 4, []int{0, 1, 3, 6, 7}},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := connect(t, devtools.Options{})
			a.dispatch(t, 1, 2, 3)
			a.shows(t, 3, 0, 1, 3, 6)
			a.do(test.command)
			a.shows(t, test.current, test.numbers...)
			if n := a.conn.Get("errors").Length(); n > 0 {
				t.Errorf("errors: %s", a.conn.Get("errors").Index(0))
			}
		})
	}
}

func TestMonitorSweeps(t *testing.T) {
	a := connect(t, devtools.Options{})
	a.dispatch(t, 1, 2)
	a.shows(t, 2, 0, 1, 3)
	a.do(map[string]any{"type": "TOGGLE_ACTION", "id": 1})
	a.shows(t, 2, 0, 0, 2)
	a.do(map[string]any{"type": "SWEEP"})
	a.shows(t, 1, 0, 2)
	a.dispatch(t, 5)
	a.shows(t, 2, 0, 2, 7)
}

// A jump that the monitor made is not told back to it: playing a session must not send the session at each step.
func TestMonitorIsNotToldOfItsOwnJumps(t *testing.T) {
	a := connect(t, devtools.Options{})
	a.dispatch(t, 1, 2)
	a.shows(t, 2, 0, 1, 3)
	calls := a.conn.Get("calls").Length()
	a.do(map[string]any{"type": "JUMP_TO_ACTION", "actionId": 1})
	a.shows(t, 1, 0, 1, 3)
	a.do(map[string]any{"type": "JUMP_TO_ACTION", "actionId": 2})
	a.shows(t, 2, 0, 1, 3)
	a.dispatch(t, 4)
	a.shows(t, 3, 0, 1, 3, 7)
	if n := a.conn.Get("calls").Length() - calls; n != 1 {
		t.Errorf("%d messages, want the action only", n)
	}
}

func TestActionsInThePastReachTheMonitor(t *testing.T) {
	a := connect(t, devtools.Options{})
	a.dispatch(t, 1, 2)
	a.shows(t, 2, 0, 1, 3)
	if err := a.log.Jump(1); err != nil {
		t.Fatal(err)
	}
	a.shows(t, 1, 0, 1, 3)
	a.dispatch(t, 10)
	a.shows(t, 3, 0, 1, 1, 11)
	if s := a.seen(); !slices.Equal(s.SkippedActionIDs, []int{2}) {
		t.Errorf("skipped: %v", s.SkippedActionIDs)
	}
}

func TestMonitorLocksAndPauses(t *testing.T) {
	a := connect(t, devtools.Options{})
	a.do(map[string]any{"type": "LOCK_CHANGES", "status": true})
	eventually(t, "the monitor shows the lock", func() bool { return a.seen().IsLocked })
	if err := a.Dispatch(a.add(1)); !errors.Is(err, devtools.ErrLocked) {
		t.Errorf("dispatch while locked: %v", err)
	}
	a.do(map[string]any{"type": "LOCK_CHANGES", "status": false})
	eventually(t, "the monitor shows that the lock is gone", func() bool { return !a.seen().IsLocked })
	a.dispatch(t, 1)
	a.shows(t, 1, 0, 1)

	a.do(map[string]any{"type": "PAUSE_RECORDING", "status": true})
	eventually(t, "the log pauses", func() bool { return a.log.View().Paused })
	a.dispatch(t, 1)
	a.do(map[string]any{"type": "PAUSE_RECORDING", "status": false})
	eventually(t, "the log goes on", func() bool { return !a.log.View().Paused })
	a.dispatch(t, 1)
	a.shows(t, 3, 0, 1, 2, 3)
}

func TestActionTypedByHand(t *testing.T) {
	a := connect(t, devtools.Options{})
	a.conn.Call("typed", `{"type": "counter/add", "payload": 5}`)
	a.shows(t, 1, 0, 5)
	for text, complaint := range map[string]string{
		`{type: 'counter/add'}`:               "no JSON",
		`{"type": "counter/none"}`:            "unknown action type",
		`{"type":"counter/add","payload":""}`: "cannot decode",
	} {
		before := a.conn.Get("errors").Length()
		a.conn.Call("typed", text)
		eventually(t, "an error is shown for "+text, func() bool { return a.conn.Get("errors").Length() > before })
		if got := a.conn.Get("errors").Index(before).String(); !strings.Contains(got, complaint) {
			t.Errorf("%s: %q, want something with %q", text, got, complaint)
		}
	}
	a.shows(t, 1, 0, 5)
}

func TestMonitorImports(t *testing.T) {
	a := connect(t, devtools.Options{})
	a.dispatch(t, 1, 2)
	a.shows(t, 2, 0, 1, 3)
	session := a.conn.Call("export").String()
	a.dispatch(t, 100)
	a.conn.Call("imported", session)
	a.shows(t, 2, 0, 1, 3)
	a.conn.Call("imported", `{"payload":"[{\"type\":\"counter/add\",\"payload\":2}]","preloadedState":"{\"counter\":{\"n\":40}}"}`)
	a.shows(t, 1, 40, 42)
}

func TestStopLeavesTheExtension(t *testing.T) {
	a := connect(t, devtools.Options{})
	a.stop()
	if !a.conn.Get("gone").Bool() || a.conn.Get("listeners").Length() != 0 {
		t.Error("the connection is still there")
	}
	calls := a.conn.Get("calls").Length()
	a.dispatch(t, 1)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if n := a.conn.Get("calls").Length(); n != calls {
		t.Error("the extension heard of an action after stop")
	}
	a.stop()
}

func TestExtensionThatThrowsHurtsNobody(t *testing.T) {
	js.Global().Call("eval", `globalThis.__REDUX_DEVTOOLS_EXTENSION__ = { connect() { return {
		init() { throw new Error("init") }, send() { throw new Error("send") },
		subscribe() { throw new Error("subscribe") }, unsubscribe() { throw new Error("unsubscribe") } } } }`)
	t.Cleanup(func() { js.Global().Delete("__REDUX_DEVTOOLS_EXTENSION__") })
	log, err := devtools.Open(storetest.New(t), devtools.Options{})
	if err != nil {
		t.Fatal(err)
	}
	stop, err := extension.Connect(t.Context(), log)
	if err != nil {
		t.Fatal(err)
	}
	stop()

	js.Global().Call("eval", `globalThis.__REDUX_DEVTOOLS_EXTENSION__ = { connect() { throw new Error("not here") } }`)
	if _, err := extension.Connect(t.Context(), log); !errors.Is(err, extension.ErrMissing) {
		t.Errorf("error %v, want ErrMissing", err)
	}
}

// What JavaScript throws while a message is read must not end the program.
func TestMessagesThatAreNoJSON(t *testing.T) {
	a := connect(t, devtools.Options{})
	cycle := js.Global().Get("Object").New()
	cycle.Set("self", cycle)
	a.conn.Get("listeners").Index(0).Invoke(cycle)
	eventually(t, "the error is shown", func() bool { return a.conn.Get("errors").Length() == 1 })
	a.do(map[string]any{"type": "TOGGLE_ACTION", "id": 9})
	eventually(t, "the next message is carried out", func() bool { return a.conn.Get("errors").Length() == 2 })
}
