package main

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	var out strings.Builder
	if err := run(t.Context(), &out, 8, 1000); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if n := len(lines); n < 2 || lines[n-2] != "100 %" || lines[n-1] != "sum of the results: 332833500" {
		t.Fatalf("the end is %q", lines[max(0, len(lines)-2):])
	}
	last := -1
	for _, line := range lines[:len(lines)-1] {
		percent, err := strconv.Atoi(strings.TrimSuffix(line, " %"))
		if err != nil || percent <= last {
			t.Errorf("%q after %d %%", line, last)
		}
		last = percent
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := run(ctx, io.Discard, 2, 1000); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}
