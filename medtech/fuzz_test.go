package medtech_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"slate/medtech"
)

func addWire(f *testing.F, name string) {
	data, err := os.ReadFile(filepath.Join("testdata", "wire", name+".json"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	for _, odd := range []string{
		`{}`, `null`, `[]`, `{"a":1,"a":2}`, `{"ID":"x","iD":"y"}`, ` { "x" : "\"}" , "y":{"]":[1,{}]} } `, "{\"\xff\":1}", `{"":0}`,
	} {
		f.Add([]byte(odd))
	}
}

// fuzzDocument checks a model's decoder: it never panics, what it accepts can
// be written and read again without a change, and Extra is exactly the unknown
// part, found here by the slow way.
func fuzzDocument[T any](f *testing.F, extra func(T) medtech.Extra) {
	known := jsonNames(reflect.TypeFor[T]())
	f.Fuzz(func(t *testing.T, data []byte) {
		var v T
		if json.Unmarshal(data, &v) != nil {
			return
		}
		var all map[string]json.RawMessage
		if err := json.Unmarshal(data, &all); err != nil {
			t.Fatalf("accepted what is no object: %q", data)
		}
		want := medtech.Extra{}
		for name, value := range all {
			if !knows(known, name) {
				want[name] = value
			}
		}
		if diff := cmp.Diff(want, extra(v), cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("unknown fields of %q (-want +got):\n%s", data, diff)
		}
		once, err := json.Marshal(v)
		if err != nil {
			t.Fatalf("cannot write what was read from %q: %v", data, err)
		}
		var again T
		if err := json.Unmarshal(once, &again); err != nil {
			t.Fatalf("cannot read %s: %v", once, err)
		}
		twice, err := json.Marshal(again)
		if err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("not stable, error %v:\n%s\n%s", err, once, twice)
		}
	})
}

func jsonNames(t reflect.Type) []string {
	var names []string
	for _, f := range reflect.VisibleFields(t) {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" && name != "-" {
			names = append(names, name)
		}
	}
	return names
}

func knows(known []string, name string) bool {
	for _, k := range known {
		if strings.EqualFold(k, name) {
			return true
		}
	}
	return false
}

func FuzzUser(f *testing.F) {
	addWire(f, "user")
	fuzzDocument(f, func(u medtech.User) medtech.Extra { return u.Extra })
}

func FuzzHealthcareParty(f *testing.F) {
	addWire(f, "hcparty")
	fuzzDocument(f, func(h medtech.HealthcareParty) medtech.Extra { return h.Extra })
}

func FuzzPatient(f *testing.F) {
	addWire(f, "patient")
	fuzzDocument(f, func(p medtech.Patient) medtech.Extra { return p.Extra })
}

func FuzzPage(f *testing.F) {
	addWire(f, "userpage")
	f.Fuzz(func(t *testing.T, data []byte) {
		var page medtech.Page[medtech.User]
		if json.Unmarshal(data, &page) != nil {
			return
		}
		if _, err := json.Marshal(page); err != nil {
			t.Fatalf("cannot write what was read from %q: %v", data, err)
		}
	})
}

// FuzzAnswer gives a client any answer at all: it must end in a user or in a
// typed error that does not repeat the token.
func FuzzAnswer(f *testing.F) {
	f.Add(200, []byte(`{"id":"ada","rev":"1-a"}`), "")
	f.Add(400, []byte(`{"message":"User with login ada already exists"}`), "")
	f.Add(429, []byte(`{"message":"the-jwt-of-ada"}`), "3")
	f.Add(0, []byte("\xff"), "-1")
	f.Fuzz(func(t *testing.T, status int, body []byte, wait string) {
		s := &script{answer: func(context.Context, exchange) (*medtech.Response, error) {
			return &medtech.Response{Status: status, Header: medtech.Header{"retry-after": wait}, Body: body}, nil
		}}
		c := newClient(t, s, medtech.Credentials{Tokens: medtech.Tokens{Token: "the-jwt-of-ada"}})
		u, err := c.Users.GetLoggedUser(t.Context())
		if err == nil {
			if u.ID == "" {
				t.Fatal("a user without an id")
			}
			return
		}
		e, ok := errors.AsType[*medtech.Error](err)
		if !ok || e.Kind == "" {
			t.Fatalf("error %v has no kind", err)
		}
		if strings.Contains(err.Error(), "the-jwt-of-ada") {
			t.Fatalf("the token is in %q", err)
		}
		if e.RetryAfter < 0 || e.RetryAfter > 24*time.Hour {
			t.Fatalf("wait %v", e.RetryAfter)
		}
	})
}
