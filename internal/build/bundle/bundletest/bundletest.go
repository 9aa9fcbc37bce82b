//go:build !js

// Package bundletest builds small programs for the browser, for tests that serve them:
//
//	host, err := web.NewHost(web.Options{Program: os.DirFS(bundletest.Build(t, "./testdata/program"))})
package bundletest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"slate/internal/build/bundle"
)

var (
	mu   sync.Mutex
	done = map[string]bundled{} // by package
)

type bundled struct {
	program, glue []byte
}

// Build builds a package for the browser, once for all tests of a run, and returns a folder with it that lasts as long as
// the test.
func Build(t testing.TB, pkg string) (dir string) {
	t.Helper()
	mu.Lock()
	defer mu.Unlock()
	b, ok := done[pkg]
	if !ok {
		var err error
		if b, err = build(t.TempDir(), pkg); err != nil {
			t.Fatal(err)
		}
		done[pkg] = b
	}
	dir = t.TempDir()
	if _, _, err := bundle.Write(dir, b.program, b.glue, 1); err != nil {
		t.Fatal(err)
	}
	return dir
}

func build(dir, pkg string) (b bundled, err error) {
	file := filepath.Join(dir, "program")
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", file, pkg)
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if out, err := cmd.CombinedOutput(); err != nil {
		return b, fmt.Errorf("%w\n%s", err, out)
	}
	if b.program, err = os.ReadFile(file); err != nil {
		return b, err
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return b, err
	}
	b.glue, err = os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", bundle.Glue))
	return b, err
}
