package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func Example() {
	dir, err := os.MkdirTemp("", "todos")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	input := "add buy tea\nadd drink it\ndone 1\nsweep\nundo\nshow open\nsave\nsave\nsing\n"
	if err := run(context.Background(), filepath.Join(dir, "todos.json"), strings.NewReader(input), os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 0 open, saved
	//  1 [ ] buy tea
	// 1 open, not saved
	//  1 [ ] buy tea
	//  2 [ ] drink it
	// 2 open, not saved
	//  1 [x] buy tea
	//  2 [ ] drink it
	// 1 open, not saved
	//  2 [ ] drink it
	// 1 open, not saved
	//  1 [x] buy tea
	//  2 [ ] drink it
	// 1 open, not saved
	//  2 [ ] drink it
	// 1 open, not saved
	//  2 [ ] drink it
	// 1 open, saving…
	//  2 [ ] drink it
	// 1 open, saved
	// add TEXT, done N, rm N, sweep, undo, show all|open|done, save
}

func TestParseRefuses(t *testing.T) {
	for _, line := range []string{"", "add", "done", "done x", "rm tea", "show", "show none", "sing a song"} {
		if a, ok := parse(line); ok {
			t.Errorf("%q is %v", line, a)
		}
	}
}
