package backend_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"slate/backend"
	"slate/backend/docstore/sqlite"
)

// FuzzRequest sends any body to any route that takes one, as an administrator: every
// answer is JSON, none is a 500.
func FuzzRequest(f *testing.F) {
	store, err := sqlite.Open(filepath.Join(f.TempDir(), "b.db"))
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() {
		if err := store.Close(); err != nil {
			f.Error(err)
		}
	})
	server, err := backend.New(f.Context(), backend.Options{Store: store, Argon2: backend.Argon2{MemoryKiB: 8, Iterations: 1}, LoginRate: backend.RateLimit{PerSecond: 1e9, Burst: 1e9}})
	if err != nil {
		f.Fatal(err)
	}
	if _, err := server.Seed(f.Context(), people); err != nil {
		f.Fatal(err)
	}
	handler := server.Handler()
	targets := []string{
		"POST /rest/v1/auth/login", "POST /rest/v1/auth/refresh", "POST /rest/v1/user", "PUT /rest/v1/user", "POST /rest/v1/user/token/ann/k?tokenValidity=5",
		"POST /rest/v1/hcparty", "PUT /rest/v1/hcparty", "POST /rest/v1/hcparty/filter?limit=3", "POST /rest/v1/patient", "PUT /rest/v1/patient",
	}
	for i := range targets {
		f.Add(uint8(i), "application/json", `{"id":"`+annID+`","rev":"1-0","login":"x","roles":[null],"addresses":[{"telecoms":[{}]}],"$type":"FilterChain","filter":{"$type":"HealthcarePartyByNameFilter","name":"é"}}`)
	}
	f.Add(uint8(0), "application/json", `{"username":"ann","password":"ann-password"}`)
	f.Add(uint8(2), "text/plain;charset=UTF-8", `null`)
	f.Add(uint8(3), "application/json", `{"id":"`+annID+`","authenticationTokens":{"k":{"token":"t","validity":-1}},"autoDelegations":{"all":["a","a"]}}`)
	f.Fuzz(func(t *testing.T, target uint8, kind, body string) {
		method, path, _ := strings.Cut(targets[int(target)%len(targets)], " ")
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		r.SetBasicAuth("admin", "admin-password")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code >= http.StatusInternalServerError || !json.Valid(w.Body.Bytes()) {
			t.Fatalf("%s %s %q %q: %d %s", method, path, kind, body, w.Code, w.Body)
		}
	})
}
