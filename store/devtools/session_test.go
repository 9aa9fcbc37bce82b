package devtools_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/synctest"

	"slate/store"
	"slate/store/devtools"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// The form of a session is that of the Redux DevTools: their import reads this file.
func TestExportGolden(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := open(t, devtools.Options{})
		a.dispatch(t, a.add(2), a.double(), a.signIn(account{Name: "Ada", Token: "s3cret", PIN: 1234}))
		ok(t, a.log.Toggle(2))
		data, err := a.log.Export()
		ok(t, err)
		var indented strings.Builder
		enc := json.NewEncoder(&indented)
		enc.SetIndent("", "  ")
		ok(t, enc.Encode(json.RawMessage(data)))
		const file = "testdata/session.golden.json"
		if *update {
			ok(t, os.WriteFile(file, []byte(indented.String()), 0o644))
		}
		want, err := os.ReadFile(file)
		ok(t, err)
		if indented.String() != string(want) {
			t.Errorf("the session is\n%s\nwant\n%s", indented.String(), want)
		}
	})
}

func TestImportBringsASessionToAnotherStore(t *testing.T) {
	a := open(t, devtools.Options{})
	a.dispatch(t, a.add(1), a.add(2), a.double())
	ok(t, a.log.Toggle(2))
	ok(t, a.log.Jump(1))
	data, err := a.log.Export()
	ok(t, err)

	b := open(t, devtools.Options{})
	b.dispatch(t, b.add(100))
	ok(t, b.log.Import(data))
	b.wantN(t, 1, 1, 1, 2)
	again, err := b.log.Export()
	ok(t, err)
	if string(again) != string(data) {
		t.Errorf("exported again it is\n%s\nwant\n%s", again, data)
	}
	ok(t, b.log.Toggle(2))
	b.wantN(t, 1, 1, 3, 6)
}

// The forms in which the Redux DevTools hand a session over.
func TestImportForms(t *testing.T) {
	for name, test := range map[string]struct {
		data string
		n    int
		log  []int
	}{
		"lifted state": {`{"actionsById":{"0":{"type":"PERFORM_ACTION","action":{"type":"@@INIT"},"timestamp":1},
			"1":{"type":"PERFORM_ACTION","action":{"type":"counter/add","payload":4},"timestamp":1700000000000.5}},
			"computedStates":[{"state":{"counter":{"n":1}}},{"state":{"counter":{"n":5}}}],"currentStateIndex":1,"nextActionId":2,
			"skippedActionIds":[],"stagedActionIds":[0,1],"committedState":{"counter":{"n":1}}}`, 5, []int{5}},
		"without a committed state": {`{"actionsById":{"1":{"action":{"type":"counter/double"}}},"stagedActionIds":[0,1],
			"currentStateIndex":1,"computedStates":[{"state":{"counter":{"n":3}}}]}`, 6, []int{6}},
		"text in an envelope": {`{"payload":"[{\"type\":\"counter/add\",\"payload\":2}]","preloadedState":"{\"counter\":{\"n\":40}}"}`, 42, []int{42}},
		"actions":             {`[{"type":"counter/add","payload":2},{"type":"counter/double"}]`, 4, []int{2, 4}},
		"an action that nobody knows": {`{"actionsById":{"1":{"action":{"type":"legacy/set","payload":{"x":1}}},"2":{"action":{"type":"counter/add","payload":1}}},
			"stagedActionIds":[0,1,2],"currentStateIndex":2,"computedStates":[{"state":{"counter":{"n":0}}},{"state":{"counter":{"n":9}}},{"state":{}}]}`, 10, []int{9, 10}},
		"a slice that nobody knows": {`{"payload":[{"type":"counter/double"}],"preloadedState":{"legacy":{"x":1},"counter":{"n":2}}}`, 4, []int{4}},
	} {
		t.Run(name, func(t *testing.T) {
			a := open(t, devtools.Options{})
			ok(t, a.log.Import([]byte(test.data)))
			a.wantN(t, test.n, test.log...)
		})
	}
}

func TestImportRefuses(t *testing.T) {
	for name, data := range map[string]string{
		"nothing":             ``,
		"no JSON":             `{"actionsById"`,
		"no session":          `{}`,
		"a number":            `7`,
		"null":                `null`,
		"null as a payload":   `{"payload":null}`,
		"an action twice":     `{"stagedActionIds":[0,1,1],"actionsById":{"1":{"action":{"type":"counter/double"}}}}`,
		"a missing action":    `{"stagedActionIds":[0,1],"actionsById":{}}`,
		"an impossible id":    `{"stagedActionIds":[0,-1],"actionsById":{"-1":{"action":{"type":"counter/double"}}}}`,
		"a state of its own":  `{"stagedActionIds":[0],"committedState":{"counter":"many"}}`,
		"a state as a number": `{"stagedActionIds":[0],"committedState":7}`,
		"text that is none":   `{"payload":"{"}`,
	} {
		t.Run(name, func(t *testing.T) {
			a := open(t, devtools.Options{})
			a.dispatch(t, a.add(3))
			var refused *devtools.ImportError
			if err := a.log.Import([]byte(data)); !errors.As(err, &refused) {
				t.Errorf("error %v, want an ImportError", err)
			}
			a.wantN(t, 3, 3)
		})
	}
}

func TestImportKeepsWithinTheBounds(t *testing.T) {
	a := open(t, devtools.Options{MaxActions: 2})
	ok(t, a.log.Import([]byte(`[{"type":"counter/add","payload":1},{"type":"counter/add","payload":2},{"type":"counter/add","payload":3}]`)))
	a.wantN(t, 6, 3, 6)
}

// What is hidden in a session is not brought along: the store keeps what it has.
func TestImportLeavesHiddenSlicesAlone(t *testing.T) {
	a := open(t, devtools.Options{Hide: []string{"account"}})
	a.dispatch(t, a.signIn(account{Name: "Ada"}), a.add(1))
	data, err := a.log.Export()
	ok(t, err)
	b := open(t, devtools.Options{})
	b.dispatch(t, b.signIn(account{Name: "Grace"}))
	ok(t, b.log.Import(data))
	if name := b.account.Of(b.State()).Name; name != "Grace" {
		t.Errorf("the hidden slice became %q", name)
	}
	b.wantN(t, 1, 0, 1)
}

// What stands for a hidden payload must not become state.
func TestImportDoesNotTakeWhatIsHiddenForAPayload(t *testing.T) {
	named := store.NewSlice("named", "")
	set := store.Case(named, "set", func(_, to string) string { return to })
	a, b := devtools.New(devtools.Options{Hide: []string{"named"}}), devtools.New(devtools.Options{})
	openStore(t, a, named)
	openStore(t, b, named)
	ok(t, a.Store().Dispatch(set("Ada")))
	data, err := a.Export()
	ok(t, err)
	ok(t, b.Store().Dispatch(set("Grace")))
	ok(t, b.Import(data))
	if got := named.Of(b.Store().State()); got != "Grace" {
		t.Errorf("the slice became %q", got)
	}
	if e, _ := b.View().Entry(1); e.Err == nil || e.Type != "named/set" {
		t.Errorf("the entry is %q, %v", e.Type, e.Err)
	}
}

func FuzzImport(f *testing.F) {
	f.Add([]byte(`{"actionsById":{"1":{"action":{"type":"counter/add","payload":4},"timestamp":1e300}},"stagedActionIds":[0,1],"skippedActionIds":[1],"currentStateIndex":-4}`))
	f.Add([]byte(`{"payload":"[{\"type\":\"counter/add\",\"payload\":2}]","preloadedState":"{\"counter\":{\"n\":40}}"}`))
	f.Add([]byte(`{"actionsById":{"3":{"action":{"type":"x"}}},"stagedActionIds":[3],"computedStates":[{"state":{"counter":{"n":1}}}]}`))
	f.Add([]byte(`[{"type":"counter/@restore","payload":{"n":3}},{"type":"@@slate/resetAll"},null]`))
	a := declare()
	f.Fuzz(func(t *testing.T, data []byte) {
		a.open(t, devtools.Options{MaxActions: 20})
		a.dispatch(t, a.add(3))
		before, err := a.log.Export()
		ok(t, err)
		if err := a.log.Import(data); err != nil {
			after, _ := a.log.Export()
			if string(after) != string(before) {
				t.Fatalf("a refused import (%v) changed the log to %s", err, after)
			}
			return
		}
		exported, err := a.log.Export()
		ok(t, err)
		if err := a.log.Import(exported); err != nil {
			t.Fatalf("its own export is refused: %v\n%s", err, exported)
		}
		ok(t, a.log.Jump(0))
	})
}

func TestErrorsSaySomething(t *testing.T) {
	for _, err := range []error{&devtools.NoEntryError{ID: 3}, &devtools.ImportError{What: "session", Err: errors.New("empty")}} {
		if text := err.Error(); !strings.HasPrefix(text, "devtools: ") || strings.Contains(text, "%!") {
			t.Errorf("%q", text)
		}
	}
	if err := fmt.Errorf("cause"); !errors.Is(&devtools.ImportError{Err: err}, err) {
		t.Error("the cause is lost")
	}
}
