//go:build !js

package web

import (
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"slate/internal/build/bundle"
)

// Host serves the application to browsers; see the package documentation. It is safe for concurrent use.
type Host struct {
	version string
	program string
	files   files
	page    page
	app     *app.Handler
	header  http.Header
}

// NewHost reads the program and the static files into memory and returns a handler for all paths that are not an API's.
// The routes must be registered with go-app before; "/" must be among them.
//
// The error is [bundle.ErrMissing] where no program was built, and otherwise names what is missing or damaged.
func NewHost(opts Options) (*Host, error) {
	o := opts.withDefaults()
	if o.Program == nil {
		return nil, fmt.Errorf("web: Options.Program is nil: %w", bundle.ErrMissing)
	}
	built, err := bundle.Read(o.Program)
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	h := &Host{
		program: "/web/" + built.Name,
		files:   files{},
		page:    newPage(o.Name),
		header:  secure(o.ConnectTo),
	}
	if err := h.load(o, built); err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	if _, _, err := h.render("/"); err != nil {
		return nil, err
	}
	return h, nil
}

// load fills the files, makes the version of them and then what carries the version.
func (h *Host) load(o Options, built bundle.Bundle) error {
	if err := h.files.addStatic(o.Static); err != nil {
		return err
	}
	if err := h.files.addProgram(o.Program, built); err != nil {
		return err
	}
	worker, err := workerTemplate(o.Untouched)
	if err != nil {
		return err
	}
	manifest, err := newManifest(o)
	if err != nil {
		return err
	}

	const draft = "draft" // stands for the version while it is being made
	offline := h.files.offline()
	drafted := newHandler(o, h.program, draft, worker, offline)
	app, page := record(drafted, "/app.js").body.String(), fmt.Sprint(h.page, h.header)
	sw := record(drafted, "/app-worker.js").body.String()
	if h.version, err = h.files.version(append(slices.Clone(o.Styles), string(manifest), app, sw, page, o.Lang)...); err != nil {
		return err
	}

	h.app = newHandler(o, h.program, h.version, worker, offline)
	h.header.Set(versionHeader, h.version)
	h.files.addShell(h.app, manifest)
	needed := append([]string{"/web/shell.css", "/web/shell.js", "/web/theme.js", "/web/robots.txt", iconMaskable}, o.Styles...)
	return h.files.need(append(needed, iconSVG, iconPNG192, iconPNG512, iconApple))
}

// newHandler sets up go-app's handler. It is made twice, since it writes into what it is given.
func newHandler(o Options, program, version, worker string, offline []string) *app.Handler {
	env := make(app.Environment, len(o.Env))
	for name, value := range o.Env {
		env[name] = value
	}
	return &app.Handler{
		Name:                    o.Name,
		Title:                   o.Name,
		Description:             html.EscapeString(o.Description), // go-app only quotes it
		Lang:                    o.Lang,
		Icon:                    app.Icon{Default: iconPNG192, Large: iconPNG512, SVG: iconSVG, AppleTouch: iconApple},
		BackgroundColor:         colourLight,
		ThemeColor:              colourBrand,
		LoadingLabel:            "{progress}",
		Styles:                  append([]string{}, o.Styles...),
		CacheableResources:      slices.Clone(offline),
		Env:                     env,
		Resources:               provider{program: program},
		Version:                 version,
		WasmContentLengthHeader: lengthHeader,
		ServiceWorkerTemplate:   worker,
		AutoUpdateInterval:      max(o.UpdateEvery, 0),
	}
}

// workerTemplate returns our service worker with the paths it must leave alone; go-app fills in the rest.
func workerTemplate(untouched []string) (string, error) {
	raw, err := shell.ReadFile("shell/worker.js")
	if err != nil {
		return "", err
	}
	list, err := json.Marshal(untouched)
	if err != nil {
		return "", err
	}
	return strings.Replace(string(raw), "UNTOUCHED", string(list), 1), nil
}

// Version names the content of everything a browser loads: it changes when, and only when, a browser has to load something
// anew.
func (h *Host) Version() string { return h.version }

// ServeHTTP answers GET and HEAD for the page, the program and the static files.
func (h *Host) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	for name, values := range h.header {
		w.Header()[name] = values
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "405 method not allowed", http.StatusMethodNotAllowed)
		return
	}
	switch a := h.files[r.URL.Path]; {
	case a != nil:
		a.ServeHTTP(w, r)
	case isFile(r.URL.Path):
		notFound(w)
	default:
		h.servePage(w, r)
	}
}

// servePage answers with a page. It has no ETag: what go-app gives all of them is the version, which says nothing of what
// a component drew, and the page is small.
func (h *Host) servePage(w http.ResponseWriter, r *http.Request) {
	status, page, err := h.render(r.URL.Path)
	if err != nil {
		http.Error(w, "500 the page cannot be drawn", http.StatusInternalServerError)
		return
	}
	head := w.Header()
	head.Set("Content-Type", "text/html; charset=utf-8")
	head.Set("Content-Length", strconv.Itoa(len(page)))
	head.Set("Cache-Control", "no-cache")
	// The download begins while the page is still being read.
	head.Set("Link", "<"+h.program+">; rel=preload; as=fetch; crossorigin=anonymous")
	w.WriteHeader(status)
	if r.Method == http.MethodGet {
		io.WriteString(w, page)
	}
}
