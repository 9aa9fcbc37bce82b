package main

import (
	"fmt"
	"os"
	"strings"
)

func Example() {
	input := "+ 5\n- 2\n+ 0\nundo\nundo\ntimes 3\nundo\nundo\n"
	if err := run(strings.NewReader(input), os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// now 5
	// now 3
	// now 5
	// "times 3" is none of + N, - N and undo
	// now 0
}
