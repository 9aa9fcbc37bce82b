// Package docs checks that what the documentation shows is what compiles.
package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

// Every Go block of the README is a whole file of the examples.
func TestReadmeShowsFilesThatCompile(t *testing.T) {
	readme := read(t, "README.md")
	blocks := goBlocks(readme)
	files := []string{"examples/first/main.go", "examples/tour/notes.go", "examples/tour/notes_test.go"}
	if len(blocks) != len(files) {
		t.Fatalf("%d Go blocks in the README, want %d", len(blocks), len(files))
	}
	for i, file := range files {
		if blocks[i] != read(t, file) {
			t.Errorf("Go block %d of the README differs from %s: copy the file over it", i+1, file)
		}
	}
}

// Every Go block of the page for Redux programmers is part of a file of its examples, which the tests compile and run. A block
// may be indented less than what it shows.
func TestFromReduxShowsCodeThatCompiles(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(root, "examples", "fromredux", "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var code [][]string
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		code = append(code, strings.Split(string(data), "\n"))
	}
	page := read(t, "docs/from-redux.md")
	blocks := goBlocks(page)
	if len(blocks) == 0 {
		t.Fatal("no Go block in docs/from-redux.md")
	}
	for _, block := range blocks {
		lines := strings.Split(strings.TrimSuffix(block, "\n"), "\n")
		if !slices.ContainsFunc(code, func(file []string) bool { return shows(lines, file) }) {
			t.Errorf("docs/from-redux.md shows code that is not in examples/fromredux; copy it from there:\n%s", block)
		}
	}
}

func TestShows(t *testing.T) {
	file := strings.Split("package p\n\nfunc f() {\n\tif x {\n\t\ty()\n\n\t\tz()\n\t}\n}", "\n")
	for _, tc := range []struct {
		block string
		want  bool
	}{
		{"func f() {\n\tif x {", true},
		{"if x {\n\ty()\n\n\tz()\n}", true},
		{"\tif x {\n\t\ty()", true},
		{"y()\n\nz()", true},
		{"y()\nz()", false},
		{"if x {\n\t\ty()", false}, // indented by one and by none
		{"\t\tif x {\n\t\t\ty()", false},
		{"if", false},
		{"z()\n\t}\n}\n}", false},
		{"", false},
	} {
		if got := shows(strings.Split(tc.block, "\n"), file); got != tc.want {
			t.Errorf("%q: %v, want %v", tc.block, got, tc.want)
		}
	}
}

// shows reports whether the lines stand in the file one after the other, all of them indented by as many tabs more.
func shows(lines, file []string) bool {
	if strings.TrimSpace(strings.Join(lines, "")) == "" {
		return false
	}
	for at := range len(file) - len(lines) + 1 {
		indent, ok := strings.CutSuffix(file[at], lines[0])
		if !ok || strings.Trim(indent, "\t") != "" {
			continue
		}
		same := func(shown, there string) bool { return there == shown && there == "" || there == indent+shown }
		if slices.EqualFunc(lines, file[at:at+len(lines)], same) {
			return true
		}
	}
	return false
}

// Every relative link of the documentation leads somewhere.
func TestLinks(t *testing.T) {
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range []string{"README.md", "CONTRIBUTING.md", "examples/README.md"} {
		pages = append(pages, filepath.Join(root, page))
	}
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		prose := regexp.MustCompile("(?s)```.*?```|`[^`\n]*`").ReplaceAllString(string(text), "")
		headings := anchors(string(text))
		for _, m := range regexp.MustCompile(`\]\(#([^)]+)\)`).FindAllStringSubmatch(prose, -1) {
			if !slices.Contains(headings, m[1]) {
				t.Errorf("%s links to #%s, and has no such heading", page, m[1])
			}
		}
		for _, m := range regexp.MustCompile(`\]\(([^)#]+)[^)]*\)`).FindAllStringSubmatch(prose, -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), m[1])); err != nil {
				t.Errorf("%s links to %s, which is not there", page, m[1])
			}
		}
	}
}

// anchors returns the names of a page's headings in links.
func anchors(page string) (names []string) {
	for _, m := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(page, -1) {
		name := regexp.MustCompile(`[^\pL\pN -]`).ReplaceAllString(strings.ToLower(m[1]), "")
		names = append(names, strings.ReplaceAll(name, " ", "-"))
	}
	return names
}

// goBlocks returns what stands in a page's Go blocks.
func goBlocks(page string) (blocks []string) {
	for _, m := range regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(page, -1) {
		blocks = append(blocks, m[1])
	}
	return blocks
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
