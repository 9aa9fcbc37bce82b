//go:build jsclient

package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// A short run of the real thing: all sides build, run and print what the tables need.
func TestRun(t *testing.T) {
	var out bytes.Buffer
	if err := run(t.Context(), &out, options{rounds: 1, sample: 50 * time.Millisecond, only: "Dispatch/slices=1/"}); err != nil {
		t.Fatal(err)
	}
	for row := range strings.Lines(out.String()) {
		if strings.HasPrefix(row, "| dispatch, 1 slice") && strings.Contains(row, "–") {
			t.Errorf("a side has no result: %s", row)
		}
	}
	if got := strings.Count(out.String(), "| dispatch, 1 slice"); got != 2 {
		t.Errorf("%d rows of the benchmark, want one in each table:\n%s", got, &out)
	}
}

// Redux Toolkit is the peer that the targets are set against: it has every benchmark, under the same name.
func TestToolkitHasAll(t *testing.T) {
	sides, err := prepareJS(t.Context(), "../js", time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, c := range cases {
		known[c.name] = true
		if !sides[0].has(c.name) {
			t.Errorf("%s lacks %s", sides[0].name, c.name)
		}
	}
	for _, s := range sides {
		for name := range s.only {
			if !known[name] {
				t.Errorf("%s has %s, which no table shows", s.name, name)
			}
		}
	}
}
