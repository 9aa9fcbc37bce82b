package backend_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"slate/backend"
	"slate/backend/docstore"
	"slate/backend/docstore/sqlite"
	"slate/medtech"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The people of the tests. Everybody's password is their login and "-password".
const (
	adminID = "a0000000-0000-4000-8000-000000000001"
	annID   = "a0000000-0000-4000-8000-000000000002" // a patient
	bobID   = "a0000000-0000-4000-8000-000000000003" // a doctor
	annRec  = "b0000000-0000-4000-8000-000000000002"
	bobRec  = "c0000000-0000-4000-8000-000000000003"
)

var people = backend.Seed{
	Name: "test",
	Patients: []medtech.Patient{
		{ID: annRec, FirstName: "Ann", LastName: "Lee"},
		{ID: "b0000000-0000-4000-8000-000000000009", FirstName: "Other", LastName: "Patient"},
	},
	HealthcareParties: []medtech.HealthcareParty{{
		ID: bobRec, FirstName: "Bob", LastName: "Müller", Speciality: "Cardiology", SSIN: "85010112345", BankAccount: "BE001", Notes: "a remark of mine", UserID: bobID,
		Addresses: []medtech.Address{{AddressType: medtech.WorkAddress, City: "Ghent"}, {AddressType: medtech.HomeAddress, City: "Secret"}},
		Extra:     medtech.Extra{"internalScore": json.RawMessage(`7`)},
	}},
	Users: []medtech.User{
		{ID: adminID, Login: "admin", Email: "admin@example.org", PasswordHash: "admin-password", Roles: []string{backend.AdministratorRole}},
		{ID: annID, Login: "ann", Email: "ann@example.org", MobilePhone: "+32470000001", PasswordHash: "ann-password", PatientID: annRec, Roles: []string{"USER"}},
		{ID: bobID, Login: "bob", Email: "bob@example.org", PasswordHash: "bob-password", HealthcarePartyID: bobRec, Roles: []string{"USER"}},
	},
}

// clock is the time of a test.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// fixture is a running server and what a test may want to reach.
type fixture struct {
	t     testing.TB
	clock *clock
	url   string
	log   *bytes.Buffer
	store docstore.Store
}

// start runs a server over the file; the people are there. It ends with the test or
// with the function that is answered.
func start(t testing.TB, path string, change func(*backend.Options)) (*fixture, func()) {
	t.Helper()
	store, err := sqlite.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{t: t, clock: &clock{now: time.UnixMilli(1_700_000_000_000)}, log: &bytes.Buffer{}, store: store}
	o := backend.Options{
		Store:     store,
		Logger:    slog.New(slog.NewJSONHandler(&syncWriter{w: f.log}, nil)),
		Argon2:    backend.Argon2{MemoryKiB: 64, Iterations: 1, Threads: 1},
		Now:       f.clock.Now,
		LoginRate: backend.RateLimit{PerSecond: 1e6, Burst: 1e6},
	}
	if change != nil {
		change(&o)
	}
	server, err := backend.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := server.Seed(t.Context(), people); err != nil {
		t.Fatal(err)
	}
	listener := httptest.NewServer(server.Handler())
	f.url = listener.URL
	stop := sync.OnceFunc(func() {
		listener.Close()
		if err := server.Close(); err != nil {
			t.Error(err)
		}
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return f, stop
}

func serve(t testing.TB) *fixture {
	t.Helper()
	f, _ := start(t, filepath.Join(t.TempDir(), "backend.db"), nil)
	return f
}

// in is the fixture for a subtest.
func (f *fixture) in(t testing.TB) *fixture {
	sub := *f
	sub.t = t
	return &sub
}

type syncWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (w *syncWriter) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.w.Write(b)
}

// request is one request of a test; body is sent as JSON, or as it is when it is a string.
type request struct {
	method, path string
	token        string // session token
	basic        [2]string
	header       map[string]string
	body         any
}

// reply is an answer that has been read.
type reply struct {
	status int
	header http.Header
	body   string
}

func (f *fixture) send(r request) reply {
	f.t.Helper()
	var body io.Reader
	kind := "application/json"
	switch b := r.body.(type) {
	case nil:
	case string:
		body = strings.NewReader(b)
	default:
		data, err := json.Marshal(b)
		if err != nil {
			f.t.Fatal(err)
		}
		body = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(f.t.Context(), r.method, f.url+r.path, body)
	if err != nil {
		f.t.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", kind)
	}
	if r.token != "" {
		req.Header.Set("Authorization", "Bearer "+r.token)
	}
	if r.basic[0] != "" {
		req.SetBasicAuth(r.basic[0], r.basic[1])
	}
	for name, value := range r.header {
		req.Header.Set(name, value)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		f.t.Fatalf("%s %s: %v", r.method, r.path, err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	return reply{res.StatusCode, res.Header, string(data)}
}

// want fails the test unless the answer has the status, and decodes its body.
func (f *fixture) want(status int, r request) map[string]any {
	f.t.Helper()
	got := f.send(r)
	if got.status != status {
		f.t.Fatalf("%s %s: %d %s, want %d", r.method, r.path, got.status, got.body, status)
	}
	var v any
	if err := json.Unmarshal([]byte(got.body), &v); err != nil {
		f.t.Fatalf("%s %s: %q: %v", r.method, r.path, got.body, err)
	}
	m, _ := v.(map[string]any)
	return m
}

// login answers a session token.
func (f *fixture) login(name string) string {
	f.t.Helper()
	answer := f.want(200, loginRequest(name, name+"-password"))
	return answer["token"].(string)
}

func loginRequest(name, password string) request {
	return request{method: "POST", path: "/rest/v1/auth/login", body: map[string]string{"username": name, "password": password}}
}

var revision = regexp.MustCompile(`"([0-9]+)-[0-9a-f]{32}"`)

// golden compares JSON with a file, with the digests of revisions masked.
func golden(t *testing.T, name, body string) {
	t.Helper()
	var out bytes.Buffer
	if err := json.Indent(&out, []byte(body), "", "  "); err != nil {
		t.Fatal(err)
	}
	got := revision.ReplaceAllString(out.String(), `"$1-…"`) + "\n"
	path := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-update writes it anew): %s", path, diff)
	}
}

// merged is a copy of a document with some members changed; nil removes one.
func merged(doc map[string]any, changes map[string]any) map[string]any {
	out := map[string]any{}
	for k, v := range doc {
		out[k] = v
	}
	for k, v := range changes {
		if v == nil {
			delete(out, k)
		} else {
			out[k] = v
		}
	}
	return out
}

// listen serves a handler until the test ends.
func listen(t testing.TB, h http.Handler) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}
