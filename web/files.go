//go:build !js

package web

import (
	"crypto/sha256"
	"fmt"
	"hash"
	"io/fs"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"slate/internal/build/bundle"
)

const (
	// lengthHeader tells the program's uncompressed length, which go-app's loader needs to show a real progress.
	lengthHeader = "Shell-Uncompressed-Length"

	// versionHeader tells the version that an answer belongs to, so that the service worker never mixes two.
	versionHeader = "Shell-Version"
)

// files maps the paths of all that is served from memory to what is there.
type files map[string]*asset

// addStatic adds the static files below /web/.
func (f files) addStatic(static fs.FS) error {
	return fs.WalkDir(static, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := fs.ReadFile(static, name)
		if err != nil {
			return err
		}
		f["/web/"+name] = newAsset(name, body)
		return nil
	})
}

// addProgram adds the browser's program with its variants, and the glue.
func (f files) addProgram(folder fs.FS, b bundle.Bundle) error {
	a := &asset{contentType: "application/wasm", fixed: true, lengthName: lengthHeader}
	for e, suffix := range [encodings]string{identity: "", gzipped: ".gz", brotlied: ".br"} {
		body, err := fs.ReadFile(folder, b.Name+suffix)
		if err != nil {
			return fmt.Errorf(`the program is incomplete, run "make build": %w`, err)
		}
		a.variants[e] = body
	}
	if name := bundle.Name(a.variants[identity]); name != b.Name {
		return fmt.Errorf(`%s is damaged (its content makes %s): run "make clean build"`, b.Name, name)
	}
	a.tag = tagOf(a.variants[identity])
	f["/web/"+b.Name] = a

	glue, err := fs.ReadFile(folder, bundle.Glue)
	if err != nil {
		return fmt.Errorf(`the program is incomplete, run "make build": %w`, err)
	}
	// go-app's own copy is that of Go 1.21; the program needs the one of the release that built it.
	f["/wasm_exec.js"] = newAsset(bundle.Glue, glue)
	return nil
}

// addShell adds what go-app generates, and what we serve in its place.
func (f files) addShell(handler *app.Handler, manifest []byte) {
	for _, name := range []string{"/app.js", "/app-worker.js"} {
		f[name] = newAsset(name, record(handler, name).body.Bytes())
	}
	f["/app.css"] = f["/web/shell.css"]
	f["/manifest.webmanifest"] = newAsset("manifest.webmanifest", manifest)
	f["/robots.txt"] = f["/web/robots.txt"]
	f["/favicon.ico"] = f[iconPNG192]
}

// offline lists what an installed application must have at hand: all static files. The worker adds the program and the
// page.
func (f files) offline() (paths []string) {
	for path := range f {
		if strings.HasPrefix(path, "/web/") && path != "/web/robots.txt" && !f[path].fixed {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths
}

// need reports the first of the paths that is not there: a service worker that must keep it could not be installed.
func (f files) need(paths []string) error {
	for _, path := range paths {
		if f[path] == nil {
			return fmt.Errorf("%s is not among the static files", path)
		}
	}
	return nil
}

// version makes a short name of the content of all files and of the Go sources of the page. It is the same after a restart
// and on another machine, and changes with whatever a browser would have to load again. It is taken before the worker and
// the loader, which carry it, are filled in.
func (f files) version(extra ...string) (string, error) {
	sum := sha256.New()
	for _, path := range slices.Sorted(maps.Keys(f)) {
		writePart(sum, path, f[path].tag)
	}
	err := fs.WalkDir(sources, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(name, "_test.go") {
			return err
		}
		body, err := fs.ReadFile(sources, name)
		writePart(sum, name, string(body))
		return err
	})
	if err != nil {
		return "", err
	}
	writePart(sum, extra...)
	return fmt.Sprintf("%x", sum.Sum(nil)[:8]), nil
}

// writePart adds texts to a sum so that no two lists of texts give the same bytes.
func writePart(sum hash.Hash, parts ...string) {
	for _, part := range parts {
		fmt.Fprintf(sum, "%d:%s", len(part), part)
	}
}

// isFile reports whether a path can only be that of a file, never a page of the program.
func isFile(path string) bool {
	return strings.HasPrefix(path, "/web/") || slices.Contains(owned, path)
}

// owned are the other paths go-app answers by itself. It fetches sitemap.xml and ads.txt from whatever host the request
// names, which is no service to offer.
var owned = []string{"/sitemap.xml", "/ads.txt", "/app.wasm", "/goapp.wasm", "/goapp.js", "/manifest.json"}

// provider tells go-app where things are.
type provider struct{ program string }

func (provider) Package() string   { return "" }
func (provider) Static() string    { return "" }
func (p provider) AppWASM() string { return p.program }

// notFound answers for files that are not there: no page, so that a misspelt icon shows as an error.
func notFound(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", "no-cache")
	http.Error(w, "404 not found", http.StatusNotFound)
}
