// Tui shows the to-do list of examples/todos as a full screen of Bubble Tea: the slices, selectors and thunk that the
// program examples/plain uses line by line.
//
//	$ go run . -file todos.json
//
// What the list is, is in the store; where the cursor stands and what is half typed is nobody else's business and stays in
// the model. The list is saved with the key s, and when the program ends.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"

	tea "charm.land/bubbletea/v2"

	"slate/examples/todos"
	"slate/store"
)

func main() {
	file := flag.String("file", "todos.json", "where the list is kept")
	flag.Parse()
	if err := run(context.Background(), *file); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run shows the list until the person quits or ctx ends.
func run(ctx context.Context, file string, opts ...tea.ProgramOption) error {
	st, err := todos.Load(file)
	if err != nil {
		return err
	}
	opts = append([]tea.ProgramOption{tea.WithContext(ctx)}, opts...)
	_, err = tea.NewProgram(newModel(ctx, st, file), opts...).Run()
	if _, unsaved := todos.Save.Run(context.WithoutCancel(ctx), st, file); !errors.Is(unsaved, store.ErrSkipped) {
		err = errors.Join(err, unsaved)
	}
	return errors.Join(err, st.Close())
}
