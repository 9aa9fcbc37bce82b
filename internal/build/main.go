// Command build holds the steps of the Makefile that are more than one command: it builds the browser's program with its
// compressed variants, runs tests as WebAssembly in node, finds a browser for the browser tests, asks for known
// vulnerabilities and draws the icons. Run it from the repository's root:
//
//	go run ./internal/build <step> [arguments]
package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
)

// step is one thing the command does.
type step struct {
	name, about string
	run         func(ctx context.Context, args []string) error
}

var steps = []step{
	{"wasm", "build the browser's program into build/web (RELEASE=1: smallest, slower)", buildWasm},
	{"size", "measure the program against go-app's hello world, both at their smallest", measure},
	{"testwasm", "run the tests of the platform-neutral packages as WebAssembly in node", testWasm},
	{"vetwasm", "vet the packages that run in the browser", vetWasm},
	{"chromium", "print the path of Chromium, installing Debian's where that is missing and permitted", chromium},
	{"vuln", "check for known vulnerabilities where the database can be reached", vuln},
	{"icons", "draw the icons in web/static", icons},
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if len(os.Args) > 1 {
		for _, s := range steps {
			if s.name == os.Args[1] {
				if err := s.run(ctx, os.Args[2:]); err != nil {
					fmt.Fprintf(os.Stderr, "%s: %v\n", s.name, err)
					os.Exit(1)
				}
				return
			}
		}
	}
	fmt.Fprintln(os.Stderr, "usage: go run ./internal/build <step> [arguments]")
	for _, s := range steps {
		fmt.Fprintf(os.Stderr, "  %-10s %s\n", s.name, s.about)
	}
	os.Exit(2)
}

// command prepares a command whose output goes where ours goes.
func command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd
}

// output runs a command and returns what it prints, without the line's end.
func output(ctx context.Context, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(out)), nil
}

// jsEnv is our environment with the browser as the target.
func jsEnv() []string { return append(os.Environ(), "GOOS=js", "GOARCH=wasm") }
