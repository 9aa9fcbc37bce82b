//go:build browser && !js

package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"

	"slate/internal/browser"
	"slate/internal/build/bundle"
)

func TestTheServerDiesDuringAShare(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		stage browser.Stage
		cause network.ErrorReason
		kept  []string // with whom is shared when the server is back, before anybody tries again
	}{
		{"before it has the request", browser.Unsent, "", nil},
		{"after it has answered", browser.Answered, network.ErrorReasonConnectionReset, []string{muller}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := loggedIn(t, "/doctors")
			p.Allow("ERR_CONNECTION")
			p.search("muller", muller)
			p.Settle()
			held := p.Hold("PUT", c.stage)
			p.Click(found(muller) + action("share"))
			goOn := held.Wait()
			p.Until(fmt.Sprintf(`document.querySelector(%q)?.getAttribute("aria-busy") === "true"`, found(muller)+action("share")))
			p.Picture("doctors-sharing")
			p.server.kill()
			goOn(c.cause)

			// A clear error beside the doctor, and nothing half done.
			p.UntilText(found(muller)+"[role=alert]", "cannot be reached")
			if got := p.Text(found(muller) + "[role=alert]"); !strings.Contains(got, "Müller was not added") {
				t.Errorf("the message does not name the doctor: %q", got)
			}
			if got := p.sharedWith(); len(got) > 0 {
				t.Errorf("the page shows %v as shared", got)
			}
			p.Until(`document.querySelector('[data-banner="offline"]')`)
			if p.Value("#doctor-search") != "muller" {
				t.Error("what was searched for is gone")
			}
			p.Pictures("doctors-failed")

			// The same data when it is back.
			p.server.start()
			if got := p.server.user(patient).AutoDelegations["medicalInformation"]; !slices.Equal(got, c.kept) {
				t.Errorf("the server has %v, want %v", got, c.kept)
			}
			p.Click(found(muller) + action("retry"))
			p.Until(fmt.Sprintf(`document.querySelector(%q)`, shared(muller)))
			p.UntilGone(found(muller) + "[role=alert]")
			p.Settle()
			p.wantShared(muller)
			p.reload()
			p.Until(fmt.Sprintf(`document.querySelector(%q)`, shared(muller)))
			p.wantShared(muller)
		})
	}
}

func TestTheServerDiesDuringAStop(t *testing.T) {
	t.Parallel()
	p := loggedIn(t, "/doctors")
	p.Allow("ERR_CONNECTION")
	p.search("dubois", dubois)
	p.share(dubois)
	p.Settle()
	p.server.kill()
	p.Click(shared(dubois) + action("stop"))
	p.Click(shared(dubois) + action("confirm-stop"))
	p.UntilText(shared(dubois)+"[role=alert]", "You still share with")
	p.server.start()
	p.wantShared(dubois)
	p.Click(shared(dubois) + action("retry"))
	p.UntilGone(shared(dubois))
	p.Settle()
	p.wantShared()
}

func TestEveryRouteOpensOffline(t *testing.T) {
	t.Parallel()
	p := newPage(t, "/")
	p.Allow("ERR_CONNECTION", "ERR_FAILED", "Failed to fetch", "fetching the script")
	p.Until(`navigator.serviceWorker.controller !== null`)

	p.server.stop()
	for _, path := range []string{"/", "/account", "/doctors", "/login?x=1"} {
		p.visit(path)
		if p.Count("#login-form") == 0 {
			t.Errorf("%s shows no log-in to somebody who is not logged in", path)
		}
	}
	p.logIn(patient, password)
	p.UntilText("#login-error", "cannot be reached")

	p.server.start()
	p.Click(`#login-form button[type="submit"]`)
	p.screen("account")
	p.Settle()

	p.server.stop()
	for _, path := range []string{"/", "/account", "/doctors", "/login?x=1"} {
		p.visit(path)
		p.screen("unreachable")
		p.UntilText("main", "still logged in")
		p.Until(`document.querySelector('main button[data-action="retry"]:not([aria-disabled="true"])')`)
	}
	p.Pictures("unreachable")
	if !browser.Eval[bool](p.Tab, `fetch("/web/icons.svg").then((r) => r.ok, () => false)`) {
		t.Error("the icons are not kept for offline use")
	}

	p.visit("/doctors")
	p.server.start()
	p.Click("main " + action("retry"))
	p.screen("doctors")
	if got := p.Path(); got != "/doctors" {
		t.Errorf("the address is %s", got)
	}
}

func TestOfflineAsTheBrowserSaysIt(t *testing.T) {
	t.Parallel()
	p := loggedIn(t, "/account")
	p.Allow("ERR_INTERNET_DISCONNECTED")
	p.Offline(true)
	p.UntilText(`[data-banner="offline"]`, "You are offline")
	p.Pictures("offline")
	n := len(p.Requests())
	p.Offline(false)
	p.UntilGone(`[data-banner="offline"]`)
	p.UntilAsked(n, "the user to be read again", func(r browser.Request) bool { return r.Status == 200 && strings.HasPrefix(r.Path, userRoute) })
}

func TestAnUpdateIsOfferedAndNotForced(t *testing.T) {
	t.Parallel()
	p := loggedIn(t, "/doctors")
	p.Allow("ERR_CONNECTION")
	p.Until(`navigator.serviceWorker.controller !== null`)
	p.search("muller", muller)

	// The same program with another fingerprint.
	old := p.server.version()
	p.server.program = repacked(t, p.server.program)
	p.server.stop()
	p.server.start()
	if p.server.version() == old {
		t.Fatal("the server has the old version")
	}
	browser.Eval[bool](p.Tab, `(globalThis.before = true, navigator.serviceWorker.getRegistration().then((r) => r.update()).then(() => true))`)
	p.Until(`document.querySelector('[data-banner="update"]')`)
	if !browser.Eval[bool](p.Tab, `globalThis.before === true`) || p.Value("#doctor-search") != "muller" {
		t.Error("the page was loaded again without being asked")
	}
	p.Pictures("update")
	p.Click(action("later"))
	p.UntilGone(`[data-banner="update"]`)

	p.reload()
	p.Until(`document.querySelector('[data-banner="update"]')`)
	browser.Eval[bool](p.Tab, `(globalThis.before = true)`)
	p.Click(action("update"))
	p.Until(`globalThis.before !== true`)
	p.ready()
	p.screen("doctors")
	if got, want := browser.Eval[[]string](p.Tab, `caches.keys()`), []string{"shell-" + p.server.version()}; !slices.Equal(got, want) {
		t.Errorf("kept are %v, want %v", got, want)
	}
	if p.Count(`[data-banner="update"]`) > 0 {
		t.Error("the update is still offered")
	}
}

// repacked copies a built program with a custom section at its end, which changes nothing but its fingerprint.
func repacked(t *testing.T, dir string) string {
	t.Helper()
	described, err := bundle.Read(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(filepath.Join(dir, described.Name))
	if err != nil {
		t.Fatal(err)
	}
	glue, err := os.ReadFile(filepath.Join(dir, bundle.Glue))
	if err != nil {
		t.Fatal(err)
	}
	to := t.TempDir()
	const section = "\x00\x05\x04next"
	if _, _, err := bundle.Write(to, append(program, section...), glue, 1); err != nil {
		t.Fatal(err)
	}
	return to
}
