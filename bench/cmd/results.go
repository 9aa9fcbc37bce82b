package main

import (
	"fmt"
	"slices"
	"strings"
)

// results are the ns/op of each round, by benchmark and side.
type results map[string]map[string][]float64

func (r results) add(benchmark, side string, ns float64) {
	if r[benchmark] == nil {
		r[benchmark] = map[string][]float64{}
	}
	r[benchmark][side] = append(r[benchmark][side], ns)
}

// ratio is how many times faster one side was than the other: the median of the rounds' ratios, since what ran in one round
// met the same load. It is false where one of the sides does not have the benchmark.
func (r results) ratio(benchmark, fast, slow string) (float64, bool) {
	f, s := r[benchmark][fast], r[benchmark][slow]
	if len(f) == 0 || len(s) == 0 {
		return 0, false
	}
	ratios := make([]float64, min(len(f), len(s)))
	for i := range ratios {
		ratios[i] = s[i] / f[i]
	}
	return median(ratios), true
}

// render returns the tables as Markdown: times, then ratios with the targets. The first line names the machine.
func (r results) render(machine string, opts options) string {
	var b strings.Builder
	b.WriteString(machine)
	if opts.date != "" {
		fmt.Fprintf(&b, "; %s", opts.date)
	}
	fmt.Fprintf(&b, ".\n\nRounds: %d, of %v for each cell after as much of warm-up, all sides in turns. Median ± half the range.\n\n",
		opts.rounds, opts.sample)
	r.writeTimes(&b)
	b.WriteString("\nHow many times faster Go is, the median of the rounds; below 1× it is slower. Targets are against Redux Toolkit.\n\n")
	r.writeRatios(&b)
	return b.String()
}

func (r results) writeTimes(b *strings.Builder) {
	sides := []string{native, wasm, toolkit, redux, zustand}
	fmt.Fprintf(b, "| | %s |\n|---|%s\n", strings.Join(sides, " | "), strings.Repeat("---:|", len(sides)))
	for _, c := range cases {
		if r[c.name] == nil {
			continue
		}
		fmt.Fprintf(b, "| %s |", c.title)
		for _, s := range sides {
			fmt.Fprintf(b, " %s |", show(r[c.name][s]))
		}
		b.WriteString("\n")
	}
}

func (r results) writeRatios(b *strings.Builder) {
	b.WriteString("| | Redux Toolkit | target | | Redux Toolkit, as WebAssembly | target | | redux | zustand |\n" +
		"|---|---:|---:|---|---:|---:|---|---:|---:|\n")
	for _, c := range cases {
		if r[c.name] == nil {
			continue
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s |\n", c.title,
			r.judge(c.name, native, c.target), r.judge(c.name, wasm, 1), r.against(c.name, redux), r.against(c.name, zustand))
	}
}

// judge returns three cells: the ratio of a side to Redux Toolkit, the target and whether it is met.
func (r results) judge(benchmark, fast string, target float64) string {
	ratio, ok := r.ratio(benchmark, fast, toolkit)
	switch {
	case !ok || target == 0:
		return showRatio(ratio, ok) + " | | "
	case ratio < target:
		return fmt.Sprintf("%s | %g× | **not met**", showRatio(ratio, ok), target)
	}
	return fmt.Sprintf("%s | %g× | met", showRatio(ratio, ok), target)
}

func (r results) against(benchmark, peer string) string {
	return showRatio(r.ratio(benchmark, native, peer))
}

func showRatio(ratio float64, ok bool) string {
	switch {
	case !ok:
		return "–"
	case ratio < 0.95:
		return fmt.Sprintf("%.2f×", ratio)
	case ratio < 100:
		return fmt.Sprintf("%.1f×", ratio)
	}
	return fmt.Sprintf("%.0f×", ratio)
}

func median(xs []float64) float64 {
	s := slices.Sorted(slices.Values(xs))
	if n := len(s); n%2 == 0 {
		return (s[n/2-1] + s[n/2]) / 2
	}
	return s[len(s)/2]
}

// show prints a median with its unit, and the spread of the rounds in percent.
func show(xs []float64) string {
	if len(xs) == 0 {
		return "–"
	}
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
