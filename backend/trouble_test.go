package backend_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"slate/backend"
	"slate/backend/docstore"
	"slate/backend/docstore/sqlite"
)

// troubled is a store whose reads go wrong on demand.
type troubled struct {
	docstore.Store
	get func() error
}

func (s *troubled) Get(ctx context.Context, db, id string) (docstore.Doc, error) {
	if s.get != nil {
		if err := s.get(); err != nil {
			return docstore.Doc{}, err
		}
	}
	return s.Store.Get(ctx, db, id)
}

func TestTroubleWithTheStore(t *testing.T) {
	store := &troubled{}
	f, _ := start(t, filepath.Join(t.TempDir(), "b.db"), func(o *backend.Options) { store.Store = o.Store; o.Store = store })
	token := f.login("ann")
	for name, c := range map[string]struct {
		get        func() error
		status     int
		retryAfter string
	}{
		"a panic":            {func() error { panic("a secret value") }, 500, ""},
		"an error at run":    {func() error { var list []int; return fmt.Errorf("%d", list[len(token)]) }, 500, ""},
		"an unknown error":   {func() error { return errors.New("disk on fire") }, 500, ""},
		"a locked database":  {func() error { return fmt.Errorf("wrapped: %w", docstore.ErrBusy) }, 503, "1"},
		"a cancelled caller": {func() error { return context.Canceled }, 503, ""},
	} {
		t.Run(name, func(t *testing.T) {
			f := f.in(t)
			store.get = c.get
			got := f.send(request{method: "GET", path: "/rest/v1/user/current", token: token})
			store.get = nil
			if got.status != c.status || got.header.Get("Retry-After") != c.retryAfter || !strings.HasPrefix(got.body, `{"message":`) {
				t.Errorf("%d %v %s", got.status, got.header, got.body)
			}
			for _, inner := range []string{"secret", "fire", "wrapped", "range"} {
				if strings.Contains(got.body, inner) {
					t.Errorf("the caller is told %s", got.body)
				}
			}
			if !strings.Contains(f.log.String(), got.header.Get("X-Request-Id")) {
				t.Error("the log does not have the request id")
			}
			f.want(200, request{method: "GET", path: "/rest/v1/user/current", token: token})
		})
	}
	if log := f.log.String(); strings.Contains(log, "a secret value") || !strings.Contains(log, "disk on fire") || !strings.Contains(log, "index out of range") {
		t.Errorf("%s", log)
	}
}

// The default address of the rate limits: a whole /64 of IPv6 is one client.
func TestAddresses(t *testing.T) {
	f, _ := start(t, filepath.Join(t.TempDir(), "b.db"), nil)
	server, err := backend.New(t.Context(), backend.Options{Store: f.store, Now: f.clock.Now, AnonymousRate: backend.RateLimit{PerSecond: 1, Burst: 1}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		from string
		want int
	}{
		{"192.0.2.1:1000", 401}, {"192.0.2.1:2000", 429}, {"[::ffff:192.0.2.1]:5", 429}, {"192.0.2.2:1000", 401},
		{"[2001:db8:1:2::1]:1", 401}, {"[2001:db8:1:2:ffff::9]:1", 429}, {"[2001:db8:1:3::1]:1", 401},
		{"@", 401}, {"@", 429}, {"name:1", 401}, {"name:2", 429},
	} {
		r := httptest.NewRequest(http.MethodGet, "/rest/v1/user/current", nil)
		r.RemoteAddr = c.from
		w := httptest.NewRecorder()
		server.Handler().ServeHTTP(w, r)
		if w.Code != c.want {
			t.Errorf("from %s: %d, want %d", c.from, w.Code, c.want)
		}
	}
}

// Servers that start at once over one empty store agree on the key of the sessions.
func TestServersAgreeOnTheKey(t *testing.T) {
	store, err := sqlite.Open(filepath.Join(t.TempDir(), "b.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	handlers := make([]http.Handler, 4)
	var wg sync.WaitGroup
	for i := range handlers {
		wg.Go(func() {
			server, err := backend.New(t.Context(), backend.Options{Store: store, Argon2: backend.Argon2{MemoryKiB: 64, Iterations: 1}})
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := server.Seed(t.Context(), people); err != nil {
				t.Error(err)
			}
			handlers[i] = server.Handler()
		})
	}
	wg.Wait()
	if t.Failed() {
		return
	}
	first := &fixture{t: t, url: listen(t, handlers[0])}
	token := first.login("ann")
	for _, h := range handlers {
		f := &fixture{t: t, url: listen(t, h)}
		if me := f.want(200, request{method: "GET", path: "/rest/v1/user/current", token: token}); !strings.HasPrefix(me["rev"].(string), "1-") {
			t.Errorf("%v", me)
		}
	}
}

func TestTokensOfOneUserAreBounded(t *testing.T) {
	f := serve(t)
	tokens := map[string]any{}
	for i := range 201 {
		tokens[fmt.Sprint("k", i)] = map[string]any{"token": fmt.Sprintf("%032d", i), "validity": 60}
	}
	got := f.send(request{method: "POST", path: "/rest/v1/user", token: f.login("admin"), body: map[string]any{"login": "many", "authenticationTokens": tokens}})
	if got.status != 400 || !strings.Contains(got.body, "200 tokens") {
		t.Errorf("%d %s", got.status, got.body)
	}
}
