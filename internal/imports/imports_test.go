//go:build !js

package imports_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "slate"

// rule says what the packages of a folder may and must not use, tests left aside.
type rule struct {
	from    string   // the folder, with all that is below it
	except  []string // folders below it that have rules of their own
	ours    []string // which of our packages they may import, beside their own folder; "x/..." is x and all below it
	foreign []string // which modules they must not import, not even through others
}

const goApp = "github.com/maxence-charriere/go-app/v9"

var rules = []rule{
	{from: "store", except: []string{"store/entity", "store/listen", "store/persist", "store/devtools", "store/history", "store/storetest", "store/query"}, foreign: []string{goApp}},
	{from: "store/entity", ours: []string{"store", "store/internal/..."}, foreign: []string{goApp}},
	{from: "store/listen", ours: []string{"store", "store/internal/..."}, foreign: []string{goApp}},
	{from: "store/persist", ours: []string{"store", "store/internal/..."}, foreign: []string{goApp}},
	{from: "store/devtools", ours: []string{"store", "store/internal/..."}, foreign: []string{goApp}},
	{from: "store/history", ours: []string{"store"}, foreign: []string{goApp}},
	{from: "store/storetest", ours: []string{"store"}, foreign: []string{goApp}},
	{from: "store/query", ours: []string{"store", "store/internal/..."}, foreign: []string{goApp}},
	{from: "medtech", foreign: []string{goApp}},
	{from: "slices", ours: []string{"store/...", "medtech/..."}, foreign: []string{goApp}},
	{from: "queries", ours: []string{"store/...", "medtech/...", "slices/..."}, foreign: []string{goApp}},
	{from: "backend", ours: []string{"medtech/..."}, foreign: []string{goApp}},
	{from: "app", ours: []string{"store/...", "medtech/...", "slices/...", "queries/...", "web/..."}},
}

// notInTheBrowser are packages that the browser's program must not link: each costs more than all of ours. go-app imports
// them for its server, of which the linker leaves nothing over as long as nobody else uses them.
var notInTheBrowser = []string{"net/http", "text/template", "html/template"}

// tracesInTheBrowser are functions that are linked where one of these packages is used and not merely imported.
var tracesInTheBrowser = []string{"net/http.(*Transport).", "net/http.(*Server).", "text/template.(*state).", "html/template.(*escaper)."}

type pkg struct {
	ImportPath string
	Standard   bool
	Imports    []string
	Deps       []string
}

func TestImportsPointOneWay(t *testing.T) {
	for _, goos := range []string{"", "js"} {
		name := goos
		if name == "" {
			name = "native"
		}
		t.Run(name, func(t *testing.T) {
			for _, p := range list(t, goos, "./...") {
				r, ok := ruleFor(p.ImportPath)
				if !ok {
					continue
				}
				for _, imported := range p.Imports {
					if folder, ours := strings.CutPrefix(imported, module+"/"); ours && !allowed(r, folder) {
						t.Errorf("%s imports %s; what is in %s may import only %v of ours", p.ImportPath, imported, r.from, r.ours)
					}
				}
				for _, dep := range p.Deps {
					for _, foreign := range r.foreign {
						if within(dep, foreign) {
							t.Errorf("%s depends on %s", p.ImportPath, dep)
						}
					}
				}
			}
		})
	}
}

func TestRules(t *testing.T) {
	for _, tc := range []struct {
		from, to string
		want     bool
	}{
		{"store", "store/internal/errjson", true},
		{"store", "store/query", false},
		{"store", "medtech", false},
		{"store/query", "store", true},
		{"store/query/httpquery", "store/query", true},
		{"store/query", "store/internal/pmap", true},
		{"store/query", "slices/currentuser", false},
		{"store/persist", "store/query", false},
		{"slices/petra", "store/query", true},
		{"slices/petra", "slices/currentuser", true},
		{"slices/petra", "queries", false},
		{"queries", "slices/petra", true},
		{"queries", "app", false},
		{"medtech", "store", false},
		{"backend/docstore", "medtech", true},
		{"backend", "store", false},
		{"app/bind", "store/query", true},
		{"app/bind", "backend", false},
	} {
		r, ok := ruleFor(module + "/" + tc.from)
		if !ok || allowed(r, tc.to) != tc.want {
			t.Errorf("%s imports %s: allowed %v, want %v", tc.from, tc.to, !tc.want, tc.want)
		}
	}
}

// ruleFor returns the rule of the longest folder that holds the package.
func ruleFor(path string) (best rule, ok bool) {
	folder := strings.TrimPrefix(path, module+"/")
	for _, r := range rules {
		if within(folder, r.from) && (!ok || len(r.from) > len(best.from)) {
			best, ok = r, true
		}
	}
	return best, ok
}

func allowed(r rule, folder string) bool {
	if within(folder, r.from) {
		return !slices.ContainsFunc(r.except, func(e string) bool { return within(folder, e) })
	}
	return slices.ContainsFunc(r.ours, func(o string) bool {
		below, all := strings.CutSuffix(o, "/...")
		return folder == o || all && within(folder, below)
	})
}

func within(path, folder string) bool { return path == folder || strings.HasPrefix(path, folder+"/") }

func TestTheBrowsersProgramImportsNothingBig(t *testing.T) {
	for _, p := range list(t, "js", "-deps", ".") {
		if p.Standard || within(p.ImportPath, goApp) {
			continue
		}
		for _, imported := range p.Imports {
			if slices.Contains(notInTheBrowser, imported) {
				t.Errorf("%s, which the browser's program links, imports %s", p.ImportPath, imported)
			}
		}
	}
}

func TestTheBrowsersProgramLinksNothingBig(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "app.wasm")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", binary, ".")
	cmd.Dir = moduleRoot(t)
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("building the browser's program: %v\n%s", err, out)
	}
	program, err := os.ReadFile(binary)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(program, []byte("main.main")) {
		t.Fatal("the program has no function names to look for")
	}
	for _, trace := range tracesInTheBrowser {
		if bytes.Contains(program, []byte(trace)) {
			t.Errorf("the browser's program links %s…", trace)
		}
	}
}

// TestJavaScriptStaysInItsFiles checks that syscall/js is imported only where the file's name says so. The exceptions are
// the browser's main and the binding to go-app, whose files carry the build tag js.
func TestJavaScriptStaysInItsFiles(t *testing.T) {
	root := moduleRoot(t)
	checked := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name := d.Name(); path != root && (strings.HasPrefix(name, ".") || name == "node_modules" || name == "testdata" || name == "build" && filepath.Dir(path) == root) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			return nil // somebody is typing; the compiler will say
		}
		checked++
		rel := filepath.ToSlash(strings.TrimPrefix(path, root+string(filepath.Separator)))
		for _, imp := range f.Imports {
			if imp.Path.Value != `"syscall/js"` {
				continue
			}
			base := strings.TrimSuffix(strings.TrimSuffix(rel, ".go"), "_test")
			free := rel == "wasm.go" || within(rel, "app")
			tagged := slices.ContainsFunc(f.Comments, func(g *ast.CommentGroup) bool {
				return slices.ContainsFunc(g.List, func(c *ast.Comment) bool { return onlyJS(c.Text) })
			})
			if !strings.HasSuffix(base, "_js") && !strings.HasSuffix(base, "_js_wasm") && !(free && tagged) {
				t.Errorf("%s imports syscall/js; put it in a file whose name ends in _js.go", rel)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if checked == 0 {
		t.Fatal("no Go file was found")
	}
}

// onlyJS reports whether a comment is a build line that holds for js and not for another system.
func onlyJS(line string) bool {
	expr, err := constraint.Parse(line)
	if err != nil {
		return false
	}
	on := func(os string) bool {
		return expr.Eval(func(tag string) bool { return tag == os || os == "js" && tag == "wasm" })
	}
	return on("js") && !on("linux")
}

func list(t *testing.T, goos string, args ...string) []pkg {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"list", "-e", "-json=ImportPath,Standard,Imports,Deps"}, args...)...)
	cmd.Dir = moduleRoot(t)
	cmd.Env = os.Environ()
	if goos == "js" {
		cmd.Env = append(cmd.Env, "GOOS=js", "GOARCH=wasm")
	}
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var pkgs []pkg
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		pkgs = append(pkgs, p)
	}
	if len(pkgs) == 0 {
		t.Fatalf("go list %v found nothing", args)
	}
	return pkgs
}

func moduleRoot(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	return root
}
