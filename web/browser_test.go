//go:build browser && !js

package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"slate/internal/build/bundle"
	"slate/web"
)

// built is the folder of the test's own program, compiled once.
var built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "web-browser")
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "program")
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", file, "./testdata/program")
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	program, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return "", err
	}
	glue, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", bundle.Glue))
	if err != nil {
		return "", err
	}
	_, _, err = bundle.Write(filepath.Join(dir, "web"), program, glue, 5)
	return filepath.Join(dir, "web"), err
})

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
	dir, err := built()
	if err != nil {
		t.Fatal(err)
	}
	opts := web.Options{Program: os.DirFS(dir)}
	if style != "" {
		opts.Static = overlay(t, web.Static(), "styles.css", style)
	}
	h, err := web.NewHost(opts)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// tab opens a tab in a fresh profile. Console errors fail the test at its end unless they contain one of the allowed texts.
func tab(t *testing.T, allowed ...string) context.Context {
	t.Helper()
	path := os.Getenv("CHROMIUM")
	if path == "" {
		path = "chromium"
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-background-networking", true),
		chromedp.WindowSize(420, 800),
	)
	allocator, cancel := chromedp.NewExecAllocator(t.Context(), opts...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	messages := chromedp.Console(ctx)
	read := make(chan struct{})
	go func() {
		defer close(read)
		for m, err := range messages {
			if err != nil {
				return
			}
			permitted := slices.ContainsFunc(allowed, func(text string) bool { return strings.Contains(m.Text, text) })
			if (m.Type == "error" || m.IsException()) && !permitted {
				t.Errorf("console: %s (%s)", m.Text, m.URL)
			}
		}
	}()
	t.Cleanup(func() { cancel(); <-read })
	return ctx
}

// do runs steps with a limit, so that a page that hangs says where.
func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// until waits for a condition in the page, also over a reload that the page does by itself, which no single poll survives.
func until(condition string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		for {
			if ok, err := chromedp.Evaluate[bool](`Boolean(`+condition+`)`)(ctx, target); err == nil && ok {
				return nil
			}
			if _, err := chromedp.Sleep(20*time.Millisecond)(ctx, target); err != nil {
				return fmt.Errorf("waiting for %s: %w", condition, err)
			}
		}
	})
}

func eval[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// shot keeps a picture of the page among the test's artefacts (go test -artifacts).
func shot(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(t.ArtifactDir(), name+".png"), png, 0o644); err != nil {
		t.Fatal(err)
	}
}

const (
	started    = `document.getElementById("app-wasm-loader") === null`
	controlled = `navigator.serviceWorker.controller !== null`
	failed     = `!document.getElementById("shell-failure").hidden`
	headline   = `[...document.querySelectorAll("#shell-failure h1")].find((e) => e.offsetParent)?.textContent ?? ""`
)

func TestBrowserShowsTheRealProgress(t *testing.T) {
	h := application(t, "")
	goOn := make(chan struct{})
	s := newSite(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, ".wasm") {
			w = &halting{ResponseWriter: w, goOn: goOn}
		}
		h.ServeHTTP(w, r)
	}))
	ctx := tab(t)
	do(t, ctx, chromedp.Navigate(s.URL), until(`document.getElementById("shell-progress").value > 20`))
	if got := eval[float64](t, ctx, `document.getElementById("shell-progress").value`); got > 90 {
		t.Errorf("%.0f %% with half of the program there", got)
	}
	for _, scheme := range []string{"light", "dark"} {
		media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
		if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, media); err != nil {
			t.Fatal(err)
		}
		shot(t, ctx, "loading-"+scheme)
	}
	close(goOn)
	do(t, ctx, until(started))
	if got := eval[string](t, ctx, `document.querySelector("h1").textContent`); got != "At /" {
		t.Errorf("got %q", got)
	}
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
	ctx := tab(t, "503", "loading wasm failed", "installation")
	do(t, ctx, chromedp.Navigate(s.URL+"/account"), until(failed))
	if got := eval[string](t, ctx, headline); got != "Petra could not be loaded" {
		t.Errorf("got %q", got)
	}
	shot(t, ctx, "download-failed")
	broken.Store(false)
	do(t, ctx, chromedp.Click(chromedp.ID("shell-reload")), until(started))
	if got := eval[string](t, ctx, `document.querySelector("h1").textContent`); got != "At /account" {
		t.Errorf("after the reload: %q", got)
	}
}

func TestBrowserSaysThatItIsTooOld(t *testing.T) {
	s := newSite(t, application(t, ""))
	ctx := tab(t, "WebAssembly", "instantiateStreaming")
	script := page.AddScriptToEvaluateOnNewDocumentParams{Source: "delete globalThis.WebAssembly"}
	if _, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, script); err != nil {
		t.Fatal(err)
	}
	do(t, ctx, chromedp.Navigate(s.URL), until(failed))
	if got := eval[string](t, ctx, headline); got != "This browser is too old for Petra" {
		t.Errorf("got %q", got)
	}
	shot(t, ctx, "too-old")
}

func TestBrowserSaysThatTheProgramStopped(t *testing.T) {
	s := newSite(t, application(t, ""))
	ctx := tab(t, "the end", "panic", "goroutine", "exit code", "already exited")
	do(t, ctx, chromedp.Navigate(s.URL), until(started), chromedp.Click(chromedp.ID("end")), until(failed))
	if got := eval[string](t, ctx, headline); got != "Petra has stopped" {
		t.Errorf("got %q", got)
	}
	shot(t, ctx, "stopped")
	do(t, ctx, chromedp.Click(chromedp.ID("shell-reload")), until(started+` && !(`+failed+`)`))
}

func TestBrowserOpensEveryRouteOffline(t *testing.T) {
	s := newSite(t, application(t, ""))
	ctx := tab(t, "Failed to fetch", "ERR_CONNECTION_REFUSED", "ERR_FAILED", "service worker")
	do(t, ctx, chromedp.Navigate(s.URL), until(started), until(controlled))
	s.stop()
	for _, path := range []string{"/account", "/", "/?x=1", "/account?tab=2"} {
		do(t, ctx, chromedp.Navigate(s.URL+path), until(started))
		want, _, _ := strings.Cut(path, "?")
		if got := eval[string](t, ctx, `document.querySelector("h1").textContent`); got != "At "+want {
			t.Errorf("%s: %q", path, got)
		}
	}
	for path, want := range map[string]bool{"/rest/v2/user": false, "/web/styles.css": true, "/web/missing.png": false} {
		if got := eval[bool](t, ctx, fmt.Sprintf(`fetch(%q).then((r) => r.ok, () => false)`, path)); got != want {
			t.Errorf("%s answers offline: %v", path, got)
		}
	}
}

func TestBrowserKeepsOfflineModeWithoutAnIcon(t *testing.T) {
	h := application(t, "")
	s := newSite(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "-192.png") {
			http.Error(w, "no", http.StatusNotFound)
			return
		}
		h.ServeHTTP(w, r)
	}))
	ctx := tab(t, "404")
	do(t, ctx, chromedp.Navigate(s.URL), until(started), until(controlled))
}

func TestBrowserOffersAnUpdateAndForcesNone(t *testing.T) {
	s := newSite(t, application(t, ""))
	ctx := tab(t)
	do(t, ctx, chromedp.Navigate(s.URL), until(started), until(controlled))
	const ask = `navigator.serviceWorker.getRegistration().then((r) => r.update()).then(() => true)`

	// The same content after a restart.
	s.replace(application(t, ""))
	eval[bool](t, ctx, ask)
	if eval[bool](t, ctx, `navigator.serviceWorker.getRegistration().then((r) => Boolean(r.installing || r.waiting))`) {
		t.Error("a restart counts as an update")
	}

	// Another style sheet.
	next := application(t, "h1 { letter-spacing: 7px }")
	s.replace(next)
	eval[bool](t, ctx, `(globalThis.same = true, `+ask+`)`)
	do(t, ctx, chromedp.WaitVisible(chromedp.ID("update")))
	if !eval[bool](t, ctx, `shell.updateWaiting()`) {
		t.Error("shell.updateWaiting does not know")
	}
	if !eval[bool](t, ctx, `globalThis.same === true`) {
		t.Error("the page was loaded again without being asked")
	}
	do(t, ctx, chromedp.Reload(), until(started))
	if got := eval[string](t, ctx, `getComputedStyle(document.querySelector("h1")).letterSpacing`); got == "7px" {
		t.Error("a reload alone mixes the new style sheet into the old version")
	}

	eval[bool](t, ctx, `(globalThis.before = true, shell.applyUpdate(), true)`)
	do(t, ctx, until(`globalThis.before !== true && `+started))
	if got := eval[string](t, ctx, `getComputedStyle(document.querySelector("h1")).letterSpacing`); got != "7px" {
		t.Errorf("after the update: %q", got)
	}
	if got, want := eval[[]string](t, ctx, `caches.keys()`), []string{"shell-" + next.Version()}; !slices.Equal(got, want) {
		t.Errorf("kept are %v, want %v", got, want)
	}
}
