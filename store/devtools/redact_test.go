package devtools_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slate/store"
	"slate/store/devtools"
)

// everything returns all that a log shows, as one text.
func everything(t *testing.T, l *devtools.Log) string {
	t.Helper()
	data, err := l.Export()
	ok(t, err)
	out := string(data)
	for e := range l.Entries() {
		diff, err := json.Marshal(e.Diff())
		ok(t, err)
		out += string(diff) + string(e.State()) + string(e.Payload()) + string(e.Action())
	}
	return out
}

var fromKeyboard = store.NewMeta[map[string]string]("device")

func TestSecretsAreNotShown(t *testing.T) {
	redactAll := func(string, json.RawMessage) json.RawMessage { return nil }
	panics := func(string, json.RawMessage) json.RawMessage { panic("no") }
	broken := func(string, json.RawMessage) json.RawMessage { return json.RawMessage(`{} "Ada"`) }
	for name, test := range map[string]struct {
		opts     devtools.Options
		nameToo  bool // Ada is hidden as well
		keepsPIN bool
	}{
		"by default":          {opts: devtools.Options{}},
		"hidden slice":        {opts: devtools.Options{Hide: []string{"account"}}, nameToo: true},
		"functions":           {opts: devtools.Options{RedactState: redactAll, RedactPayload: redactAll}, nameToo: true},
		"functions that fail": {opts: devtools.Options{RedactState: panics, RedactPayload: panics}, nameToo: true},
		"functions that lie":  {opts: devtools.Options{RedactState: broken, RedactPayload: broken}, nameToo: true},
		"other names of fields": {opts: devtools.Options{Secret: func(f string) bool { return f == "token" || f == "name" || f == "deviceKey" }},
			nameToo: true, keepsPIN: true},
	} {
		t.Run(name, func(t *testing.T) {
			a := open(t, test.opts)
			signIn := a.signIn(account{Name: "Ada", Token: "s3cret", PIN: 98765})
			if !test.keepsPIN {
				signIn = fromKeyboard.With(signIn, map[string]string{"apiKey": "s3cret"})
			}
			a.dispatch(t, signIn, a.add(1))
			shown := everything(t, a.log)
			for text, hidden := range map[string]bool{"s3cret": true, "98765": !test.keepsPIN, "Ada": test.nameToo} {
				if strings.Contains(shown, text) == hidden {
					t.Errorf("%q is hidden: %v, want %v in\n%s", text, !hidden, hidden, shown)
				}
			}
			if !strings.Contains(shown, "account/signIn") {
				t.Error("the action itself is not shown")
			}
			if got := a.account.Of(a.State()); got.Token != "s3cret" {
				t.Errorf("the state itself became %+v", got)
			}
		})
	}
}

// A payload may be a secret alone, and so may a slice: their names tell.
func TestSecretsWithoutFieldsAreNotShown(t *testing.T) {
	log := devtools.New(devtools.Options{})
	s := store.NewSlice("sessionToken", "")
	set := store.Case(s, "set", func(_, to string) string { return to })
	changed := store.NewCreator[string]("account/passwordChanged")
	refreshed := store.NewCreator[string]("auth/refreshToken/fulfilled")
	device := store.NewMeta[string]("device")
	openStore(t, log, s)
	for _, a := range []store.Action{set("s3cret"), device.With(changed("s3cret"), "s3cret"), refreshed("s3cret")} {
		ok(t, log.Store().Dispatch(a))
	}
	if shown := everything(t, log); strings.Contains(shown, "s3cret") {
		t.Errorf("a secret is shown in %s", shown)
	}
}

// The name of a slice may look like a path.
func TestHideKnowsSlicesWithASlash(t *testing.T) {
	log := devtools.New(devtools.Options{Hide: []string{"auth/session"}})
	s := store.NewSlice("auth/session", "")
	opened := store.Case(s, "opened", func(_, to string) string { return to })
	other := store.NewCreator[string]("auth/sessions/listed")
	openStore(t, log, s)
	ok(t, log.Store().Dispatch(opened("s3cret")))
	ok(t, log.Store().Dispatch(other("shown")))
	if shown := everything(t, log); strings.Contains(shown, "s3cret") || !strings.Contains(shown, `"shown"`) {
		t.Errorf("the log shows %s", shown)
	}
}

// JSON may name a field twice; who reads it sees the last one.
func TestSecretsInDoubleFieldsAreNotShown(t *testing.T) {
	log := devtools.New(devtools.Options{})
	s := store.NewSlice("raw", json.RawMessage("null"))
	set := store.Case(s, "set", func(_, to json.RawMessage) json.RawMessage { return to })
	openStore(t, log, s)
	ok(t, log.Store().Dispatch(set(json.RawMessage(`{"user":{"password":"s3cret"},"user":1}`))))
	if shown := everything(t, log); strings.Contains(shown, "s3cret") {
		t.Errorf("a secret is shown in %s", shown)
	}
}

// What a reducer panics with may quote the state.
func TestPanicsAreNotQuoted(t *testing.T) {
	a := open(t, devtools.Options{})
	a.dispatch(t, a.signIn(account{Token: "s3cret"}))
	other := a.account.Replacement(account{})
	store.On(other, a.signIn, func(_, to account) account { panic("no such token: " + to.Token) })
	ok(t, a.Replace(other))
	ok(t, a.log.Replay())
	shown := everything(t, a.log)
	if strings.Contains(shown, "s3cret") || !strings.Contains(shown, "panic in reducer") {
		t.Errorf("the session is %s", shown)
	}
}

func TestRedactFunctionsChangeWhatIsShown(t *testing.T) {
	a := open(t, devtools.Options{RedactState: func(slice string, state json.RawMessage) json.RawMessage {
		if slice == "counter" {
			return bytes.ReplaceAll(state, []byte("41"), []byte("7"))
		}
		return state
	}, RedactPayload: func(action string, payload json.RawMessage) json.RawMessage {
		if action == "counter/add" {
			return json.RawMessage(`"some"`)
		}
		return payload
	}})
	a.dispatch(t, a.add(41), a.signIn(account{Name: "Ada"}))
	v := a.log.View()
	first, _ := v.Entry(1)
	state := first.State()
	if want := `{"account":{"name":""},"counter":{"n":7}}`; string(state) != want || string(first.Payload()) != `"some"` {
		t.Errorf("state %s, payload %s", state, first.Payload())
	}
	second, _ := v.Entry(2)
	if string(second.Payload()) != `{"name":"Ada"}` {
		t.Errorf("payload %s", second.Payload())
	}
}

func TestLooksSecret(t *testing.T) {
	for field, want := range map[string]bool{
		"password": true, "newPassword": true, "access_token": true, "refreshToken": true, "PIN": true, "pin": true,
		"pwd": true, "encryptionKey": true, "masterKey": true, "session_id": true, "bearer": true, "seed": true, "mnemonic": true, "ssn": true,
		"className": false, "seedling": false,
		"API-Key": true, "privateKey": true, "Authorization": true, "set-cookie": true, "passphrase": true, "key": true,
		"name": false, "monkey": false, "pinned": false, "keyboard": false, "n": false, "": false, "publicKeyId": false, "pilotProject": false,
	} {
		if got := devtools.LooksSecret(field); got != want {
			t.Errorf("LooksSecret(%q) = %v", field, got)
		}
	}
}

func TestDiffNamesPaths(t *testing.T) {
	raw := func(s string) json.RawMessage {
		if s == "" {
			return nil
		}
		return json.RawMessage(s)
	}
	for name, test := range map[string]struct {
		before, after string
		want          [][3]string
	}{
		"a row more":          {`{"rows":[1]}`, `{"rows":[1,{"a":2}]}`, [][3]string{{"/grid/rows/1", "", `{"a":2}`}}},
		"a row less":          {`{"rows":[1,2]}`, `{"rows":[1]}`, [][3]string{{"/grid/rows/1", "2", ""}}},
		"deep":                {`{"rows":[{"a":{"b":true}}]}`, `{"rows":[{"a":{"b":false}}]}`, [][3]string{{"/grid/rows/0/a/b", "true", "false"}}},
		"another kind":        {`{"rows":[{"a":1}]}`, `{"rows":["a"]}`, [][3]string{{"/grid/rows/0", `{"a":1}`, `"a"`}}},
		"null is a value":     {`{"by/~":{"a":null}}`, `{"by/~":{}}`, [][3]string{{"/grid/by~1~0/a", "null", ""}}},
		"digits are not lost": {`{"rows":[12345678901234567890]}`, `{"rows":[12345678901234567891]}`, [][3]string{{"/grid/rows/0", "12345678901234567890", "12345678901234567891"}}},
		"in order":            {`{"by/~":{"b":1,"a":1}}`, `{"by/~":{"c":1,"a":2}}`, [][3]string{{"/grid/by~1~0/a", "1", "2"}, {"/grid/by~1~0/b", "1", ""}, {"/grid/by~1~0/c", "", "1"}}},
		"the same":            {`{"rows":[]}`, `{"rows":[]}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := store.NewSlice("grid", json.RawMessage(test.before))
			change := store.Case(s, "change", func(_, to json.RawMessage) json.RawMessage { return to })
			log := devtools.New(devtools.Options{})
			openStore(t, log, s)
			ok(t, log.Store().Dispatch(change(json.RawMessage(test.after))))
			e, _ := log.View().Entry(1)
			got := e.Diff()
			var want []devtools.Change
			for _, c := range test.want {
				want = append(want, devtools.Change{Path: c[0], Old: raw(c[1]), New: raw(c[2])})
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("(-want +got)\n%s", d)
			}
		})
	}
}
