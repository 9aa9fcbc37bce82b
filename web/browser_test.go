//go:build browser && !js

package web_test

import (
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"slate/internal/browser"
	"slate/internal/build/bundle/bundletest"
	"slate/web"
)

func TestMain(m *testing.M) {
	register()
	browser.Main(m)
}

// site is a server whose application can be replaced while it runs.
type site struct {
	*httptest.Server
	handler atomic.Pointer[http.Handler]
}

func newSite(t *testing.T, h http.Handler) *site {
	t.Helper()
	s := &site{}
	s.replace(h)
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		(*s.handler.Load()).ServeHTTP(w, r)
	}))
	t.Cleanup(s.stop)
	return s
}

func (s *site) replace(h http.Handler) { s.handler.Store(&h) }

func (s *site) stop() {
	s.CloseClientConnections()
	s.Close()
}

// application is the host with the test's program and, where it is given, another style sheet.
func application(t *testing.T, style string) *web.Host {
	t.Helper()
	opts := web.Options{Program: os.DirFS(bundletest.Build(t, "./testdata/program"))}
	if style != "" {
		opts.Static = overlay(t, web.Static(), "styles.css", style)
	}
	h, err := web.NewHost(opts)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// Conditions and values in the page.
const (
	started    = `document.readyState !== "loading" && document.getElementById("app-wasm-loader") === null`
	controlled = `navigator.serviceWorker.controller !== null`
	failed     = `document.getElementById("shell-failure")?.hidden === false`
	headline   = `[...document.querySelectorAll("#shell-failure h1")].find((e) => e.offsetParent)?.textContent ?? ""`
	spacing    = `getComputedStyle(document.querySelector("h1")).letterSpacing`
)

// shows waits for the program's page of a path.
func shows(tab *browser.Tab, path string) {
	tab.Until(started + fmt.Sprintf(` && document.querySelector("main h1").textContent === "At %s"`, path))
}

func TestBrowserShowsTheRealProgress(t *testing.T) {
	h := application(t, "")
	goOn := make(chan struct{})
	s := newSite(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, ".wasm") {
			w = &halting{ResponseWriter: w, goOn: goOn}
		}
		h.ServeHTTP(w, r)
	}))
	tab := browser.NewProfile(t).Tab(browser.Phone)
	tab.Open(s.URL)
	tab.Until(`document.getElementById("shell-progress").value > 20`)
	if got := browser.Eval[float64](tab, `document.getElementById("shell-progress").value`); got > 90 {
		t.Errorf("%.0f %% with half of the program there", got)
	}
	tab.Pictures("loading")
	close(goOn)
	shows(tab, "/")
}

// halting stops in the middle of a body until it may go on.
type halting struct {
	http.ResponseWriter
	written int
	goOn    chan struct{}
}

func (w *halting) Write(b []byte) (int, error) {
	const half = 800_000
	if w.written < half && w.written+len(b) >= half {
		n, err := w.ResponseWriter.Write(b[:half-w.written])
		w.written += n
		if err != nil {
			return n, err
		}
		w.ResponseWriter.(http.Flusher).Flush()
		<-w.goOn
		m, err := w.Write(b[n:])
		return n + m, err
	}
	n, err := w.ResponseWriter.Write(b)
	w.written += n
	return n, err
}

func TestBrowserSaysThatTheDownloadFailed(t *testing.T) {
	h := application(t, "")
	var broken atomic.Bool
	broken.Store(true)
	s := newSite(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if broken.Load() && strings.HasSuffix(r.URL.Path, ".wasm") {
			http.Error(w, "no", http.StatusServiceUnavailable)
			return
		}
		h.ServeHTTP(w, r)
	}))
	tab := browser.NewProfile(t).Tab(browser.Phone)
	tab.Allow("503", "loading wasm failed")
	tab.Open(s.URL + "/account")
	tab.Until(failed)
	if got := browser.Eval[string](tab, headline); got != "Petra could not be loaded" {
		t.Errorf("got %q", got)
	}
	tab.Pictures("download-failed")
	broken.Store(false)
	tab.Click("#shell-reload")
	shows(tab, "/account")
}

func TestBrowserSaysThatItIsTooOld(t *testing.T) {
	const withoutWebAssembly = "delete globalThis.WebAssembly;\n"
	shell, err := fs.ReadFile(web.Static(), "shell.js")
	if err != nil {
		t.Fatal(err)
	}
	h, err := web.NewHost(web.Options{
		Program: os.DirFS(bundletest.Build(t, "./testdata/program")),
		Static:  overlay(t, web.Static(), "shell.js", withoutWebAssembly+string(shell)),
	})
	if err != nil {
		t.Fatal(err)
	}
	tab := browser.NewProfile(t).Tab(browser.Phone)
	tab.Allow("WebAssembly", "instantiateStreaming")
	tab.Open(newSite(t, h).URL)
	tab.Until(failed)
	if got := browser.Eval[string](tab, headline); got != "This browser is too old for Petra" {
		t.Errorf("got %q", got)
	}
	tab.Pictures("too-old")
}

func TestBrowserSaysThatTheProgramStopped(t *testing.T) {
	s := newSite(t, application(t, ""))
	tab := browser.NewProfile(t).Tab(browser.Phone)
	tab.Allow("the end", "panic", "goroutine", "exit code", "already exited")
	tab.Open(s.URL)
	shows(tab, "/")
	tab.Click("#end")
	tab.Until(failed)
	if got := browser.Eval[string](tab, headline); got != "Petra has stopped" {
		t.Errorf("got %q", got)
	}
	tab.Pictures("stopped")
	tab.Click("#shell-reload")
	tab.Until(started + ` && !(` + failed + `)`)
}

func TestBrowserOpensEveryRouteOffline(t *testing.T) {
	s := newSite(t, application(t, ""))
	tab := browser.NewProfile(t).Tab(browser.Phone)
	tab.Allow("Failed to fetch", "ERR_CONNECTION_REFUSED", "ERR_FAILED", "service worker")
	tab.Open(s.URL)
	shows(tab, "/")
	tab.Until(controlled)
	s.stop()
	for _, target := range []string{"/account", "/", "/?x=1", "/account?tab=2"} {
		tab.Open(s.URL + target)
		path, _, _ := strings.Cut(target, "?")
		shows(tab, path)
	}
	for path, want := range map[string]bool{"/rest/v2/user": false, "/web/styles.css": true, "/web/missing.png": false} {
		if got := browser.Eval[bool](tab, fmt.Sprintf(`fetch(%q).then((r) => r.ok, () => false)`, path)); got != want {
			t.Errorf("%s answers offline: %v", path, got)
		}
	}
}

func TestBrowserNeverShowsAPageAsItWasLeft(t *testing.T) {
	s := newSite(t, application(t, ""))
	tab := browser.NewProfile(t).Tab(browser.Phone)
	tab.Open(s.URL + "/account")
	shows(tab, "/account")
	browser.Eval[bool](tab, `globalThis.left = true`)
	tab.Open(s.URL)
	shows(tab, "/")
	tab.Back()
	tab.Until(`location.pathname === "/account" && globalThis.left !== true`)
	shows(tab, "/account")
	tab.Until(`!document.documentElement.hidden`)
}

func TestBrowserKeepsOfflineModeWithoutAnIcon(t *testing.T) {
	h := application(t, "")
	s := newSite(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "-192.png") {
			http.NotFound(w, r)
			return
		}
		h.ServeHTTP(w, r)
	}))
	tab := browser.NewProfile(t).Tab(browser.Phone)
	tab.Allow("404")
	tab.Open(s.URL)
	tab.Until(controlled)
}

func TestBrowserOffersAnUpdateAndForcesNone(t *testing.T) {
	s := newSite(t, application(t, ""))
	tab := browser.NewProfile(t).Tab(browser.Phone)
	tab.Open(s.URL)
	shows(tab, "/")
	tab.Until(controlled)
	ask := func() {
		browser.Eval[bool](tab, `navigator.serviceWorker.getRegistration().then((r) => r.update()).then(() => true)`)
	}

	// The same content after a restart.
	s.replace(application(t, ""))
	ask()
	if browser.Eval[bool](tab, `navigator.serviceWorker.getRegistration().then((r) => Boolean(r.installing || r.waiting))`) {
		t.Error("a restart counts as an update")
	}

	// Another style sheet.
	next := application(t, "h1 { letter-spacing: 7px }")
	s.replace(next)
	browser.Eval[bool](tab, `globalThis.before = true`)
	ask()
	tab.UntilText("#update", "newer version")
	if !browser.Eval[bool](tab, `shell.updateWaiting()`) {
		t.Error("shell.updateWaiting does not know")
	}
	if !browser.Eval[bool](tab, `globalThis.before === true`) {
		t.Error("the page was loaded again without being asked")
	}
	tab.Reload()
	shows(tab, "/")
	if browser.Eval[string](tab, spacing) == "7px" {
		t.Error("a reload alone mixes the new style sheet into the old version")
	}

	browser.Eval[bool](tab, `(globalThis.before = true, shell.applyUpdate(), true)`)
	tab.Until(`globalThis.before !== true && ` + started)
	if got := browser.Eval[string](tab, spacing); got != "7px" {
		t.Errorf("after the update: %q", got)
	}
	if got, want := browser.Eval[[]string](tab, `caches.keys()`), []string{"shell-" + next.Version()}; !slices.Equal(got, want) {
		t.Errorf("kept are %v, want %v", got, want)
	}
}
