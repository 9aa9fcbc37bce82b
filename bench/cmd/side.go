package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// The sides, as the tables name them.
const (
	native  = "Go"
	wasm    = "Go, WebAssembly"
	toolkit = "Redux Toolkit"
	redux   = "redux"
	zustand = "zustand"
)

// side is one of those that are compared.
type side struct {
	name    string
	only    map[string]bool // the benchmarks it has; all where nil
	command func(benchmark string) []string
}

func (s side) has(benchmark string) bool { return s.only == nil || s.only[benchmark] }

// measure runs one benchmark in a process of its own and returns its ns/op. The process gets no environment but the path:
// the peers' checks for development are off, and a WebAssembly program has only 8 KB for its arguments and environment.
func (s side) measure(ctx context.Context, benchmark string) (float64, error) {
	command := s.command(benchmark)
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Env = []string{"NODE_ENV=production", "PATH=" + os.Getenv("PATH")}
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return 0, fmt.Errorf("%w\n%s", err, out)
	}
	return parse(string(out))
}

// parse finds the figure in "BenchmarkName  1000  123.4 ns/op". Of several lines the last counts: those before it warmed
// up the compiler and the heap.
func parse(out string) (ns float64, err error) {
	err = fmt.Errorf("no result in %q", out)
	for line := range strings.Lines(out) {
		if fields := strings.Fields(line); len(fields) >= 4 && strings.HasPrefix(fields[0], "Benchmark") && fields[3] == "ns/op" {
			ns, err = strconv.ParseFloat(fields[2], 64)
		}
	}
	return ns, err
}

// prepare builds the sides from the folder bench. Clean removes what it left outside the module.
func prepare(ctx context.Context, dir string, sample time.Duration) (sides []side, clean func(), err error) {
	clean = func() {}
	tmp, err := os.MkdirTemp("", "slate-bench")
	if err != nil {
		return nil, clean, err
	}
	clean = func() { _ = os.RemoveAll(tmp) }
	golang, err := prepareGo(ctx, dir, tmp, sample)
	if err != nil {
		return nil, clean, err
	}
	js, err := prepareJS(ctx, filepath.Join(dir, "js"), sample)
	return append(golang, js...), clean, err
}

// prepareGo compiles the package's tests for this machine and for node.
func prepareGo(ctx context.Context, dir, tmp string, sample time.Duration) ([]side, error) {
	root, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("finding Go: %w", err)
	}
	here, there := filepath.Join(tmp, "bench.test"), filepath.Join(tmp, "bench.wasm")
	if err := do(ctx, dir, nil, "go", "test", "-c", "-o", here, "."); err != nil {
		return nil, err
	}
	if err := do(ctx, dir, []string{"GOOS=js", "GOARCH=wasm"}, "go", "test", "-c", "-o", there, "."); err != nil {
		return nil, err
	}
	// The stack's size is that of Go's own runner, lib/wasm/go_js_wasm_exec.
	node := []string{"node", "--stack-size=8192", filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec_node.js"), there}
	program := func(name string, start ...string) side {
		return side{name: name, command: func(benchmark string) []string {
			pattern := "^Benchmark" + strings.ReplaceAll(benchmark, "/", "$/^") + "$"
			return append(start[:len(start):len(start)],
				"-test.run=^$", "-test.bench="+pattern, "-test.benchtime="+sample.String(), "-test.count=2")
		}}
	}
	return []side{program(native, here), program(wasm, node...)}, nil
}

// prepareJS bundles the peers' scripts for production.
func prepareJS(ctx context.Context, dir string, sample time.Duration) ([]side, error) {
	lock, err := os.Stat(filepath.Join(dir, "package-lock.json"))
	if err != nil {
		return nil, err
	}
	installed, err := os.Stat(filepath.Join(dir, "node_modules", ".package-lock.json"))
	if err != nil || installed.ModTime().Before(lock.ModTime()) {
		if err := do(ctx, dir, nil, "npm", "ci", "--no-fund", "--no-audit"); err != nil {
			return nil, err
		}
	}
	if err := do(ctx, dir, nil, "npm", "run", "--silent", "build"); err != nil {
		return nil, err
	}
	var sides []side
	for _, peer := range []struct{ name, script string }{
		{toolkit, "redux-toolkit.mjs"}, {redux, "redux.mjs"}, {zustand, "zustand.mjs"},
	} {
		script := filepath.Join(dir, "node_modules", ".bench", peer.script)
		names, err := exec.CommandContext(ctx, "node", script).Output()
		if err != nil {
			return nil, fmt.Errorf("asking %s for its benchmarks: %w", script, err)
		}
		s := side{name: peer.name, only: map[string]bool{}, command: func(benchmark string) []string {
			return []string{"node", script, benchmark, strconv.FormatInt(sample.Milliseconds(), 10)}
		}}
		for _, name := range strings.Fields(string(names)) {
			s.only[name] = true
		}
		sides = append(sides, s)
	}
	return sides, nil
}

func do(ctx context.Context, dir string, env []string, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, out)
	}
	return nil
}
