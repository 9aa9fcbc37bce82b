package docs

import (
	"bufio"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The numbered rules that the store and the query engine answer for today: sections B.1 to B.7, B.10 and B.19 to B.25 of
// the contract.
func rules() (numbers []int) {
	for n := 1; n <= 449; n++ {
		if n <= 137 || 164 <= n && n <= 182 || n >= 353 {
			numbers = append(numbers, n)
		}
	}
	return numbers
}

var (
	testFunc   = regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	tableName  = regexp.MustCompile(`"((?:B\d+ )+)[^"]*"`)
	ruleNumber = regexp.MustCompile(`B(\d+)`)
	docRow     = regexp.MustCompile(`^\| (\d+) \| (.+) \|$`)
	docTest    = regexp.MustCompile("`(Test\\w+)`")
)

// pinned returns the tests whose names, or whose table entries, carry a number.
func pinned(t *testing.T) map[int][]string {
	var files []string
	err := filepath.WalkDir(filepath.Join(root, "store"), func(path string, d fs.DirEntry, err error) error {
		if d != nil && d.IsDir() && d.Name() == "node_modules" {
			return filepath.SkipDir
		}
		if strings.HasSuffix(path, "_test.go") {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	tests := map[int][]string{}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		starts := testFunc.FindAllSubmatchIndex(src, -1)
		for i, at := range starts {
			name := string(src[at[2]:at[3]])
			end := len(src)
			if i+1 < len(starts) {
				end = starts[i+1][0]
			}
			carried := ruleNumber.FindAllStringSubmatch(strings.TrimPrefix(name, "Test"), -1)
			for _, entry := range tableName.FindAllStringSubmatch(string(src[at[0]:end]), -1) {
				carried = append(carried, ruleNumber.FindAllStringSubmatch(entry[1], -1)...)
			}
			for _, c := range carried {
				if n, _ := strconv.Atoi(c[1]); !slices.Contains(tests[n], name) {
					tests[n] = append(tests[n], name)
				}
			}
		}
	}
	return tests
}

// docs/conformance.md says of every rule which test pins it, or why none does.
func TestTheListOfRulesIsComplete(t *testing.T) {
	file, err := os.Open(filepath.Join(root, "docs", "conformance.md"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	documented := map[int]string{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		row := docRow.FindStringSubmatch(lines.Text())
		if row == nil {
			continue
		}
		n, _ := strconv.Atoi(row[1])
		if documented[n] != "" {
			t.Errorf("rule %d is listed twice", n)
		}
		documented[n] = row[2]
	}
	tests := pinned(t)
	for _, n := range rules() {
		text := documented[n]
		delete(documented, n)
		var named []string
		for _, m := range docTest.FindAllStringSubmatch(text, -1) {
			named = append(named, m[1])
		}
		slices.Sort(named)
		slices.Sort(tests[n])
		switch {
		case text == "":
			t.Errorf("rule %d is not listed", n)
		case !slices.Equal(named, tests[n]):
			t.Errorf("rule %d: the list names %v, the tests that carry it are %v", n, named, tests[n])
		}
	}
	for n := range documented {
		t.Errorf("rule %d is listed and is not one of the contract", n)
	}
}
