// Plain shows the to-do list of examples/todos in a terminal, line by line. Each line of the input is a command, and the
// list is printed after each change:
//
//	$ go run ./examples/plain
//	add buy tea
//	 1 [ ] buy tea
//	1 open, not saved
//	done 1
//	 1 [x] buy tea
//	0 open, not saved
//	save
//	…
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"slate/examples/todos"
	"slate/store"
)

const usage = "add TEXT, done N, rm N, sweep, undo, show all|open|done, save"

func main() {
	file := flag.String("file", "todos.json", "where the list is kept")
	flag.Parse()
	if err := run(context.Background(), *file, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run obeys the commands of in until it ends.
func run(ctx context.Context, file string, in io.Reader, out io.Writer) error {
	st, err := todos.Load(file)
	if err != nil {
		return err
	}
	defer st.Close()
	show(out, todos.Screen.Of(st.State()))
	store.Subscribe(ctx, st, todos.Screen, func(v todos.View) { show(out, v) })

	lines := bufio.NewScanner(in)
	for lines.Scan() {
		if strings.TrimSpace(lines.Text()) == "save" {
			// The list says why it could not be saved; a list that is saved already has nothing to say.
			_, _ = todos.Save.Run(ctx, st, file)
			continue
		}
		action, ok := parse(lines.Text())
		if !ok {
			fmt.Fprintln(out, usage)
			continue
		}
		if err := st.Dispatch(action); err != nil {
			return err
		}
	}
	return lines.Err()
}

func parse(line string) (_ store.Action, ok bool) {
	verb, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	id, err := strconv.Atoi(rest)
	numbered := err == nil
	switch {
	case verb == "add" && rest != "":
		return todos.Add(rest), true
	case verb == "done" && numbered:
		return todos.Toggle(id), true
	case verb == "rm" && numbered:
		return todos.Remove(id), true
	case verb == "sweep":
		return todos.RemoveDone(), true
	case verb == "undo":
		return todos.Undo(), true
	case verb == "show":
		at := slices.IndexFunc(todos.Filters, func(f todos.Filter) bool { return f.String() == rest })
		if at >= 0 {
			return todos.Show(todos.Filters[at]), true
		}
	}
	return store.Action{}, false
}

func show(out io.Writer, v todos.View) {
	for id, t := range v.Rows.All() {
		mark := " "
		if t.Done {
			mark = "x"
		}
		fmt.Fprintf(out, "%2d [%s] %s\n", id, mark, t.Text)
	}
	fmt.Fprintf(out, "%d open, %s\n", v.Open, v.Status)
}
