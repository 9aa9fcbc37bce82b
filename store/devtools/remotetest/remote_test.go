//go:build jsclient

package remotetest_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"slate/store"
	"slate/store/devtools"
	"slate/store/devtools/remote"
	"slate/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type counter struct {
	N int `json:"n"`
}

type account struct {
	Name  string `json:"name"`
	Token string `json:"token"`
}

type app struct {
	*store.Store
	log    *devtools.Log
	slice  *store.Slice[counter]
	add    store.Creator[int]
	signIn store.Creator[account]
}

func open(t *testing.T, port string, opts devtools.Options) *app {
	t.Helper()
	s := store.NewSlice("counter", counter{})
	acc := store.NewSlice("account", account{})
	a := &app{slice: s, log: devtools.New(opts)}
	a.add = store.Case(s, "add", func(s counter, n int) counter { s.N += n; return s })
	a.signIn = store.Case(acc, "signIn", func(_ account, a account) account { return a })
	a.Store = storetest.NewWith(t, store.Options{Enhancers: []store.Enhancer{a.log.Enhancer()}}, s, acc)
	stop, err := remote.Connect(t.Context(), a.log, remote.Options{
		URL:    "ws://localhost:" + port + "/socketcluster/",
		Retry:  50 * time.Millisecond,
		Report: func(err error) { t.Log("reported:", err) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return a
}

func (a *app) dispatch(t *testing.T, actions ...store.Action) {
	t.Helper()
	for _, action := range actions {
		if err := a.Dispatch(action); err != nil {
			t.Fatal(err)
		}
	}
}

// counters waits until the monitor shows the counters, the base first, and the index of the present one, and the store is
// there.
func (m *monitor) counters(a *app, current int, numbers ...int) shown {
	m.t.Helper()
	s := m.shows(fmt.Sprint(numbers, " at ", current), func(s shown) bool {
		var got []int
		for _, c := range s.Lifted.ComputedStates {
			var n counter
			if json.Unmarshal(c.State["counter"], &n) != nil {
				return false
			}
			got = append(got, n.N)
		}
		return slices.Equal(got, numbers) && s.Lifted.CurrentStateIndex == current
	})
	// A monitor shows its own jumps before the program hears of them.
	news := store.Changes(m.t.Context(), a.Store, store.Select(a.slice, func(s counter) int { return s.N }))
	timeout := time.After(patience)
	for {
		select {
		case n := <-news:
			if n == numbers[current] {
				return s
			}
		case <-timeout:
			m.t.Fatalf("the store does not become %d", numbers[current])
		}
	}
}

// TestRealDevTools lets the real monitor look at a Go program through the real server, and steer it.
func TestRealDevTools(t *testing.T) {
	port := server(t)
	a := open(t, port, devtools.Options{Name: "shop"})
	a.dispatch(t, a.add(1))
	m := startMonitor(t, port) // after the program
	s := m.counters(a, 1, 0, 1)
	if s.Name != "shop" {
		t.Errorf("the program is named %q", s.Name)
	}

	a.dispatch(t, a.add(2), a.add(3))
	s = m.counters(a, 3, 0, 1, 3, 6)
	if got := s.Lifted.ActionsByID["3"]; string(got.Action) != `{"type":"counter/add","payload":3}` || got.Timestamp < 1e12 {
		t.Errorf("the third action is %s at %v", got.Action, got.Timestamp)
	}

	m.lift(map[string]any{"type": "JUMP_TO_ACTION", "actionId": 1})
	m.counters(a, 1, 0, 1, 3, 6)
	m.lift(map[string]any{"type": "JUMP_TO_STATE", "index": 3})
	m.counters(a, 3, 0, 1, 3, 6)
	m.lift(map[string]any{"type": "TOGGLE_ACTION", "id": 2})
	m.counters(a, 3, 0, 1, 1, 4)
	m.lift(map[string]any{"type": "REORDER_ACTION", "actionId": 3, "beforeActionId": 1})
	m.counters(a, 3, 0, 3, 4, 4)
	m.lift(map[string]any{"type": "SWEEP"})
	m.counters(a, 2, 0, 3, 4)

	m.do("dispatchRemotely", `{"type":"counter/add","payload":10}`)
	m.counters(a, 3, 0, 3, 4, 14)
	m.do("dispatchRemotely", `{"type":"counter/nothing"}`)
	m.shows("an error", func(s shown) bool { return strings.Contains(s.Notification, "unknown action type") })

	session, err := a.log.Export()
	if err != nil {
		t.Fatal(err)
	}
	m.lift(map[string]any{"type": "COMMIT"})
	m.counters(a, 0, 14)
	a.dispatch(t, a.add(1))
	m.counters(a, 1, 14, 15)
	m.lift(map[string]any{"type": "ROLLBACK"})
	m.counters(a, 0, 14)
	m.lift(map[string]any{"type": "RESET"})
	m.counters(a, 0, 0)
	m.do("importState", string(session))
	m.counters(a, 3, 0, 3, 4, 14)

	// What the monitor has of the session is what its export button writes.
	var printed struct{ Lifted json.RawMessage }
	if err := json.Unmarshal([]byte(m.last), &printed); err != nil {
		t.Fatal(err)
	}
	if err := a.log.Import(printed.Lifted); err != nil {
		t.Fatal(err)
	}
	m.counters(a, 3, 0, 3, 4, 14)

	m.do("lockChanges", true)
	m.shows("the lock", func(s shown) bool { return s.Lifted.IsLocked })
	if err := a.Dispatch(a.add(1)); !errors.Is(err, devtools.ErrLocked) {
		t.Errorf("dispatch while locked: %v", err)
	}
	m.do("lockChanges", false)
	m.shows("no lock", func(s shown) bool { return !s.Lifted.IsLocked })
	m.do("pauseRecording", true)
	m.shows("the pause", func(s shown) bool { return s.Lifted.IsPaused })
	a.dispatch(t, a.add(1))
	m.do("pauseRecording", false)
	m.shows("no pause", func(s shown) bool { return !s.Lifted.IsPaused })
	a.dispatch(t, a.add(1))
	m.counters(a, 5, 0, 3, 4, 14, 15, 16)
}

// A program that comes after the monitor, keeps few actions, and has secrets.
func TestProgramAfterMonitor(t *testing.T) {
	port := server(t)
	m := startMonitor(t, port)
	a := open(t, port, devtools.Options{MaxActions: 2})
	m.counters(a, 0, 0)
	for i := range 5 {
		a.dispatch(t, a.add(1))
		if i < 2 {
			continue
		}
		m.counters(a, 2, i-1, i, i+1)
	}
	a.dispatch(t, a.signIn(account{Name: "Ada", Token: "s3cret"}))
	s := m.shows("the account", func(s shown) bool {
		last := len(s.Lifted.ComputedStates) - 1
		return last >= 0 && strings.Contains(string(s.Lifted.ComputedStates[last].State["account"]), "Ada")
	})
	if strings.Contains(m.last, "s3cret") {
		t.Errorf("the monitor was told the secret: %+v", s)
	}
}

// A program stays when the server goes, and is there again when the server is.
func TestServerThatComesLater(t *testing.T) {
	port := server(t)
	reported := make(chan error, 100)
	s := store.NewSlice("counter", counter{})
	log := devtools.New(devtools.Options{})
	st := storetest.NewWith(t, store.Options{Enhancers: []store.Enhancer{log.Enhancer()}}, s)
	stop, err := remote.Connect(t.Context(), log, remote.Options{URL: "ws://localhost:1/", Retry: time.Millisecond, Report: func(err error) {
		select {
		case reported <- err:
		default:
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	<-reported
	<-reported // it tried again
	stop()
	stop, err = remote.Connect(t.Context(), log, remote.Options{URL: "ws://localhost:" + port + "/socketcluster/"})
	if err != nil {
		t.Fatal(err)
	}
	m := startMonitor(t, port)
	m.counters(&app{Store: st, slice: s}, 0, 0)
	if err := st.Close(); err != nil { // ends the connection
		t.Fatal(err)
	}
	stop()
}
