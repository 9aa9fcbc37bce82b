//go:build browser && !js

package browser

import (
	"context"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// Patience is how long a step waits for its page.
const Patience = 20 * time.Second

// process is the browser of the test binary; it starts with the first profile.
var process struct {
	once sync.Once
	ctx  context.Context
	stop context.CancelFunc
	err  error
}

// Main runs the tests and ends the browser. Call it from TestMain.
func Main(m *testing.M) {
	code := m.Run()
	if process.stop != nil {
		process.stop()
	}
	os.Exit(code)
}

// start returns the context of the browser.
func start() (context.Context, error) {
	process.once.Do(func() {
		path := os.Getenv("CHROMIUM")
		if path == "" {
			path = "chromium"
		}
		allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:],
			chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-quic", true),
			chromedp.Flag("disable-component-update", true), chromedp.Flag("no-proxy-server", true),
			chromedp.Flag("hide-scrollbars", false),
		)...)
		ctx, stop := chromedp.NewContext(allocator)
		process.ctx, process.stop = ctx, func() { stop(); stopAllocator() }
		process.err = chromedp.Do(ctx)
	})
	return process.ctx, process.err
}

// Profile is a person's browser: its tabs share what is stored, and share nothing with another profile.
type Profile struct {
	t   *testing.T
	ctx context.Context
}

// NewProfile makes an empty profile that lasts as long as the test.
func NewProfile(t *testing.T) *Profile {
	t.Helper()
	parent, err := start()
	if err != nil {
		t.Fatalf("the browser does not start; set CHROMIUM to the path of a Chromium: %v", err)
	}
	ctx, stop := chromedp.NewContext(parent, chromedp.WithNewBrowserContext())
	t.Cleanup(stop)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("a new profile: %v", err)
	}
	return &Profile{t, ctx}
}

// Tab opens an empty tab that looks like a screen, in light colours.
func (p *Profile) Tab(screen Screen) *Tab {
	p.t.Helper()
	ctx, stop := chromedp.NewContext(p.ctx)
	tab := &Tab{t: p.t, ctx: ctx}
	if err := chromedp.Listen(ctx, tab.requests.hear); err != nil {
		stop()
		p.t.Fatalf("a new tab: %v", err)
	}
	heard := tab.listen()
	p.t.Cleanup(func() {
		tab.keepFailure()
		stop()
		<-heard
	})
	tab.Resize(screen)
	tab.Theme(Light)
	return tab
}
