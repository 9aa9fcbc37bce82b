package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for out, want := range map[string]float64{
		"goos: linux\nBenchmarkSelector/hit-2   \t 3727285\t        32.93 ns/op\nPASS\n": 32.93,
		"BenchmarkInvalidate/entries=100\t565\t550108.68 ns/op\n":                        550108.68,
		"BenchmarkX 10 30 ns/op 8 B/op\nBenchmarkX 20 25 ns/op 8 B/op\nPASS\n":           25, // the first warmed up
	} {
		if got, err := parse(out); err != nil || got != want {
			t.Errorf("parse(%q) = %v, %v; want %v", out, got, err, want)
		}
	}
	for _, out := range []string{"", "PASS\n", "BenchmarkX 1 2 B/op\n", "BenchmarkX 1 x ns/op\n"} {
		if got, err := parse(out); err == nil {
			t.Errorf("parse(%q) = %v", out, got)
		}
	}
}

func TestShow(t *testing.T) {
	for _, tc := range []struct {
		rounds []float64
		want   string
	}{
		{nil, "–"},
		{[]float64{10}, "10 ns ±0 %"},
		{[]float64{1100, 900, 1000}, "1 µs ±10 %"},
		{[]float64{2e6, 1e6}, "1.5 ms ±33 %"},
	} {
		if got := show(tc.rounds); got != tc.want {
			t.Errorf("show(%v) = %q, want %q", tc.rounds, got, tc.want)
		}
	}
}

func TestShowRatio(t *testing.T) {
	for ratio, want := range map[float64]string{0.5: "0.50×", 1: "1.0×", 2.44: "2.4×", 1234.5: "1234×"} {
		if got := showRatio(ratio, true); got != want {
			t.Errorf("showRatio(%v) = %q, want %q", ratio, got, want)
		}
	}
	if got := showRatio(0, false); got != "–" {
		t.Errorf("a ratio that is not known reads %q", got)
	}
}

func TestRatio(t *testing.T) {
	r := results{}
	for _, round := range []struct{ fast, slow float64 }{{10, 100}, {100, 900}, {10, 110}} { // the second one met a busy machine
		r.add("Thunk/run", native, round.fast)
		r.add("Thunk/run", toolkit, round.slow)
	}
	if got, ok := r.ratio("Thunk/run", native, toolkit); !ok || got != 10 {
		t.Errorf("the ratio is %v, %v; want 10", got, ok)
	}
	if _, ok := r.ratio("Thunk/run", native, zustand); ok {
		t.Error("there is a ratio to a side without result")
	}
}

func TestTables(t *testing.T) {
	const one, fifty, thunk = "Dispatch/slices=1/subs=1/same", "Dispatch/slices=50/subs=1/same", "Thunk/run"
	r := results{}
	for _, m := range []struct {
		benchmark, side string
		ns              float64
	}{
		{one, native, 100}, {one, wasm, 2000}, {one, toolkit, 1000}, {one, redux, 300}, {one, zustand, 50},
		{fifty, native, 100}, {fifty, wasm, 400}, {fifty, toolkit, 1000},
		{thunk, native, 100}, {thunk, wasm, 400}, {thunk, toolkit, 1000},
	} {
		r.add(m.benchmark, m.side, m.ns)
	}
	got := r.render("A machine", options{rounds: 1, date: "2026-01-31"})
	for _, want := range []string{
		"A machine; 2026-01-31.\n",
		"| dispatch, 1 slice, 1 subscriber | 100 ns ±0 % | 2 µs ±0 % | 1 µs ±0 % | 300 ns ±0 % | 50 ns ±0 % |\n",
		"| dispatch, 1 slice, 1 subscriber | 10.0× | 5× | met | 0.50× | 1× | **not met** | 3.0× | 0.50× |\n",
		"| dispatch, 50 slices, 1 subscriber | 10.0× | 20× | **not met** | 2.5× | 1× | met | – | – |\n",
		"| asynchronous thunk, pending and fulfilled | 10.0× | |  | 2.5× | 1× | met | – | – |\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the tables lack %q:\n%s", want, got)
		}
	}
}

// Fake sides print a result each; what is tested is who is asked, and in which order.
func TestTurns(t *testing.T) {
	echo := func(name, ns string, only map[string]bool) side {
		return side{name, only, func(benchmark string) []string {
			return []string{"echo", "Benchmark" + benchmark + " 1 " + ns + " ns/op"}
		}}
	}
	sides := []side{echo(native, "10", nil), echo(toolkit, "50", map[string]bool{"Batch/actions=100": true})}
	var progress bytes.Buffer
	r, err := take(t.Context(), &progress, sides, options{rounds: 2, only: "a"})
	if err != nil {
		t.Fatal(err)
	}
	if got := r["Batch/actions=100"]; len(got[native]) != 2 || len(got[toolkit]) != 2 || got[toolkit][1] != 50 {
		t.Errorf("the results of a benchmark that both have are %v", got)
	}
	if got := r["Selector/args=1000"]; len(got[native]) != 2 || got[toolkit] != nil {
		t.Errorf("the results of a benchmark that one of them has are %v", got)
	}
	if got := strings.Count(progress.String(), "round 2 of 2"); got != len(r) {
		t.Errorf("the second round took %d benchmarks, want %d", got, len(r))
	}

	if _, err := take(t.Context(), io.Discard, sides, options{rounds: 1, only: "no such"}); err == nil {
		t.Error("a run of nothing succeeded")
	}
	if _, err := take(t.Context(), io.Discard, sides, options{}); err == nil {
		t.Error("no rounds succeeded")
	}
	silent := []side{{native, nil, func(string) []string { return []string{"echo", "PASS"} }}}
	if _, err := take(t.Context(), io.Discard, silent, options{rounds: 1}); err == nil {
		t.Error("a side without result succeeded")
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := take(ended, io.Discard, sides, options{rounds: 1}); err == nil {
		t.Error("a run that was ended succeeded")
	}
}

func TestWorthKeeping(t *testing.T) {
	for opts, want := range map[options]bool{{rounds: 3}: true, {rounds: 2}: false, {rounds: 5, only: "Batch"}: false} {
		if got := opts.worthKeeping(); got != want {
			t.Errorf("%+v: %v", opts, got)
		}
	}
}

func TestModel(t *testing.T) {
	if got := model("processor\t: 0\nmodel name\t: A Processor\nmodel name\t: Another\n"); got != "A Processor" {
		t.Errorf("the model is %q", got)
	}
	if got := model(""); got != "unknown processor" {
		t.Errorf("no model reads %q", got)
	}
}

func TestRewrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "doc.md")
	write := func(text string) {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("Before.\n" + begin + "old\n" + end + "After.\n")
	for range 2 { // the second time changes nothing
		if err := rewrite(path, "new\n"); err != nil {
			t.Fatal(err)
		}
	}
	if got, _ := os.ReadFile(path); string(got) != "Before.\n"+begin+"new\n"+end+"After.\n" {
		t.Errorf("the document is %q", got)
	}
	write("No marks.\n")
	if err := rewrite(path, "new\n"); err == nil {
		t.Error("a document without marks was rewritten")
	}
}
