// Counter is a terminal program on slate/store: each line of the input is a command, each change is printed.
//
//	$ go run ./examples/counter
//	+ 5
//	now 5
//	undo
//	now 0
package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"slate/store"
)

// Counter is the state: the present value and those before it.
type Counter struct {
	N    int
	Past []int
}

var (
	Slice = store.NewSlice("counter", Counter{})

	// Add changes the value by so much.
	Add = store.Case(Slice, "add", func(c Counter, by int) Counter {
		return Counter{N: c.N + by, Past: append(slices.Clone(c.Past), c.N)}
	})

	// Undo takes the last change back.
	Undo = store.CaseSignal(Slice, "undo", func(c Counter) Counter {
		if len(c.Past) == 0 {
			return c
		}
		last := len(c.Past) - 1
		return Counter{N: c.Past[last], Past: c.Past[:last:last]}
	})

	// N is the present value.
	N = store.Select(Slice, func(c Counter) int { return c.N })
)

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run obeys the commands of in until it ends.
func run(in io.Reader, out io.Writer) error {
	st, err := store.New(store.Options{}, Slice)
	if err != nil {
		return err
	}
	defer st.Close()
	store.Subscribe(context.Background(), st, N, func(n int) { fmt.Fprintln(out, "now", n) })

	lines := bufio.NewScanner(in)
	for lines.Scan() {
		action, err := parse(lines.Text())
		if err != nil {
			fmt.Fprintln(out, err)
			continue
		}
		if err := st.Dispatch(action); err != nil {
			return err
		}
	}
	return lines.Err()
}

// parse reads "+ 5", "- 2" or "undo".
func parse(line string) (store.Action, error) {
	verb, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	if verb == "undo" {
		return Undo(), nil
	}
	by, err := strconv.Atoi(strings.TrimSpace(rest))
	switch {
	case err == nil && verb == "+":
		return Add(by), nil
	case err == nil && verb == "-":
		return Add(-by), nil
	}
	return store.Action{}, fmt.Errorf("%q is none of + N, - N and undo", line)
}
