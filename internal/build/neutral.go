package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// neutral are the folders whose packages run in the browser and need no page.
var neutral = []string{"store", "medtech", "slices", "queries"}

// testWasm runs the tests of the neutral packages, or of the packages named, as WebAssembly in node.
func testWasm(ctx context.Context, packages []string) error {
	if _, err := exec.LookPath("node"); err != nil {
		return errors.New(`node is missing: install it ("apt-get install nodejs" or https://nodejs.org), version 18 or newer`)
	}
	if len(packages) == 0 {
		packages = existing(neutral)
	}
	if len(packages) == 0 {
		fmt.Println("testwasm: no packages yet")
		return nil
	}
	root, err := output(ctx, "go", "env", "GOROOT")
	if err != nil {
		return err
	}
	runner := filepath.Join(root, "lib", "wasm", "go_js_wasm_exec")
	cmd := command(ctx, "go", append([]string{"test", "-timeout=4m", "-exec=" + runner}, packages...)...)
	cmd.Env = append(smallEnv(os.Environ()), "GOOS=js", "GOARCH=wasm")
	return cmd.Run()
}

// vetWasm vets what the browser's program is made of, as the browser's compiler sees it.
func vetWasm(ctx context.Context, _ []string) error {
	packages := append([]string{"."}, existing(append([]string{"app"}, neutral...))...)
	cmd := command(ctx, "go", append([]string{"vet"}, packages...)...)
	cmd.Env = jsEnv()
	return cmd.Run()
}

// existing returns the patterns of those folders that hold Go files.
func existing(folders []string) (patterns []string) {
	for _, folder := range folders {
		found := errors.New("found")
		err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
			if err == nil && strings.HasSuffix(path, ".go") {
				return found
			}
			return nil // a folder that is not there has no files
		})
		if errors.Is(err, found) {
			patterns = append(patterns, "./"+folder+"/...")
		}
	}
	return patterns
}

// smallEnv keeps what the go command needs. A WebAssembly program has 8 KB for its arguments and environment, and does not
// start where they are longer.
func smallEnv(environ []string) (kept []string) {
	for _, entry := range environ {
		name, _, _ := strings.Cut(entry, "=")
		switch {
		case name == "PATH", name == "HOME", name == "TMPDIR", strings.HasPrefix(name, "GO"):
			kept = append(kept, entry)
		}
	}
	return kept
}
