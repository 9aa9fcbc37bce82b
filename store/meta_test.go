package store_test

import (
	"encoding/json"
	"errors"
	"testing"

	"slate/store"
)

var (
	source = store.NewMeta[string]("source")
	weight = store.NewMeta[int]("weight")
)

func TestB370_APreparedActionCarriesPayloadAndMeta(t *testing.T) {
	c := newNumbers("c")
	prepared := func(by int) store.Action { return source.With(c.add(by), "keyboard") }
	st := open(t, c.slice)

	a := prepared(2)
	if by, ok := c.add.Match(a); !ok || by != 2 {
		t.Errorf("payload %d, %v", by, ok)
	}
	if got, ok := source.Of(a); !ok || got != "keyboard" {
		t.Errorf("meta %q, %v", got, ok)
	}
	if _, ok := weight.Of(a); ok {
		t.Error("it has a meta that nobody gave it")
	}
	if _, ok := source.Of(c.add(2)); ok {
		t.Error("another action has the meta")
	}
	dispatch(t, st, a)
	if got := c.n.Of(st.State()); got != 2 {
		t.Errorf("N = %d", got)
	}
}

func TestMetaIsReplacedOnACopy(t *testing.T) {
	c := newNumbers("c")
	first := source.With(c.add(1), "keyboard")
	second := weight.With(source.With(first, "voice"), 7)
	for _, tc := range []struct {
		action store.Action
		source string
		weight int
		json   string
	}{
		{first, "keyboard", 0, `{"type":"c/add","payload":1,"meta":{"source":"keyboard"}}`},
		{second, "voice", 7, `{"type":"c/add","payload":1,"meta":{"source":"voice","weight":7}}`},
	} {
		if got, _ := source.Of(tc.action); got != tc.source {
			t.Errorf("source %q, want %q", got, tc.source)
		}
		if got, _ := weight.Of(tc.action); got != tc.weight {
			t.Errorf("weight %d, want %d", got, tc.weight)
		}
		if data, err := json.Marshal(tc.action); err != nil || string(data) != tc.json {
			t.Errorf("JSON %s, %v\nwant %s", data, err, tc.json)
		}
	}
}

func TestMetaSurvivesJSON(t *testing.T) {
	c := newNumbers("c")
	st := open(t, c.slice)
	data, err := json.Marshal(weight.With(source.With(c.add(1), "voice"), 7))
	if err != nil {
		t.Fatal(err)
	}
	a, err := st.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := source.Of(a); !ok || got != "voice" {
		t.Errorf("source %q, %v", got, ok)
	}
	if got, ok := weight.Of(a); !ok || got != 7 {
		t.Errorf("weight %d, %v", got, ok)
	}
	if again, err := json.Marshal(a); err != nil || string(again) != string(data) {
		t.Errorf("written again: %s, %v", again, err)
	}
	if got, ok := store.NewMeta[int]("source").Of(a); ok {
		t.Errorf("a text was read as the number %d", got)
	}
	if got, _ := source.Of(source.With(a, "touch")); got != "touch" {
		t.Errorf("a new remark on a decoded action reads %q", got)
	}
	var bad *store.DecodeError
	if _, err := st.Decode([]byte(`{"type":"c/add","payload":1,"meta":3}`)); !errors.As(err, &bad) {
		t.Errorf("meta that is no object: %v, want a DecodeError", err)
	}
	if _, err := json.Marshal(store.NewMeta[func()]("f").With(c.add(1), func() {})); err == nil {
		t.Error("a function was written as JSON")
	}
	if panics(func() { store.NewMeta[int]("") }) == nil {
		t.Error("a meta without a name was made")
	}
}

func TestMetaMayBeNil(t *testing.T) {
	cause := store.NewMeta[error]("cause")
	if got, ok := cause.Of(cause.With(newNumbers("c").add(1), nil)); got != nil || !ok {
		t.Errorf("%v, %v", got, ok)
	}
}
