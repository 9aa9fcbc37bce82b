package backend_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"

	"slate/backend"
	"slate/backend/demo"
	"slate/backend/docstore/sqlite"
)

// A server with the demo data, and a log-in over HTTP.
func Example() {
	dir, err := os.MkdirTemp("", "backend")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	store, err := sqlite.Open(filepath.Join(dir, "backend.db"))
	if err != nil {
		log.Fatal(err)
	}
	defer store.Close()
	ctx := context.Background()
	server, err := backend.New(ctx, backend.Options{Store: store})
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()
	logins, err := demo.Load(ctx, server)
	if err != nil {
		log.Fatal(err)
	}

	listener := httptest.NewServer(server.Handler())
	defer listener.Close()
	who := logins[0]
	body := fmt.Sprintf(`{"username":%q,"password":%q}`, who.Username, who.Password)
	res, err := http.Post(listener.URL+"/rest/v1/auth/login", "application/json", strings.NewReader(body))
	if err != nil {
		log.Fatal(err)
	}
	defer res.Body.Close()
	var answer struct {
		Successful bool
		GroupID    string
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		log.Fatal(err)
	}
	fmt.Println(who.Name, answer.Successful, answer.GroupID)
	// Output: Marie Lambert true petra
}
