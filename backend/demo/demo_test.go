package demo_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"slate/backend"
	"slate/backend/demo"
	"slate/backend/docstore"
	"slate/backend/docstore/sqlite"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// start opens the file and loads the demo data, as a start of the program does.
func start(t *testing.T, path string) (http.Handler, []demo.Login, func()) {
	t.Helper()
	store, err := sqlite.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	server, err := backend.New(t.Context(), backend.Options{Store: store, Argon2: backend.Argon2{MemoryKiB: 64, Iterations: 1, Threads: 1}})
	if err != nil {
		t.Fatal(err)
	}
	logins, err := demo.Load(t.Context(), server)
	if err != nil {
		t.Fatal(err)
	}
	return server.Handler(), logins, func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	}
}

func send(t *testing.T, h http.Handler, l demo.Login, method, path string, body any) map[string]any {
	t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(method, path, strings.NewReader(string(data)))
	r.Header.Set("Content-Type", "application/json")
	r.SetBasicAuth(l.Username, l.Password)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	answer, err := io.ReadAll(w.Body)
	if err != nil || w.Code != 200 {
		t.Fatalf("%s %s as %s: %d %s, %v", method, path, l.Name, w.Code, answer, err)
	}
	var v map[string]any
	if err := json.Unmarshal(answer, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestDemo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "b.db")
	h, logins, stop := start(t, path)
	roles := map[string]int{}
	for _, l := range logins {
		roles[l.Role]++
		me := send(t, h, l, "GET", "/rest/v1/user/current", nil)
		if me["name"] != l.Name || me["email"] != l.Username {
			t.Errorf("%+v is %v", l, me)
		}
		switch l.Role {
		case "patient":
			if p := send(t, h, l, "GET", "/rest/v1/patient/"+demo.PatientID, nil); p["lastName"] != "Lambert" || me["patientId"] != demo.PatientID || p["responsible"] != demo.PatientID {
				t.Errorf("%v", p)
			}
		case "doctor":
			if d := send(t, h, l, "GET", "/rest/v1/hcparty/current", nil); d["speciality"] == "" || d["userId"] != me["id"] || len(d["addresses"].([]any)) != 1 {
				t.Errorf("%v", d)
			}
		}
	}
	if roles["patient"] != 1 || roles["doctor"] != 3 || roles["administrator"] != 1 {
		t.Errorf("%v", roles)
	}
	found := send(t, h, logins[0], "POST", "/rest/v1/hcparty/filter", map[string]string{"$type": "HealthcarePartyByNameFilter", "name": "muller"})
	if rows := found["rows"].([]any); len(rows) != 1 || rows[0].(map[string]any)["id"] != demo.DoctorID(1) {
		t.Errorf("%v", found)
	}
	me := send(t, h, logins[0], "GET", "/rest/v1/user/current", nil)
	me["name"] = "Somebody Else"
	send(t, h, logins[0], "PUT", "/rest/v1/user", me)
	stop()

	h, again, stop := start(t, path)
	defer stop()
	if len(again) != len(logins) {
		t.Errorf("the second start lists %d log-ins", len(again))
	}
	if me := send(t, h, logins[0], "GET", "/rest/v1/user/current", nil); me["name"] != "Somebody Else" || !strings.HasPrefix(me["rev"].(string), "2-") {
		t.Errorf("the second start changed the user: %v", me)
	}
}

// failing lets some writes through and fails then, as a program that is killed.
type failing struct {
	docstore.Store
	left int
}

func (f *failing) Put(ctx context.Context, db string, d docstore.Doc) (string, error) {
	if f.left--; f.left < 0 {
		return "", docstore.ErrBusy
	}
	return f.Store.Put(ctx, db, d)
}

// A first start that is interrupted anywhere is completed by the next one.
func TestInterruptedFirstStart(t *testing.T) {
	for writes := 1; ; writes++ {
		path := filepath.Join(t.TempDir(), "b.db")
		store, err := sqlite.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		server, err := backend.New(t.Context(), backend.Options{Store: &failing{store, writes}, Argon2: backend.Argon2{MemoryKiB: 8, Iterations: 1}})
		if err != nil {
			t.Fatal(err)
		}
		_, loadErr := demo.Load(t.Context(), server)
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
		h, logins, stop := start(t, path)
		if len(logins) != 5 {
			t.Errorf("interrupted after %d writes: %d log-ins", writes, len(logins))
		}
		for _, l := range logins {
			send(t, h, l, "GET", "/rest/v1/user/current", nil)
		}
		stop()
		if loadErr == nil {
			if writes != 11 { // key, 1 patient, 3 doctors, 5 users, marker
				t.Errorf("the demo data took %d writes", writes)
			}
			return
		}
	}
}

func TestStoreWithOtherUsers(t *testing.T) {
	store, err := sqlite.Open(filepath.Join(t.TempDir(), "b.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if _, err := store.Put(t.Context(), "user", docstore.Doc{ID: "somebody", Body: []byte(`{"login":"x"}`)}); err != nil {
		t.Fatal(err)
	}
	server, err := backend.New(t.Context(), backend.Options{Store: store})
	if err != nil {
		t.Fatal(err)
	}
	if logins, err := demo.Load(t.Context(), server); logins != nil || err != nil {
		t.Errorf("%v, %v", logins, err)
	}
}
