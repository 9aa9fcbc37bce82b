package main

import "testing"

func TestParse(t *testing.T) {
	for out, want := range map[string]float64{
		"goos: linux\nBenchmarkSelector/hit-2   \t 3727285\t        32.93 ns/op\nPASS\n": 32.93,
		"BenchmarkInvalidate/entries=100\t565\t550108.68 ns/op\n":                        550108.68,
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
		{[]float64{10}, "10 ns ±0 %"},
		{[]float64{1100, 900, 1000}, "1 µs ±10 %"},
		{[]float64{2e6, 1e6}, "1.5 ms ±33 %"},
	} {
		if got := show(tc.rounds); got != tc.want {
			t.Errorf("show(%v) = %q, want %q", tc.rounds, got, tc.want)
		}
	}
}
