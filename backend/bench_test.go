package backend_test

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"slate/backend"
	"slate/backend/docstore/sqlite"
)

// A whole request without the network: session token, reading the user, JSON.
func BenchmarkCurrentUser(b *testing.B) {
	store, err := sqlite.Open(filepath.Join(b.TempDir(), "b.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := store.Close(); err != nil {
			b.Error(err)
		}
	})
	server, err := backend.New(b.Context(), backend.Options{Store: store, Argon2: backend.Argon2{MemoryKiB: 64, Iterations: 1}})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := server.Seed(b.Context(), people); err != nil {
		b.Fatal(err)
	}
	f := &fixture{t: b, url: listen(b, server.Handler())}
	token := f.login("ann")
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest(http.MethodGet, "/rest/v1/user/current", nil)
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		server.Handler().ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatal(w.Code, w.Body)
		}
	}
}
