//go:build browser && !js

package e2e_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"slate/internal/browser"
)

func TestHostileNamesAreText(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	names := []string{
		`<img src=x onerror="document.title='owned'">`,
		`"><script>document.title='owned'</script>`,
		`Robert'); DROP TABLE users;--`,
		"\u202eevil\u202c \u0000nul Z\u0351\u034b\u0306",
	}
	var ids []string
	for i, name := range names {
		ids = append(ids, s.addDoctor(fmt.Sprintf("Zorro%d", i), name))
	}
	p := openPage(t, s, browser.NewProfile(t), "/doctors")
	p.logIn(patient, password)
	p.screen("doctors")
	p.Resize(browser.Desktop)
	p.search("zorro", ids[0])
	for i, id := range ids {
		p.Until(fmt.Sprintf(`document.querySelector(%q)`, found(id)))
		p.share(id)
		if i < 3 {
			p.UntilText(shared(id), names[i])
		}
	}
	if p.Count("main img, main script, main [onerror]") > 0 || browser.Eval[string](p.Tab, `document.title`) == "owned" {
		t.Error("a name became a part of the page")
	}
	p.Picture("doctors-hostile")
	slices.Sort(ids)
	p.wantShared(ids...)

	p.Type("#doctor-search", names[0])
	p.UntilText("#main", "No doctor found")
	if p.Count("main img") > 0 {
		t.Error("what was searched for became a part of the page")
	}
}

func TestLongNamesFitTheScreen(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	id := s.addDoctor("Zoë", strings.Repeat("Verylongname", 60))
	p := openPage(t, s, browser.NewProfile(t), "/doctors")
	p.logIn(patient, password)
	p.screen("doctors")
	p.search("zoe", id)
	wide := func() {
		t.Helper()
		if wide := browser.Eval[int](p.Tab, `document.documentElement.scrollWidth - visualViewport.width`); wide > 0 {
			t.Fatalf("the page is %d px too wide", wide)
		}
	}
	wide()
	p.share(id)
	wide()
}

func TestHugeInput(t *testing.T) {
	t.Parallel()
	p := loggedIn(t, "/doctors")
	p.Allow("413", "400", "ERR_CONNECTION")
	n := len(p.Requests())
	browser.Eval[bool](p.Tab, `((box) => {
		box.value = "m".repeat(10_000_000);
		box.dispatchEvent(new InputEvent("input", { bubbles: true }));
		return true;
	})(document.getElementById("doctor-search"))`)
	p.Until(`document.querySelector("#main .empty h3 + p, #main [role=alert]")`)
	p.Settle()
	for _, r := range p.Asked(n) {
		if len(r.Body) > 10_000 {
			t.Errorf("%v was sent with %d bytes", r, len(r.Body))
		}
	}
	p.search("muller", muller)
	p.share(muller)
	p.wantShared(muller)
	p.logOut()

	p.Allow("401")
	long := strings.Repeat("a", 288) + "@example.com"
	p.logIn(long, password)
	p.UntilText("#login-error", "not right")
	if got := p.Value("#login"); got != long {
		t.Errorf("the login became %q", got)
	}
	p.Picture("login-long")
	p.logIn(patient, password)
	p.screen("account")
}

func TestADoubleClickSharesOnce(t *testing.T) {
	t.Parallel()
	p := loggedIn(t, "/doctors")
	p.search("nunez", nunez)
	p.Settle()
	n := len(p.Requests())
	p.DoubleClick(found(nunez) + action("share"))
	p.Until(fmt.Sprintf(`document.querySelector(%q)`, shared(nunez)))
	if asked := p.Asked(n); count(asked, "PUT", "/rest/v1/user") != 1 {
		t.Errorf("want one change: %v", asked)
	}
	p.wantShared(nunez)

	// The second of two fast clicks on the menu's last entry must not matter either.
	n = len(p.Requests())
	p.Click(`.menu-button`)
	p.DoubleClick(action("logout"))
	p.screen("login")
	const route = "/rest/v1/auth/logout"
	p.UntilAsked(n, "the log-out", func(r browser.Request) bool { return strings.HasPrefix(r.Path, route) }) // the screen does not wait for it
	p.Settle()
	if asked := p.Asked(n); count(asked, "GET", route)+count(asked, "POST", route) != 1 {
		t.Errorf("want one log-out: %v", asked)
	}
}

func TestADoubleClickLogsInOnce(t *testing.T) {
	t.Parallel()
	p := newPage(t, "/login")
	p.Type("#login", patient)
	p.Type("#password", password)
	p.DoubleClick(`#login-form button[type="submit"]`)
	p.screen("account")
	if asked := p.Asked(0); count(asked, "POST", "/rest/v1/user/token/") != 1 {
		t.Errorf("want one saved log-in: %v", asked)
	}
}

func TestThreeDoctorsOneAfterTheOther(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	all := []string{s.addDoctor("Ada", "Quick"), s.addDoctor("Ben", "Quick"), s.addDoctor("Cleo", "Quick")}
	p := openPage(t, s, browser.NewProfile(t), "/doctors")
	p.logIn(patient, password)
	p.screen("doctors")
	p.Allow("409")
	p.search("quick", all[2])
	p.Settle()
	// As fast as a page can be clicked: without waiting for anything.
	browser.Eval[bool](p.Tab, `(document.querySelectorAll('#found-doctors button[data-action="share"]').forEach((e) => e.click()), true)`)
	p.Until(`document.querySelectorAll("#shared-doctors li[data-doctor]").length === 3`)
	p.Settle()
	p.wantShared(all...)
	if got := p.Count(`#found-doctors [role=alert]`); got > 0 {
		t.Errorf("%d doctors show an error: %s", got, p.Text("#found-doctors"))
	}
	p.reload()
	p.Until(`document.querySelectorAll("#shared-doctors li[data-doctor]").length === 3`)
}

func TestNothingGrows(t *testing.T) {
	t.Parallel()
	p := loggedIn(t, "/doctors")
	p.search("mu", muller)
	p.share(muller)
	p.Resize(browser.Desktop)
	laps := func(n int) (milliseconds float64) {
		return browser.Eval[float64](p.Tab, fmt.Sprintf(`(async () => {
			const start = performance.now();
			const shown = async (css) => { while (!document.querySelector(css)) await new Promise(requestAnimationFrame) };
			for (let n = 0; n < %d; n++) {
				document.querySelector('nav a[href="/account"]').click();
				await shown('[data-screen="account"] #profile');
				document.querySelector('nav a[href="/doctors"]').click();
				await shown('[data-screen="doctors"] ' + %q);
			}
			return performance.now() - start;
		})()`, n, shared(muller)))
	}
	laps(3)
	p.Settle()
	p.UntilGone(".toast p")
	n, before := len(p.Requests()), p.Weigh()
	took := laps(30)
	p.Settle()
	after := p.Weigh()
	t.Logf("before %+v, after %+v; from one page to the other takes %.0f ms", before, after, took/60)
	if after.Elements != before.Elements || after.Listeners > before.Listeners {
		t.Errorf("before 30 laps %+v, after them %+v", before, after)
	}
	// Go lets go of nodes when it collects its own garbage, so some laps' worth are waiting for that. If none were let go
	// there would be those of 60 pages.
	if after.Nodes > before.Nodes+30*before.Elements {
		t.Errorf("before 30 laps of %d elements there were %d nodes, after them %d", before.Elements, before.Nodes, after.Nodes)
	}
	if grown := after.HeapBytes - before.HeapBytes; grown > 1<<20 {
		t.Errorf("30 laps cost %d bytes of JavaScript's memory", grown)
	}
	if asked := p.Asked(n); len(asked) > 0 {
		t.Errorf("what is cached was asked for again: %v", asked)
	}
}
