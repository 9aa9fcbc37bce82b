//go:build browser && !js

package browser

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Screen is what a page is shown on.
type Screen struct {
	Name          string  // part of a picture's name
	Width, Height int64   // CSS pixels
	Scale         float64 // device pixels for each CSS pixel
	Touch         bool
}

// The screens that pages are made for.
var (
	Phone   = Screen{Name: "phone", Width: 390, Height: 844, Scale: 2, Touch: true}
	Narrow  = Screen{Name: "narrow", Width: 320, Height: 640, Scale: 2, Touch: true}
	Desktop = Screen{Name: "desktop", Width: 1280, Height: 900, Scale: 1}
)

// Theme is what the system prefers: light or dark.
type Theme string

// The themes.
const (
	Light Theme = "light"
	Dark  Theme = "dark"
)

// Resize shows the page on another screen.
func (tab *Tab) Resize(s Screen) {
	tab.t.Helper()
	tab.screen = s
	opts := []chromedp.EmulateViewportOption{chromedp.EmulateScale(s.Scale)}
	if s.Touch {
		opts = append(opts, chromedp.EmulatePortrait, chromedp.EmulateMobile)
	}
	tab.do("showing it on a "+s.Name, chromedp.EmulateViewport(s.Width, s.Height, opts...))
	// Several tabs are used at once, and each must believe to be the one in front.
	if _, err := chromedp.Call(tab.ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}); err != nil {
		tab.t.Fatal(err)
	}
}

// Theme sets what the system prefers.
func (tab *Tab) Theme(theme Theme) {
	tab.t.Helper()
	tab.theme = theme
	tab.prefer("prefers-color-scheme", string(theme))
}

// ReduceMotion says that the system prefers pages that do not move.
func (tab *Tab) ReduceMotion() {
	tab.t.Helper()
	tab.prefer("prefers-reduced-motion", "reduce")
}

func (tab *Tab) prefer(feature, value string) {
	tab.t.Helper()
	features := []*emulation.MediaFeature{{Name: feature, Value: value}}
	if feature != "prefers-color-scheme" {
		features = append(features, &emulation.MediaFeature{Name: "prefers-color-scheme", Value: string(tab.theme)})
	}
	if _, err := chromedp.Call(tab.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features}); err != nil {
		tab.t.Fatal(err)
	}
}

// settled ends the transitions of a page that are under way; what turns for ever goes on.
const settled = `(document.getAnimations().forEach((a) => { if (a.effect.getComputedTiming().endTime < Infinity) a.finish(); }), true)`

// Picture keeps what the tab shows as "<name>-<screen>-<theme>.png" in the folder that the environment variable PICTURES
// names, build/test/pictures by default.
func (tab *Tab) Picture(name string) {
	tab.t.Helper()
	Eval[bool](tab, settled)
	png, err := run(tab, chromedp.CaptureScreenshot())
	if err != nil {
		tab.t.Fatalf("picture of %s: %v", name, err)
	}
	if err := keep(name+"-"+tab.screen.Name+"-"+string(tab.theme), png); err != nil {
		tab.t.Fatal(err)
	}
}

// Pictures is [Tab.Picture] on a phone and on a desktop, light and dark.
func (tab *Tab) Pictures(name string) {
	tab.t.Helper()
	screen, theme := tab.screen, tab.theme
	for _, s := range []Screen{Phone, Desktop} {
		tab.Resize(s)
		for _, c := range []Theme{Light, Dark} {
			tab.Theme(c)
			tab.Picture(name)
		}
	}
	tab.Resize(screen)
	tab.Theme(theme)
}

// keepFailure keeps a picture of what a failed test left.
func (tab *Tab) keepFailure() {
	if !tab.t.Failed() || tab.ctx.Err() != nil {
		return
	}
	png, err := run(tab, chromedp.CaptureScreenshot())
	if err == nil {
		err = keep("failed-"+tab.t.Name(), png)
	}
	if err != nil {
		tab.t.Logf("no picture of the failure: %v", err)
	}
}

var notInNames = regexp.MustCompile(`[^A-Za-z0-9-]+`)

func keep(name string, png []byte) error {
	dir, err := pictures()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, notInNames.ReplaceAllString(name, "-")+".png"), png, 0o644)
}

// pictures is the folder of the pictures: the same whichever package's folder the test runs in.
func pictures() (string, error) {
	if dir := os.Getenv("PICTURES"); dir != "" {
		return dir, nil
	}
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for root := dir; ; root = filepath.Dir(root) {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			return filepath.Join(root, "build", "test", "pictures"), nil
		}
		if strings.TrimRight(root, "/") == "" {
			return dir, nil
		}
	}
}
