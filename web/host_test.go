//go:build !js

package web_test

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"slate/internal/build/bundle"
	"slate/web"
)

type home struct{ app.Compo }

func (*home) Render() app.UI { return app.Main().Body(app.H1().Text("Home")) }

// register makes the routes that the tests ask for.
func register() {
	app.Route("/", &home{})
	app.Route("/account", &home{})
}

// program is long enough to be worth compressing.
var program = []byte("\x00asm" + strings.Repeat("a program for the browser ", 4000))

func newHost(t *testing.T, edit func(*web.Options)) *web.Host {
	t.Helper()
	dir := t.TempDir()
	if _, _, err := bundle.Write(dir, program, []byte("// the toolchain's glue\n"), 1); err != nil {
		t.Fatal(err)
	}
	opts := web.Options{Program: os.DirFS(dir)}
	if edit != nil {
		edit(&opts)
	}
	h, err := web.NewHost(opts)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// ask sends a request; headers are pairs of name and value.
func ask(t *testing.T, h http.Handler, method, target string, headers ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func get(t *testing.T, h http.Handler, target string, headers ...string) (*http.Response, string) {
	t.Helper()
	res := ask(t, h, http.MethodGet, target, headers...)
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

func programPath() string { return "/web/" + bundle.Name(program) }

func TestThePageCanBeZoomedAndNamesItsLanguage(t *testing.T) {
	_, page := get(t, newHost(t, func(o *web.Options) { o.Lang = "fr" }), "/")
	for _, want := range []string{
		`content="width=device-width, initial-scale=1, viewport-fit=cover"`,
		`<html lang="fr">`, "<noscript>", `id="app-wasm-loader-icon" alt=""`, `<script src="/web/shell.js" defer>`,
		`id="shell-progress"`, `id="shell-failure"`, "<h1>Home</h1>",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %s", want)
		}
	}
	for _, bad := range []string{"user-scalable", "maximum-scale"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page has %s", bad)
		}
	}
}

func TestNothingComesFromOtherHosts(t *testing.T) {
	h := newHost(t, nil)
	remote := regexp.MustCompile(`(?:src|href|content)="?(?:https?:)?//`)
	for _, path := range []string{"/", "/account", "/nowhere", "/manifest.webmanifest", "/app-worker.js", "/app.css"} {
		if _, body := get(t, h, path); remote.MatchString(body) || strings.Contains(body, "githubusercontent") {
			t.Errorf("%s names another host: %s", path, remote.FindString(body))
		}
	}
}

func TestEveryFileThePageAndTheWorkerNameIsThere(t *testing.T) {
	h := newHost(t, nil)
	_, page := get(t, h, "/")
	_, worker := get(t, h, "/app-worker.js")
	list := regexp.MustCompile(`const files = (\[.*\]);`).FindStringSubmatch(worker)
	if list == nil {
		t.Fatal("the worker has no list of files")
	}
	var paths []string
	if err := json.Unmarshal([]byte(list[1]), &paths); err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`(?:src|href)="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		paths = append(paths, m[1])
	}
	if len(paths) < 15 {
		t.Fatalf("only %d files found", len(paths))
	}
	for _, path := range paths {
		if res, _ := get(t, h, path); res.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d", path, res.StatusCode)
		}
	}
}

func TestTheWorkerKeepsAllStaticFiles(t *testing.T) {
	h := newHost(t, func(o *web.Options) { o.Static = overlay(t, web.Static(), "fonts/one.woff2", "font") })
	_, worker := get(t, h, "/app-worker.js")
	for _, path := range []string{"/web/fonts/one.woff2", "/web/icon-512.png", "/web/shell.js", "/web/styles.css"} {
		if !strings.Contains(worker, `"`+path+`"`) {
			t.Errorf("the worker does not keep %s", path)
		}
	}
}

func TestTheManifestMakesTheApplicationInstallable(t *testing.T) {
	h := newHost(t, func(o *web.Options) { o.Shortcuts = []web.Shortcut{{Name: "Doctors", URL: "/doctors"}} })
	res, body := get(t, h, "/manifest.webmanifest")
	if got := res.Header.Get("Content-Type"); got != "application/manifest+json" {
		t.Errorf("type %q", got)
	}
	var m struct {
		ID        string `json:"id"`
		StartURL  string `json:"start_url"`
		Display   string `json:"display"`
		Icons     []struct{ Src, Sizes, Purpose string }
		Shortcuts []web.Shortcut
	}
	if err := json.Unmarshal([]byte(body), &m); err != nil {
		t.Fatal(err)
	}
	if m.ID != "/" || m.StartURL != "/" || m.Display != "standalone" || len(m.Shortcuts) != 1 {
		t.Errorf("got %+v", m)
	}
	has := map[string]bool{}
	for _, icon := range m.Icons {
		has[icon.Sizes+icon.Purpose] = true
		if res, _ := get(t, h, icon.Src); res.StatusCode != http.StatusOK {
			t.Errorf("icon %s: status %d", icon.Src, res.StatusCode)
		}
	}
	for _, want := range []string{"any", "192x192", "512x512", "512x512maskable"} {
		if !has[want] {
			t.Errorf("no icon %s", want)
		}
	}
}

func TestTheVersionFollowsTheContent(t *testing.T) {
	with := func(name, body string) func(*web.Options) {
		return func(o *web.Options) { o.Static = overlay(t, web.Static(), name, body) }
	}
	base := newHost(t, nil).Version()
	if again := newHost(t, nil).Version(); again != base {
		t.Errorf("a restart is a new version: %s, then %s", base, again)
	}
	seen := map[string]string{base: "nothing changed"}
	for what, edit := range map[string]func(*web.Options){
		"style sheet":  with("styles.css", "body { color: red }"),
		"icon":         with("icon.svg", "<svg/>"),
		"new file":     with("new.txt", "new"),
		"environment":  func(o *web.Options) { o.Env = map[string]string{"A": "b"} },
		"name":         func(o *web.Options) { o.Name = "Other" },
		"worker":       func(o *web.Options) { o.Untouched = []string{"/api/"} },
		"policy":       func(o *web.Options) { o.ConnectTo = []string{"https://icure.example"} },
		"shortcuts":    func(o *web.Options) { o.Shortcuts = []web.Shortcut{{Name: "A", URL: "/a"}} },
		"language":     func(o *web.Options) { o.Lang = "de" },
		"other sheets": func(o *web.Options) { o.Styles = []string{"/web/shell.css"} },
	} {
		v := newHost(t, edit).Version()
		if before, ok := seen[v]; ok {
			t.Errorf("%s: the same version as for %s", what, before)
		}
		seen[v] = what
	}
}

func TestANewProgramIsANewVersion(t *testing.T) {
	dir := t.TempDir()
	version := func(program string) string {
		if _, _, err := bundle.Write(dir, []byte(program), []byte("// glue"), 1); err != nil {
			t.Fatal(err)
		}
		h, err := web.NewHost(web.Options{Program: os.DirFS(dir)})
		if err != nil {
			t.Fatal(err)
		}
		return h.Version()
	}
	if one, two := version("\x00asm one"), version("\x00asm two"); one == two {
		t.Errorf("both are %s", one)
	}
}

func TestTheWorkerAndTheLoaderKnowTheVersion(t *testing.T) {
	h := newHost(t, nil)
	for _, path := range []string{"/app-worker.js", "/app.js"} {
		res, body := get(t, h, path)
		if !strings.Contains(body, h.Version()) {
			t.Errorf("%s does not name the version", path)
		}
		if got := res.Header.Get("Shell-Version"); got != h.Version() {
			t.Errorf("%s: header says %q", path, got)
		}
	}
	_, loader := get(t, h, "/app.js")
	for _, want := range []string{programPath(), `"Shell-Uncompressed-Length"`} {
		if !strings.Contains(loader, want) {
			t.Errorf("the loader does not name %s", want)
		}
	}
}

func TestTheWorkerLeavesTheAPIAlone(t *testing.T) {
	_, worker := get(t, newHost(t, nil), "/app-worker.js")
	if want := `const untouched = ["/rest/","/healthz"];`; !strings.Contains(worker, want) {
		t.Errorf("the worker has no %s", want)
	}
	_, worker = get(t, newHost(t, func(o *web.Options) { o.Untouched = []string{"/v2/"} }), "/app-worker.js")
	if want := `const untouched = ["/v2/"];`; !strings.Contains(worker, want) {
		t.Errorf("the worker has no %s", want)
	}
	if strings.Contains(worker, ".addAll(") {
		t.Error("one lost file costs offline mode")
	}
}

func TestErrorsSayWhatToDo(t *testing.T) {
	damaged := t.TempDir()
	if _, _, err := bundle.Write(damaged, program, nil, 1); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(damaged+"/"+bundle.Name(program), []byte("other"), 0o600); err != nil {
		t.Fatal(err)
	}
	whole := t.TempDir()
	if _, _, err := bundle.Write(whole, program, nil, 1); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		opts web.Options
		want string
	}{
		{"no folder", web.Options{}, "make build"},
		{"empty folder", web.Options{Program: os.DirFS(t.TempDir())}, "make build"},
		{"damaged program", web.Options{Program: os.DirFS(damaged)}, "make clean build"},
		{"missing style sheet", web.Options{Program: os.DirFS(whole), Styles: []string{"/web/no.css"}}, "/web/no.css"},
		{"missing icons", web.Options{Program: os.DirFS(whole), Static: fstest.MapFS{}}, "/web/shell.css"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := web.NewHost(tt.opts)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want something with %q", err, tt.want)
			}
		})
	}
	if _, err := web.NewHost(web.Options{Program: os.DirFS(t.TempDir())}); !errors.Is(err, bundle.ErrMissing) {
		t.Errorf("%v is not ErrMissing", err)
	}
}

// overlay returns the files of base with one more or other.
func overlay(t *testing.T, base fs.FS, name, body string) fs.FS {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(base, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := fs.ReadFile(base, path)
		files[path] = &fstest.MapFile{Data: raw}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	maps.Copy(files, fstest.MapFS{name: {Data: []byte(body)}})
	return files
}
