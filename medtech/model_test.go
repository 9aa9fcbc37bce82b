package medtech_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slate/medtech"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares text with testdata/name.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

func indent(t *testing.T, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := json.Indent(&b, data, "", "  "); err != nil {
		t.Fatalf("%v in %s", err, data)
	}
	return append(b.Bytes(), '\n')
}

// models are the documents of the wire, each by a pointer to a fresh one.
var models = map[string]func() any{
	"user":        func() any { return new(medtech.User) },
	"hcparty":     func() any { return new(medtech.HealthcareParty) },
	"patient":     func() any { return new(medtech.Patient) },
	"userpage":    func() any { return new(medtech.Page[medtech.User]) },
	"usergroup":   func() any { return new(medtech.UserGroup) },
	"docid":       func() any { return new(medtech.DocIdentifier) },
	"login":       func() any { return new(medtech.AuthenticationResponse) },
	"address":     func() any { return new(medtech.Address) },
	"identifier":  func() any { return new(medtech.Identifier) },
	"property":    func() any { return new(medtech.PropertyStub) },
	"authtoken":   func() any { return new(medtech.AuthenticationToken) },
	"personname":  func() any { return new(medtech.PersonName) },
	"loginfailed": func() any { return new(medtech.AuthenticationResponse) },
}

// The golden files hold what a server answers, every field set; decoding and
// encoding must give the same again, but for the secrets.
func TestWireFormat(t *testing.T) {
	for name, fresh := range models {
		t.Run(name, func(t *testing.T) {
			wire, err := os.ReadFile(filepath.Join("testdata", "wire", name+".json"))
			if err != nil {
				t.Fatal(err)
			}
			model := fresh()
			if err := json.Unmarshal(wire, model); err != nil {
				t.Fatal(err)
			}
			if missing := unset(reflect.ValueOf(model).Elem(), name); name != "loginfailed" && len(missing) > 0 {
				t.Errorf("the golden file leaves fields unset: %s", strings.Join(missing, ", "))
			}
			encoded, err := json.Marshal(model)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tree(t, wire), tree(t, encoded)); diff != "" {
				t.Errorf("read and written (-want +got):\n%s", diff)
			}
		})
	}
}

// unset lists the exported fields that are zero.
func unset(v reflect.Value, path string) []string {
	if v.Kind() != reflect.Struct {
		return nil
	}
	var names []string
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if v.Field(i).IsZero() {
			names = append(names, path+"."+f.Name)
		} else if f.Anonymous {
			names = append(names, unset(v.Field(i), path)...)
		}
	}
	return names
}

func tree(t *testing.T, data []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatalf("%v in %s", err, data)
	}
	return v
}

func TestServerAnswersHaveEveryList(t *testing.T) {
	for name, model := range map[string]any{
		"lists_user.json":    medtech.User{ID: "u"}.WithLists(),
		"lists_hcparty.json": medtech.HealthcareParty{ID: "h", Addresses: []medtech.Address{{City: "Lausanne"}}}.WithLists(),
		"lists_patient.json": medtech.Patient{ID: "p"}.WithLists(),
	} {
		data, err := json.Marshal(model)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name, indent(t, data))
	}
}

func TestZeroModelsAreEmptyDocuments(t *testing.T) {
	for _, model := range []any{
		medtech.User{}, medtech.HealthcareParty{}, medtech.Patient{}, medtech.Address{}, medtech.Telecom{},
		medtech.PersonName{}, medtech.Identifier{}, medtech.CodeStub{}, medtech.PropertyStub{}, medtech.Permission{},
		medtech.PropertyTypeStub{}, medtech.TypedValue{}, medtech.UserGroup{}, medtech.DocIdentifier{},
	} {
		if data, err := json.Marshal(model); err != nil || string(data) != "{}" {
			t.Errorf("%T: %s, error %v", model, data, err)
		}
	}
	if data, _ := json.Marshal(medtech.Page[string]{}); string(data) != `{"pageSize":0,"totalSize":0,"rows":[]}` {
		t.Errorf("page: %s", data)
	}
}

func TestUnknownFieldsSurvive(t *testing.T) {
	const wire = `{ "zeta" : [1, {"a":"}\"]"}, 1.50] , "id":"u", "Login":"ada", "rev":null, "alpha":null,` +
		`"n":-1.5e3 ,"\u0065sc\"aped":"\\","authenticationTokens":{"k":{"creationTime":1,"validity":2,"new":true}}}`
	var u medtech.User
	buffer := []byte(wire)
	if err := json.Unmarshal(buffer, &u); err != nil {
		t.Fatal(err)
	}
	clear(buffer) // which belongs to the caller
	if u.Login != "ada" {
		t.Errorf("login %q: names differ by case only", u.Login)
	}
	u.Name = "Ada"
	got, err := json.Marshal(u)
	want := `{"id":"u","name":"Ada","login":"ada","authenticationTokens":{"k":{"creationTime":1,"validity":2,"new":true}},` +
		`"alpha":null,"esc\"aped":"\\","n":-1.5e3,"zeta":[1,{"a":"}\"]"},1.50]}`
	if err != nil || string(got) != want {
		t.Errorf("got  %s\nwant %s\nerror %v", got, want, err)
	}
	// Reading into a used variable forgets what was there.
	if err := json.Unmarshal([]byte(`{"id":"v"}`), &u); err != nil || u.Extra != nil {
		t.Errorf("extra fields %v of the document before, error %v", u.Extra, err)
	}
}

func TestExtraCannotSpoilADocument(t *testing.T) {
	u := medtech.User{ID: "u", Extra: medtech.Extra{"id": []byte(`"other"`), "Rev": []byte(`"2-b"`)}}
	if data, err := json.Marshal(u); err != nil || string(data) != `{"id":"u"}` {
		t.Errorf("%s, error %v: known names do not belong into Extra", data, err)
	}
	u.Extra = medtech.Extra{"x": []byte(`1,"id":"other"`)}
	if data, err := json.Marshal(u); err == nil {
		t.Errorf("%s: what is not one JSON value was written", data)
	}
}

func TestCloneSharesNothing(t *testing.T) {
	for name, fresh := range models {
		wire, err := os.ReadFile(filepath.Join("testdata", "wire", name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		model := fresh()
		if err := json.Unmarshal(wire, model); err != nil {
			t.Fatal(err)
		}
		var clone any
		switch m := model.(type) {
		case *medtech.User:
			c := m.Clone()
			clone = &c
		case *medtech.HealthcareParty:
			c := m.Clone()
			clone = &c
		case *medtech.Patient:
			c := m.Clone()
			clone = &c
		default:
			continue
		}
		if diff := cmp.Diff(model, clone); diff != "" {
			t.Errorf("%s: the clone differs:\n%s", name, diff)
		}
		before, err := json.Marshal(model)
		if err != nil {
			t.Fatal(err)
		}
		spoil(reflect.ValueOf(clone).Elem())
		after, err := json.Marshal(model)
		if err != nil || !bytes.Equal(before, after) {
			t.Errorf("%s: changing the clone changed the original\n%s\n%s", name, before, after)
		}
	}
}

// spoil overwrites everything that can be reached from v.
func spoil(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			spoil(v.Field(i))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			spoil(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			spoil(v.Index(i))
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			inner := reflect.New(v.Type().Elem()).Elem()
			inner.Set(v.MapIndex(key))
			spoil(inner)
		}
		v.Clear()
	default:
		v.SetZero()
	}
}

func TestUserAccessors(t *testing.T) {
	u := medtech.User{
		ID: "u", GroupID: "g", PatientID: "p",
		AutoDelegations: map[medtech.DataType][]string{medtech.MedicalInformation: {"h1", "h2"}, medtech.AllData: {"h3"}},
	}
	if !u.SharesWith(medtech.MedicalInformation, "h2") || u.SharesWith(medtech.MedicalInformation, "h3") || (medtech.User{}).SharesWith("", "") {
		t.Error("SharesWith")
	}
	if diff := cmp.Diff(u.AutoDelegations, u.SharingDataWith()); diff != "" {
		t.Error(diff)
	}
	if u.Key() != "g/u" || (medtech.User{ID: "u"}).Key() != "u" {
		t.Error("Key")
	}
	owners := []struct {
		user medtech.User
		id   string
		kind medtech.DataOwnerType
	}{
		{medtech.User{}, "", ""},
		{medtech.User{DeviceID: "d"}, "d", medtech.DeviceOwner},
		{medtech.User{DeviceID: "d", PatientID: "p"}, "p", medtech.PatientOwner},
		{medtech.User{DeviceID: "d", PatientID: "p", HealthcarePartyID: "h"}, "h", medtech.HealthcarePartyOwner},
	}
	for _, tt := range owners {
		if tt.user.DataOwnerID() != tt.id || tt.user.DataOwnerType() != tt.kind {
			t.Errorf("data owner %q of type %q, want %q of %q", tt.user.DataOwnerID(), tt.user.DataOwnerType(), tt.id, tt.kind)
		}
	}
}

func TestDisplayName(t *testing.T) {
	tests := map[string]medtech.HealthcareProfessional{
		"Zoé Desmet": {FirstName: "Zoé", LastName: "Desmet", Name: "Desmet Zoé"},
		"Desmet Zoé": {LastName: "Desmet", Name: "Desmet Zoé"},
		"Desmet":     {LastName: "Desmet", CompanyName: "c"},
		"Zoé":        {FirstName: "Zoé"},
		"Clinic":     {CompanyName: "Clinic"},
		"":           {},
	}
	for want, h := range tests {
		if got := h.DisplayName(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestDataTypes(t *testing.T) {
	all := medtech.DataTypes()
	if len(all) != 20 || all[0] != "all" {
		t.Errorf("%d types, first %q", len(all), all[0])
	}
	for _, d := range all {
		if !d.Valid() {
			t.Errorf("%q is not valid", d)
		}
	}
	for _, d := range []medtech.DataType{"", "administrativeInformation", "ALL"} {
		if d.Valid() {
			t.Errorf("%q is valid", d)
		}
	}
	if !medtech.Active.Valid() || medtech.Status("active").Valid() {
		t.Error("Status.Valid")
	}
	all[0] = "spoilt"
	if !medtech.AllData.Valid() {
		t.Error("the list can be changed from outside")
	}
}

func TestTimestamp(t *testing.T) {
	for text, want := range map[string]medtech.Timestamp{
		"1688371527150": 1688371527150, "1688371527150.25": 1688371527150, "1.688371527150E12": 1688371527150, "0": 0, "-5": -5, "null": 0,
	} {
		var got medtech.Timestamp
		if err := json.Unmarshal([]byte(text), &got); err != nil || got != want {
			t.Errorf("%s: %d, error %v", text, got, err)
		}
	}
	for _, text := range []string{`"soon"`, `{}`, `1e40`, `true`} {
		if err := json.Unmarshal([]byte(text), new(medtech.Timestamp)); err == nil {
			t.Errorf("%s was accepted", text)
		}
	}
	stamp := medtech.Timestamp(1688371527150)
	if got := stamp.Time().String(); got != "2023-07-03 08:05:27.15 +0000 UTC" {
		t.Error(got)
	}
	if medtech.TimestampOf(stamp.Time()) != stamp || !medtech.Timestamp(0).Time().IsZero() {
		t.Error("Time and TimestampOf do not match")
	}
}

func TestTokenValidAt(t *testing.T) {
	tests := []struct {
		token medtech.AuthenticationToken
		now   medtech.Timestamp
		want  bool
	}{
		{medtech.AuthenticationToken{CreationTime: 1000, Validity: 60}, 60999, true},
		{medtech.AuthenticationToken{CreationTime: 1000, Validity: 60}, 61000, false},
		{medtech.AuthenticationToken{CreationTime: 1000, Validity: -1}, 1 << 60, true},
		{medtech.AuthenticationToken{CreationTime: 1000, Validity: -1, DeletionDate: 5}, 2000, false},
		{medtech.AuthenticationToken{CreationTime: 1000}, 1000, false},
	}
	for _, tt := range tests {
		if got := tt.token.ValidAt(tt.now); got != tt.want {
			t.Errorf("%+v at %d: %v", tt.token, tt.now, got)
		}
	}
}
