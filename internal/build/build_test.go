package main

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestSmallEnvKeepsWhatTheGoCommandNeeds(t *testing.T) {
	long := "LONG=" + strings.Repeat("x", 20_000)
	got := smallEnv([]string{"PATH=/bin", "HOME=/root", "GOPROXY=off", long, "LS_COLORS=a", "TMPDIR=/tmp"})
	want := []string{"PATH=/bin", "HOME=/root", "GOPROXY=off", "TMPDIR=/tmp"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestExistingNamesOnlyFoldersWithGoFiles(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, file := range []string{"store/query/query.go", "docs/readme.md"} {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got := existing([]string{"store", "docs", "medtech"}); !slices.Equal(got, []string{"./store/..."}) {
		t.Errorf("got %v", got)
	}
}

func TestChromium(t *testing.T) {
	dir := t.TempDir()
	browser := filepath.Join(dir, "chromium")
	if err := os.WriteFile(browser, []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("CHROMIUM", "")

	t.Setenv("PATH", dir)
	if got, err := findChromium(); err != nil || got != browser {
		t.Errorf("on the path: %q, %v", got, err)
	}
	t.Setenv("PATH", t.TempDir())
	if err := chromium(t.Context(), nil); !errors.Is(err, errNoChromium) || !strings.Contains(err.Error(), "apt-get install") {
		t.Errorf("nowhere, and no apt-get: %v", err)
	}
	t.Setenv("CHROMIUM", browser)
	if got, err := findChromium(); err != nil || got != browser {
		t.Errorf("named: %q, %v", got, err)
	}
}

func TestReach(t *testing.T) {
	database := func(status int) *httptest.Server {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/index/db.json" {
				t.Errorf("asked for %s", r.URL.Path)
			}
			w.WriteHeader(status)
		}))
		t.Cleanup(server.Close)
		return server
	}
	open, refusing, closed := database(http.StatusOK), database(http.StatusForbidden), database(http.StatusOK)
	closed.Close()
	for url, want := range map[string]bool{open.URL: true, refusing.URL: false, closed.URL: false, "file:///db": true} {
		if err := reach(t.Context(), url); (err == nil) != want {
			t.Errorf("%s: %v", url, err)
		}
	}
}
