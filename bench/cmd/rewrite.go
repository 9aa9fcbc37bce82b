package main

import (
	"fmt"
	"os"
	"strings"
)

// What the command writes in a document stands between these lines.
const (
	begin = "<!-- made by: make bench -->\n"
	end   = "<!-- end of what make bench made -->\n"
)

// rewrite puts the text between the marks of a document.
func rewrite(path, text string) error {
	old, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(old), begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		return fmt.Errorf("%s lacks the lines %q and %q, between which the tables stand", path, begin, end)
	}
	return os.WriteFile(path, []byte(before+begin+text+end+after), 0o644)
}
