//go:build !js

package remote_test

import (
	"context"
	"encoding/json"
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"weak"

	"github.com/coder/websocket"
	"go.uber.org/goleak"

	"slate/store"
	"slate/store/devtools"
	"slate/store/devtools/remote"
	"slate/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type app struct {
	*store.Store
	log      *devtools.Log
	add      store.Creator[int]
	stop     func()
	reported chan error
}

func open(t *testing.T, url string) *app {
	t.Helper()
	s := store.NewSlice("counter", 0)
	a := &app{log: devtools.New(devtools.Options{Name: "shop", MaxActions: 2}), reported: make(chan error, 100)}
	a.add = store.Case(s, "add", func(s, n int) int { return s + n })
	a.Store = storetest.NewWith(t, store.Options{Enhancers: []store.Enhancer{a.log.Enhancer()}}, s)
	stop, err := remote.Connect(t.Context(), a.log, remote.Options{URL: url, Retry: time.Millisecond, Report: func(err error) {
		select {
		case a.reported <- err:
		default:
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	a.stop = stop
	t.Cleanup(stop)
	return a
}

func (a *app) dispatch(t *testing.T, n int) {
	t.Helper()
	if err := a.Dispatch(a.add(n)); err != nil {
		t.Fatal(err)
	}
}

func TestConnectionSpeaksTheProtocol(t *testing.T) {
	s := serve(t)
	a := open(t, s.url)
	a.dispatch(t, 1)
	c := s.accept()
	if want := []string{"respond", "sc-socket-1"}; !slices.Equal(c.channels, want) {
		t.Errorf("it subscribes to %v, want %v", c.channels, want)
	}
	a.dispatch(t, 2) // nobody looks: nothing is sent

	c.say(`{"type":"START"}`)
	m := c.hear("STATE")
	var lifted struct{ StagedActionIDs []int }
	if err := json.Unmarshal([]byte(m.Payload), &lifted); err != nil || !slices.Equal(lifted.StagedActionIDs, []int{0, 1, 2}) || m.Name != "shop" {
		t.Errorf("the session is %+v, %v", m, err)
	}
	a.dispatch(t, 3)
	m = c.hear("ACTION")
	var action struct {
		Type   string
		Action struct{ Payload int }
	}
	if err := json.Unmarshal([]byte(m.Action), &action); err != nil || action.Type != "PERFORM_ACTION" || action.Action.Payload != 3 {
		t.Errorf("the action is %s", m.Action)
	}
	if m.Payload != `{"counter":6}` || m.NextActionID != 4 || !m.IsExcess {
		t.Errorf("the action came as %+v", m)
	}

	c.write("") // ping
	if p := c.read(); p.Event != "" || p.RID != 0 {
		t.Errorf("the answer to a ping is %+v", p)
	}
	c.write(`[{"event":"#publish","cid":7,"data":{"channel":"respond","data":{"type":"DISPATCH","action":{"type":"JUMP_TO_ACTION","actionId":2}}}},{"event":"other"}]`)
	if p := c.read(); p.RID != 7 {
		t.Errorf("a call is answered with %+v", p)
	}
	c.say(`{"type":"DISPATCH","action":{"type":"COMMIT"}}`)
	if m := c.hear("STATE"); !strings.Contains(m.Payload, `"committedState":{"counter":3}`) {
		t.Errorf("jumped and committed: %s", m.Payload)
	}
	c.say(`{"type":"ACTION","action":"{\"type\":\"counter/add\",\"payload\":4}"}`)
	if m := c.hear("ACTION"); m.Payload != `{"counter":7}` {
		t.Errorf("the typed action led to %s", m.Payload)
	}
	c.say(`{"type":"IMPORT","state":"[{\"type\":\"counter/add\",\"payload\":1}]"}`)
	c.hear("STATE")
	c.say(`{"type":"SYNC","id":"socket-1","state":"[]"}`) // its own
	c.say(`{"type":"ACTION","action":"{"}`)
	if m := c.hear("ERROR"); !strings.Contains(m.Payload, "no JSON") {
		t.Errorf("the error is %q", m.Payload)
	}
	c.say(`{"type":"STOP"}`)
	c.hear("STOP")
	a.dispatch(t, 1)
	c.say(`{"type":"UPDATE"}`)
	c.hear("STATE") // and no ACTION before
}

func TestConnectionComesBack(t *testing.T) {
	s := serve(t)
	a := open(t, s.url)
	first := s.accept()
	first.say(`{"type":"START"}`)
	first.hear("STATE")
	first.ws.Close(websocket.StatusGoingAway, "")
	if err := <-a.reported; err == nil {
		t.Error("nothing is reported")
	}
	a.dispatch(t, 1)
	second := s.accept()
	second.say(`{"type":"START"}`)
	if m := second.hear("STATE"); !strings.Contains(m.Payload, `"stagedActionIds":[0,1]`) {
		t.Errorf("the session is %s", m.Payload)
	}
}

func TestServerThatTalksNonsense(t *testing.T) {
	s := serve(t)
	a := open(t, s.url)
	for _, answer := range []string{"{", `{"rid":1,"error":{"name":"Refused","message":"go away"}}`, `{"rid":1,"data":"x"}`} {
		c := <-s.came
		c.read()
		c.write("%s", answer)
		if err := <-a.reported; err == nil {
			t.Errorf("%s: no error", answer)
		}
	}
	c := s.accept()
	c.write("7")
	if err := <-a.reported; err == nil || !strings.Contains(err.Error(), "no packet") {
		t.Errorf("error %v", err)
	}
	c = s.accept()
	c.say(`7`)
	c.hear("ERROR")
}

func TestConnectNeedsAStore(t *testing.T) {
	if _, err := remote.Connect(t.Context(), devtools.New(devtools.Options{}), remote.Options{}); !errors.Is(err, devtools.ErrNoStore) {
		t.Errorf("error %v", err)
	}
}

func TestCloseEndsTheConnection(t *testing.T) {
	s := serve(t)
	a := open(t, s.url)
	c := s.accept()
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.ws.Read(t.Context()); err == nil {
		t.Error("the connection is open after the store was closed")
	}
	a.stop()
}

// A store that lives long is connected again and again: nothing may be left of a connection whose context ended.
func TestStoreForgetsConnectionsThatEnded(t *testing.T) {
	log := devtools.New(devtools.Options{})
	storetest.NewWith(t, store.Options{Enhancers: []store.Enhancer{log.Enhancer()}})
	type marked struct{ context.Context }
	ending, cancel := context.WithCancel(t.Context())
	ctx := &marked{ending}
	kept := weak.Make(ctx)
	if _, err := remote.Connect(ctx, log, remote.Options{URL: "ws://127.0.0.1:1/", Report: func(error) {}}); err != nil {
		t.Fatal(err)
	}
	cancel()
	for range 1000 {
		runtime.GC()
		if kept.Value() == nil {
			return
		}
	}
	t.Error("the store still holds the connection")
}
