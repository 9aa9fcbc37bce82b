package backend_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"slate/backend"
)

func TestWhatIsRefused(t *testing.T) {
	f := serve(t)
	admin, ann := f.login("admin"), f.login("ann")
	text := map[string]string{"Content-Type": "text/plain;charset=UTF-8"}
	for name, c := range map[string]struct {
		request
		status int
		says   string
	}{
		"an unknown route":            {request{method: "GET", path: "/rest/v1/nothing"}, 404, "no such route"},
		"another method":              {request{method: "PATCH", path: "/rest/v1/user"}, 405, "other methods"},
		"no credentials":              {request{method: "GET", path: "/rest/v1/user/current"}, 401, "Log in first"},
		"an unknown scheme":           {request{method: "GET", path: "/rest/v1/user/current", header: map[string]string{"Authorization": "Digest x"}}, 401, "Log in first"},
		"malformed JSON":              {request{method: "POST", path: "/rest/v1/user", token: admin, body: `{"login": "x", "passwordHash": "secret`}, 400, "malformed JSON at byte"},
		"a member of the wrong type":  {request{method: "POST", path: "/rest/v1/user", token: admin, body: `{"login": {"a": 1}}`}, 400, "login has the wrong type"},
		"a list for an object":        {request{method: "POST", path: "/rest/v1/user", token: admin, body: `[]`}, 400, "JSON object"},
		"two values":                  {request{method: "POST", path: "/rest/v1/user", token: admin, body: `{}{}`}, 400, "malformed JSON"},
		"null where a body is needed": {request{method: "POST", path: "/rest/v1/user", token: admin, body: `null`, header: text}, 400, "needs a JSON object"},
		"text where JSON is needed":   {request{method: "POST", path: "/rest/v1/user", token: admin, body: `{"login":"x"}`, header: text}, 415, "Content-Type"},
		"no body where one is needed": {request{method: "PUT", path: "/rest/v1/user", token: admin}, 400, "needs a JSON object"},
		"a body above the limit":      {request{method: "POST", path: "/rest/v1/user", token: admin, body: `{"login":"` + strings.Repeat("x", 1<<20) + `"}`}, 413, "too large"},
		"ten megabytes":               {request{method: "POST", path: "/rest/v1/user", token: admin, body: `{"login":"` + strings.Repeat("x", 10<<20) + `"}`}, 413, "too large"},
		"ten megabytes of nobody":     {request{method: "POST", path: "/rest/v1/auth/login", body: strings.Repeat("[", 10<<20)}, 413, "too large"},
		"deep nesting":                {request{method: "POST", path: "/rest/v1/user", token: admin, body: strings.Repeat(`{"a":`, 20000)}, 400, ""},
		"an unknown user":             {request{method: "GET", path: "/rest/v1/user/nobody", token: admin}, 404, "User with id nobody not found"},
		"another user":                {request{method: "GET", path: "/rest/v1/user/" + bobID, token: ann}, 403, "Only this user"},
		"an unknown user, as a user":  {request{method: "GET", path: "/rest/v1/user/nobody", token: ann}, 403, "Only this user"},
		"another user by e-mail":      {request{method: "GET", path: "/rest/v1/user/byEmail/bob%40example.org", token: ann}, 404, "no user"},
		"creating as a user":          {request{method: "POST", path: "/rest/v1/user", token: ann, body: `{"login":"x"}`}, 403, "administrator"},
		"deleting another user":       {request{method: "DELETE", path: "/rest/v1/user/" + bobID, token: ann}, 403, "Only this user"},
		"a token for another user":    {request{method: "POST", path: "/rest/v1/user/token/bob/k", token: ann}, 403, "Only this user"},
		"a token for nobody":          {request{method: "POST", path: "/rest/v1/user/token/nobody/k", token: ann}, 403, "Only this user"},
		"checking another's token":    {request{method: "GET", path: "/rest/v1/user/token/" + bobID, token: ann}, 403, "Only this user"},
		"another patient":             {request{method: "GET", path: "/rest/v1/patient/b0000000-0000-4000-8000-000000000009", token: ann}, 403, "Only this patient"},
		"a patient who is none":       {request{method: "GET", path: "/rest/v1/patient/" + bobRec, token: ann}, 404, "not found"},
		"a patient, as a doctor":      {request{method: "GET", path: "/rest/v1/patient/" + annRec, token: f.login("bob")}, 403, "Only this patient"},
		"a patient, as administrator": {request{method: "GET", path: "/rest/v1/patient/" + annRec, token: admin}, 403, "Only this patient"},
		"a new patient, as a patient": {request{method: "POST", path: "/rest/v1/patient", token: ann, body: `{"firstName":"x"}`}, 403, "healthcare party"},
		"another healthcare party":    {request{method: "PUT", path: "/rest/v1/hcparty", token: ann, body: map[string]string{"id": bobRec}}, 403, "Only this healthcare party"},
		"a new party, as a doctor":    {request{method: "POST", path: "/rest/v1/hcparty", token: f.login("bob"), body: `{"lastName":"x"}`}, 403, "administrator"},
		"a party without a name":      {request{method: "POST", path: "/rest/v1/hcparty", token: admin, body: `{}`}, 400, "needs a name"},
		"current party of a patient":  {request{method: "GET", path: "/rest/v1/hcparty/current", token: ann}, 404, "no healthcare party"},
		"an unknown filter":           {request{method: "POST", path: "/rest/v1/hcparty/filter", token: ann, body: `{"$type":"FilterChain","filter":{"$type":"SqlFilter"}}`}, 400, "SqlFilter"},
		"a bad limit":                 {request{method: "POST", path: "/rest/v1/hcparty/filter?limit=0", token: ann, body: `{"$type":"AllHealthcarePartiesFilter"}`}, 400, "limit"},
		"an id of the store's own":    {request{method: "POST", path: "/rest/v1/user", token: admin, body: `{"id":"_design","login":"x"}`}, 400, "id"},
	} {
		t.Run(name, func(t *testing.T) {
			f := f.in(t)
			got := f.send(c.request)
			if got.status != c.status || !strings.Contains(got.body, c.says) {
				t.Errorf("%d %s, want %d and %q", got.status, got.body, c.status, c.says)
			}
			if !strings.HasPrefix(got.body, `{"message":"`) || got.header.Get("Content-Type") != "application/json" {
				t.Errorf("no JSON error: %s %s", got.header.Get("Content-Type"), got.body)
			}
			if h := got.header; h.Get("X-Request-Id") == "" || h.Get("Cache-Control") != "no-store" || h.Values("WWW-Authenticate") != nil {
				t.Errorf("headers: %v", h)
			}
			if got.status == 405 && got.header.Get("Allow") != "POST, PUT" {
				t.Errorf("Allow: %q", got.header.Get("Allow"))
			}
		})
	}
}

func TestRequestIDIsKeptWhenSensible(t *testing.T) {
	f := serve(t)
	for sent, kept := range map[string]bool{"abc-123": true, "a b": false, strings.Repeat("x", 65): false, "": false} {
		got := f.send(request{method: "GET", path: "/healthz", header: map[string]string{"X-Request-Id": sent}})
		if (got.header.Get("X-Request-Id") == sent) != kept || got.status != 200 || got.body != `{"status":"ok"}` {
			t.Errorf("%q: %q, %d %s", sent, got.header.Get("X-Request-Id"), got.status, got.body)
		}
	}
}

func TestOtherOrigins(t *testing.T) {
	f, _ := start(t, filepath.Join(t.TempDir(), "b.db"), func(o *backend.Options) { o.Origins = []string{"https://app.example.org"} })
	preflight := func(origin string) reply {
		return f.send(request{method: "OPTIONS", path: "/rest/v1/user", header: map[string]string{"Origin": origin, "Access-Control-Request-Method": "PUT"}})
	}
	good := preflight("https://app.example.org")
	if h := good.header; good.status != 204 || h.Get("Access-Control-Allow-Origin") != "https://app.example.org" || h.Get("Access-Control-Allow-Credentials") != "true" {
		t.Errorf("%d %v", good.status, good.header)
	}
	for _, name := range []string{"authorization", "content-type", "x-requested-with", "token", "refresh-token"} {
		if !strings.Contains(good.header.Get("Access-Control-Allow-Headers"), name) {
			t.Errorf("the header %s is not allowed", name)
		}
	}
	if bad := preflight("https://evil.example"); bad.status != 405 || bad.header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("%d %v", bad.status, bad.header)
	}
	post := func(origin string) reply {
		r := loginRequest("ann", "ann-password")
		r.header = map[string]string{"Origin": origin, "Sec-Fetch-Site": "cross-site"}
		return f.send(r)
	}
	if got := post("https://app.example.org"); got.status != 200 || got.header.Get("Access-Control-Allow-Origin") != "https://app.example.org" {
		t.Errorf("a configured origin: %d %s", got.status, got.body)
	}
	if got := post("https://evil.example"); got.status != 403 || !strings.Contains(got.body, "message") || got.header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("another origin: %d %s", got.status, got.body)
	}
	if _, err := backend.New(t.Context(), backend.Options{Store: f.store, Origins: []string{"not an origin"}}); err == nil {
		t.Error("a bad origin is accepted")
	}
}

func TestTooManyAttempts(t *testing.T) {
	f, _ := start(t, filepath.Join(t.TempDir(), "b.db"), func(o *backend.Options) {
		o.LoginRate = backend.RateLimit{PerSecond: 0.5, Burst: 3}
		o.AnonymousRate = backend.RateLimit{PerSecond: 1, Burst: 5}
		o.ClientAddress = func(r *http.Request) string { return r.Header.Get("X-Client") }
	})
	try := func(client, name string) reply {
		r := loginRequest(name, "wrong-password")
		r.header = map[string]string{"X-Client": client}
		return f.send(r)
	}
	for i, want := range []int{401, 401, 401, 429} {
		if got := try("one", "ann"); got.status != want {
			t.Fatalf("attempt %d: %d", i, got.status)
		} else if want == 429 && got.header.Get("Retry-After") != "2" {
			t.Errorf("Retry-After: %q", got.header.Get("Retry-After"))
		}
	}
	if got := try("two", "ann"); got.status != 429 {
		t.Errorf("the same name from another address: %d", got.status)
	}
	if got := try("two", "bob"); got.status != 401 {
		t.Errorf("another name from another address: %d", got.status)
	}
	f.clock.Advance(2 * 1e9)
	if got := try("three", "ann"); got.status != 401 {
		t.Errorf("after waiting: %d", got.status)
	}
	for i, want := range []int{401, 401, 401, 401, 401, 429} {
		if got := f.send(request{method: "GET", path: "/rest/v1/user/current", header: map[string]string{"X-Client": "four"}}); got.status != want {
			t.Fatalf("probe %d: %d", i, got.status)
		}
	}
}

// The defaults bear what a client with a wrong password does: per call one log-in at
// most, two calls without credentials, one with Basic.
func TestDefaultRatesBearTheLadder(t *testing.T) {
	f, _ := start(t, filepath.Join(t.TempDir(), "b.db"), func(o *backend.Options) { o.LoginRate = backend.RateLimit{} })
	for range 20 {
		for _, r := range []request{loginRequest("ann", "wrong"), {method: "GET", path: "/rest/v1/user/current"}, {method: "GET", path: "/rest/v1/user/current"}, {method: "GET", path: "/rest/v1/user/current", basic: [2]string{"ann", "wrong"}}} {
			if got := f.send(r); got.status != 401 {
				t.Fatalf("%d %s", got.status, got.body)
			}
		}
	}
}

func TestClosedServer(t *testing.T) {
	store := serve(t).store
	server, err := backend.New(t.Context(), backend.Options{Store: store})
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	f := &fixture{t: t}
	f.url = listen(t, server.Handler())
	if got := f.send(request{method: "GET", path: "/healthz"}); got.status != 503 {
		t.Errorf("%d %s", got.status, got.body)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	if _, err := backend.New(t.Context(), backend.Options{}); err == nil || !strings.Contains(err.Error(), "Options.Store") {
		t.Errorf("without a store: %v", err)
	}
	if _, err := backend.New(t.Context(), backend.Options{Store: serve(t).store, JWTKey: []byte("short")}); err == nil || !strings.Contains(err.Error(), "32") {
		t.Errorf("with a short key: %v", err)
	}
}
