// Command cmd runs the benchmarks of slate, natively and as WebAssembly, and those of its JavaScript peers in turns, so
// that all meet the same machine at the same time. It prints Markdown tables of medians and ratios.
//
//	go run ./bench/cmd [-rounds 5] [-time 300ms] [-run Dispatch] [-date 2026-01-31]
//
// A run of all benchmarks in at least three rounds also writes them to docs/benchmarks.md. It needs node and npm, and
// installs the pinned packages of bench/js on first use.
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
	"strings"
	"time"
)

// options are the flags of the command.
type options struct {
	rounds int
	sample time.Duration
	only   string
	date   string
}

// worthKeeping reports whether a run says enough to be written down.
func (o options) worthKeeping() bool { return o.only == "" && o.rounds >= 3 }

func main() {
	var opts options
	flag.IntVar(&opts.rounds, "rounds", 5, "how often each benchmark runs on each side")
	flag.DurationVar(&opts.sample, "time", 300*time.Millisecond, "how long each run measures, after a warm-up of the same length")
	flag.StringVar(&opts.only, "run", "", "run only the benchmarks whose name contains this")
	flag.StringVar(&opts.date, "date", "", "the day to name in the tables")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, opts); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, opts options) error {
	root, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return fmt.Errorf("finding the module: %w", err)
	}
	dir := strings.TrimSpace(string(root))
	sides, clean, err := prepare(ctx, filepath.Join(dir, "bench"), opts.sample)
	defer clean()
	if err != nil {
		return err
	}
	where, err := machine(ctx, filepath.Join(dir, "bench", "js"))
	if err != nil {
		return err
	}
	r, err := take(ctx, os.Stderr, sides, opts)
	if err != nil {
		return err
	}
	tables := r.render(where, opts)
	if _, err := io.WriteString(out, tables); err != nil || !opts.worthKeeping() {
		return err
	}
	return rewrite(filepath.Join(dir, "docs", "benchmarks.md"), tables)
}

// take runs the benchmarks, each side in its turn, and reports its progress.
func take(ctx context.Context, progress io.Writer, sides []side, opts options) (results, error) {
	if opts.rounds < 1 {
		return nil, errors.New("-rounds must be at least 1")
	}
	r := results{}
	for round := range opts.rounds {
		for _, c := range cases {
			if !strings.Contains(c.name, opts.only) {
				continue
			}
			for _, s := range sides {
				if !s.has(c.name) {
					continue
				}
				ns, err := s.measure(ctx, c.name)
				if err != nil {
					return nil, fmt.Errorf("%s of %s: %w", c.name, s.name, err)
				}
				r.add(c.name, s.name, ns)
			}
			fmt.Fprintf(progress, "round %d of %d: %s\n", round+1, opts.rounds, c.name)
		}
	}
	if len(r) == 0 {
		return nil, fmt.Errorf("no benchmark's name contains %q", opts.only)
	}
	return r, nil
}
