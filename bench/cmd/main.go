// Command cmd runs the benchmarks of slate and of Redux Toolkit in turns, so that both meet the same machine at the same
// time, and prints a Markdown table of medians and ratios.
//
//	go run ./bench/cmd [-rounds 5] [-time 300ms] [-run Dispatch]
//
// It needs node and npm, and installs the pinned packages of bench/js on first use.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// cases are the benchmarks that both sides have, in the order of the table.
var cases = []struct{ name, title string }{
	{"Dispatch/slices=1/subs=1/same", "dispatch, 1 slice, 1 subscriber"},
	{"Dispatch/slices=50/subs=1/same", "dispatch, 50 slices, 1 subscriber"},
	{"Dispatch/slices=1/subs=10000/same", "dispatch, 1 slice, 10,000 subscribers, all called"},
	{"Dispatch/slices=50/subs=10000/same", "dispatch, 50 slices, 10,000 subscribers, all called"},
	{"Dispatch/slices=50/subs=10000/other", "dispatch, 50 slices, 10,000 subscribers of the other slices"},
	{"Selector/hit", "selector of 2 inputs, hit"},
	{"Invalidate/entries=100", "invalidate and refetch 1 of 100 subscribed entries"},
	{"Invalidate/entries=10000", "invalidate and refetch 1 of 10,000 subscribed entries"},
}

func main() {
	rounds := flag.Int("rounds", 5, "how often each benchmark runs on each side")
	sample := flag.Duration("time", 300*time.Millisecond, "how long each run measures")
	only := flag.String("run", "", "run only the benchmarks whose name contains this")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, *rounds, *sample, *only); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// side is one of the two that are compared: how to run one of its benchmarks.
type side struct {
	name    string
	command func(benchmark string) []string
}

func run(ctx context.Context, out io.Writer, rounds int, sample time.Duration, only string) error {
	if rounds < 1 {
		return errors.New("-rounds must be at least 1")
	}
	sides, clean, err := prepare(ctx, sample)
	defer clean()
	if err != nil {
		return err
	}
	results := map[string][2][]float64{} // by benchmark: ns/op of each round, for each side
	for round := range rounds {
		for _, c := range cases {
			if !strings.Contains(c.name, only) {
				continue
			}
			for i, s := range sides {
				ns, err := measure(ctx, s.command(c.name))
				if err != nil {
					return fmt.Errorf("%s of %s: %w", c.name, s.name, err)
				}
				r := results[c.name]
				r[i] = append(r[i], ns)
				results[c.name] = r
			}
			fmt.Fprintf(os.Stderr, "round %d of %d: %s\n", round+1, rounds, c.name)
		}
	}
	if len(results) == 0 {
		return fmt.Errorf("no benchmark's name contains %q", only)
	}
	node, err := exec.CommandContext(ctx, "node", "--version").Output()
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s %s/%s, node %s; median of %d runs each, taken in turns (± half the range, in percent).\n\n",
		runtime.Version(), runtime.GOOS, runtime.GOARCH, strings.TrimSpace(string(node)), rounds)
	fmt.Fprintf(out, "| | %s | %s | ratio |\n|---|---:|---:|---:|\n", sides[0].name, sides[1].name)
	for _, c := range cases {
		if r, ok := results[c.name]; ok {
			fmt.Fprintf(out, "| %s | %s | %s | %.1f× |\n", c.title, show(r[0]), show(r[1]), median(r[1])/median(r[0]))
		}
	}
	return nil
}

// prepare builds both sides. Clean removes what it left outside the module.
func prepare(ctx context.Context, sample time.Duration) (sides [2]side, clean func(), err error) {
	clean = func() {}
	root, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return sides, clean, fmt.Errorf("finding the module: %w", err)
	}
	dir := filepath.Join(strings.TrimSpace(string(root)), "bench")
	js := filepath.Join(dir, "js")
	if _, err := os.Stat(filepath.Join(js, "node_modules", "@reduxjs", "toolkit")); err != nil {
		if err := do(ctx, js, "npm", "ci", "--no-fund", "--no-audit"); err != nil {
			return sides, clean, err
		}
	}
	if err := do(ctx, js, "npm", "run", "--silent", "build"); err != nil {
		return sides, clean, err
	}
	tmp, err := os.MkdirTemp("", "slate-bench")
	if err != nil {
		return sides, clean, err
	}
	clean = func() { _ = os.RemoveAll(tmp) }
	binary := filepath.Join(tmp, "bench.test")
	if err := do(ctx, dir, "go", "test", "-c", "-o", binary, "."); err != nil {
		return sides, clean, err
	}
	return [2]side{
		{"slate", func(benchmark string) []string {
			pattern := "^Benchmark" + strings.ReplaceAll(benchmark, "/", "$/^") + "$"
			return []string{binary, "-test.run=^$", "-test.bench=" + pattern, "-test.benchtime=" + sample.String()}
		}},
		{"Redux Toolkit", func(benchmark string) []string {
			bundle := filepath.Join(js, "node_modules", ".bench", "bench.mjs")
			return []string{"node", bundle, benchmark, strconv.FormatInt(sample.Milliseconds(), 10)}
		}},
	}, clean, nil
}

func do(ctx context.Context, dir, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, out)
	}
	return nil
}

// measure runs a command that prints one line in the format of Go's benchmarks, and returns its ns/op.
func measure(ctx context.Context, command []string) (float64, error) {
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Env = append(os.Environ(), "NODE_ENV=production")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return 0, err
	}
	return parse(string(out))
}

// parse finds the figure in "BenchmarkName  1000  123.4 ns/op".
func parse(out string) (float64, error) {
	for line := range strings.Lines(out) {
		if fields := strings.Fields(line); len(fields) >= 4 && strings.HasPrefix(fields[0], "Benchmark") && fields[3] == "ns/op" {
			return strconv.ParseFloat(fields[2], 64)
		}
	}
	return 0, fmt.Errorf("no result in %q", out)
}

func median(xs []float64) float64 {
	s := slices.Sorted(slices.Values(xs))
	if n := len(s); n%2 == 0 {
		return (s[n/2-1] + s[n/2]) / 2
	}
	return s[len(s)/2]
}

// show prints a median with its unit, and the spread of the rounds.
func show(xs []float64) string {
	m := median(xs)
	spread := 50 * (slices.Max(xs) - slices.Min(xs)) / m
	value, unit := m, "ns"
	switch {
	case m >= 1e6:
		value, unit = m/1e6, "ms"
	case m >= 1e3:
		value, unit = m/1e3, "µs"
	}
	return fmt.Sprintf("%.3g %s ±%.0f %%", value, unit, spread)
}
