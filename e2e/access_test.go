//go:build browser && !js

package e2e_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"slate/internal/browser"
)

func TestEveryPageIsAccessible(t *testing.T) {
	t.Parallel()
	p := newPage(t, "/login")
	p.wantAccessible("log in", browser.Desktop)

	p.Allow("401")
	p.logIn(patient, "wrong")
	p.UntilText("#login-error", "not right")
	p.wantAccessible("log in, failed")

	p.logIn(patient, password)
	p.screen("account")
	p.Settle()
	p.wantAccessible("account", browser.Desktop)
	p.Click(".menu-button")
	p.Until(`document.querySelector("#menu:popover-open")`)
	p.wantAccessible("menu")
	p.Press(kb.Escape)
	p.Click(action("edit"))
	p.Until(`document.getElementById("profile-form")`)
	p.wantAccessible("account, editing")

	p.visit("/doctors")
	p.Settle()
	p.wantAccessible("doctors, none")
	p.search("mu", muller)
	p.wantAccessible("doctors, found")
	p.share(muller)
	p.Settle()
	p.wantAccessible("doctors, sharing")
	p.Click(shared(muller) + action("stop"))
	p.Until(fmt.Sprintf(`document.querySelector(%q)`, shared(muller)+action("confirm-stop")))
	p.wantAccessible("doctors, question", browser.Desktop)
	p.Type("#doctor-search", "nobody has this name")
	p.UntilText("#main", "No doctor found")
	p.wantAccessible("doctors, nobody found")

	p.Allow("404")
	p.visit("/nowhere")
	p.screen("notfound")
	p.wantAccessible("not found")
}

// tabTo presses the tabulator until the focus is on an element, and checks that it can be seen there.
func (p page) tabTo(css string) {
	p.t.Helper()
	var passed []string
	for range 60 {
		if browser.Eval[bool](p.Tab, fmt.Sprintf(`document.activeElement?.matches(%q) ?? false`, css)) {
			if !browser.Eval[bool](p.Tab, `((e) => {
				const style = getComputedStyle(e), box = e.closest("label") ? getComputedStyle(e.closest("label")) : style;
				return e.matches(":focus-visible") && (style.outlineStyle !== "none" || box.outlineStyle !== "none");
			})(document.activeElement)`) {
				p.t.Errorf("nothing shows that the focus is on %s", css)
			}
			return
		}
		p.Press(kb.Tab)
		passed = append(passed, p.Focused())
	}
	p.t.Fatalf("the tabulator does not lead to %s but to %q", css, passed)
}

func TestEverythingWorksWithTheKeyboardAlone(t *testing.T) {
	t.Parallel()
	p := newPage(t, "/doctors")
	p.tabTo("#login")
	p.Press(patient)
	p.tabTo("#password")
	p.Press(password + kb.Enter)
	p.screen("doctors")
	p.Settle()

	// The skip link is the first stop of a page, and leads past the header.
	p.reload()
	p.Settle()
	p.Press(kb.Tab)
	if got := p.Text(":focus"); got != "Skip to content" {
		t.Errorf("the first stop is %q", got)
	}
	p.Press(kb.Enter)
	if got := p.Focused(); got != "#main" {
		t.Errorf("the skip link leads to %q", got)
	}
	if got := p.Path(); got != "/doctors" {
		t.Errorf("the skip link changes the address to %s", got)
	}

	p.tabTo("#doctor-search")
	p.Press("dub")
	p.Until(fmt.Sprintf(`document.querySelector(%q)`, found(dubois)))
	p.tabTo(found(dubois) + action("share"))
	p.Press(kb.Enter)
	p.Until(fmt.Sprintf(`document.querySelector(%q)`, shared(dubois)))
	p.Until(`document.activeElement !== document.body`) // the focus is not lost with the button
	p.Settle()
	p.wantShared(dubois)

	p.reload()
	p.tabTo(shared(dubois) + action("stop"))
	p.Press(" ")
	p.Until(fmt.Sprintf(`document.querySelector(%q)`, shared(dubois)+action("confirm-stop")))
	p.Press(kb.Escape)
	p.UntilGone(shared(dubois) + action("confirm-stop"))
	p.Until(fmt.Sprintf(`document.activeElement?.matches(%q)`, shared(dubois)+action("stop")))
	p.Press(" ")
	p.Until(fmt.Sprintf(`document.querySelector(%q)`, shared(dubois)+action("confirm-stop")))
	p.tabTo(shared(dubois) + action("confirm-stop"))
	p.Press(kb.Enter)
	p.UntilGone(shared(dubois))
	p.Until(`document.activeElement !== document.body`)
	p.wantShared()

	p.reload()
	p.tabTo(".menu-button")
	p.Press(kb.Enter)
	p.Until(`document.querySelector("#menu:popover-open")`)
	p.tabTo(action("logout"))
	p.Press(kb.Enter)
	p.screen("login")
}

func TestNarrowScreensScrollInOneDirection(t *testing.T) {
	t.Parallel()
	p := newPage(t, "/login")
	wantNoScroll := func(what string) {
		t.Helper()
		for _, width := range []int64{320, 390, 640, 1280} {
			p.Resize(browser.Screen{Name: "narrow", Width: width, Height: 640, Scale: 1, Touch: true})
			if wide := browser.Eval[int](p.Tab, `document.documentElement.scrollWidth`); wide > int(width) {
				t.Errorf("%s is %d px wide on a screen of %d px: %s", what, wide, width, browser.Eval[string](p.Tab, fmt.Sprintf(
					`[...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > %d + 1).slice(0, 5).map((e) => e.outerHTML.slice(0, 80)).join("\n")`, width)))
			}
		}
		p.Resize(browser.Narrow)
	}
	wantNoScroll("the log-in")
	p.Picture("login")
	p.logIn(patient, password)
	p.screen("account")
	p.Settle()
	wantNoScroll("the account")
	p.Picture("account")
	p.Click(".menu-button")
	wantNoScroll("the menu")
	p.Picture("menu")
	p.Press(kb.Escape)
	p.visit("/doctors")
	p.search("nu", nunez)
	p.share(nunez)
	p.Click(shared(nunez) + action("stop"))
	wantNoScroll("the doctors")
	p.Picture("doctors")
}

func TestZoomAndMotion(t *testing.T) {
	t.Parallel()
	p := newPage(t, "/login")
	viewport := browser.Eval[string](p.Tab, `document.querySelector("meta[name=viewport]").content`)
	for _, forbids := range []string{"user-scalable", "maximum-scale", "minimum-scale"} {
		if strings.Contains(viewport, forbids) {
			t.Errorf("the page forbids to zoom: %s", viewport)
		}
	}

	// Reduced motion: what says that something is going on may go on, slowly; nothing slides or shimmers.
	p.ReduceMotion()
	p.logIn(patient, password)
	p.screen("account")
	p.visit("/doctors")
	p.search("mu", muller)
	p.share(muller)
	p.Until(`document.querySelector(".toast p")`)
	moving := browser.Eval[[]string](p.Tab, `document.getAnimations().map((a) => (a.animationName ?? a.transitionProperty) + " on " + a.effect.target.className)`)
	if len(moving) > 0 {
		t.Errorf("these move although the person asked for no motion: %q", moving)
	}
}

func TestTheThemeIsKept(t *testing.T) {
	t.Parallel()
	p := loggedIn(t, "/account")
	ground := func() string {
		return browser.Eval[string](p.Tab, `getComputedStyle(document.body).backgroundColor`)
	}
	light := ground()
	p.Click(".menu-button")
	p.Until(`document.querySelector("#menu:popover-open")`)
	p.Pictures("menu")
	p.Click(`#menu input[name="theme"][value="dark"]`)
	p.Until(fmt.Sprintf(`getComputedStyle(document.body).backgroundColor !== %q`, light))
	p.reload()
	if ground() == light {
		t.Error("the theme is forgotten by a reload")
	}
	p.logOut()
	if ground() == light {
		t.Error("the theme of the device is forgotten by a log-out")
	}
}
