//go:build browser && !js

package e2e_test

import (
	"slices"
	"strings"
	"testing"

	"slate/internal/browser"
)

func TestWrongPasswordThenTheRightOne(t *testing.T) {
	t.Parallel()
	p := newPage(t, "/")
	p.screen("login")
	p.Pictures("login")
	p.Allow("401")

	p.logIn(patient, "not the password")
	p.Until(`document.querySelector("#login-error")?.innerText`)
	if got := p.Text("#login-error"); !strings.Contains(got, "not right") {
		t.Errorf("the message is %q", got)
	}
	if got := p.Value("#login"); got != patient {
		t.Errorf("the login became %q", got)
	}
	if got := p.Value("#password"); got != "not the password" {
		t.Errorf("what was typed as the password became %q", got)
	}
	if got := p.Focused(); got != "#login-error" && got != "#password" {
		t.Errorf("the focus is on %q", got)
	}
	if !browser.Eval[bool](p.Tab, `document.getElementById("login-error").closest("[role=alert], [aria-live]") !== null ||
		document.activeElement.getAttribute("aria-describedby")?.includes("login-error")`) {
		t.Error("the message is not announced")
	}
	p.Pictures("login-failed")

	p.Type("#password", password)
	p.Click(`#login-form button[type="submit"]`)
	p.screen("account")
	p.UntilText("main", "Marie Lambert")
	p.UntilText("main", patient)
	if got := p.Path(); got != "/account" {
		t.Errorf("the address is %s", got)
	}
	p.Settle()
	p.Pictures("account")
}

func TestNothingTyped(t *testing.T) {
	t.Parallel()
	p := newPage(t, "/login")
	for _, c := range []struct{ login, password, message, wrong string }{
		{"", "", "Type your e-mail", "login"},
		{"marie", "", "Type your password", "password"},
		{"   ", "secret", "Type your e-mail", "login"},
	} {
		n := len(p.Requests())
		p.logIn(c.login, c.password)
		p.Settle()
		if asked := p.Asked(n); len(asked) > 0 {
			t.Errorf("login %q and password %q were sent: %v", c.login, c.password, asked)
		}
		p.UntilText("#login-error", c.message)
		if got := p.Focused(); got != "#login-error" {
			t.Errorf("login %q, password %q: the focus is on %q", c.login, c.password, got)
		}
		if got := browser.Eval[[]string](p.Tab, `[...document.querySelectorAll("[aria-invalid=true]")].map((e) => e.id)`); !slices.Equal(got, []string{c.wrong}) {
			t.Errorf("login %q, password %q: marked as wrong are %v, want %s", c.login, c.password, got, c.wrong)
		}
		p.screen("login")
	}
}

func TestADeepLinkLeadsThroughTheLogIn(t *testing.T) {
	t.Parallel()
	p := newPage(t, "/doctors")
	p.screen("login")
	p.logIn(patient, password)
	p.screen("doctors")
	if got := p.Path(); got != "/doctors" {
		t.Errorf("the address is %s", got)
	}
	p.Until(`document.title.includes("My doctors")`)

	// The log-in is no page for somebody who is logged in.
	p.visit("/login")
	p.screen("account")
	p.Until(`location.pathname === "/account"`)
}

func TestAPageThatIsNotThere(t *testing.T) {
	t.Parallel()
	p := loggedIn(t, "/")
	p.Allow("404")
	p.visit("/no/such/page?x=1")
	p.screen("notfound")
	if got := p.Path(); got != "/no/such/page?x=1" {
		t.Errorf("the address became %s", got)
	}
	p.Pictures("notfound")
	p.Click(`main a[href]`)
	p.screen("account")
}

func TestTheServerHasAProblemDuringLogIn(t *testing.T) {
	t.Parallel()
	p := newPage(t, "/login")
	p.Allow("ERR_CONNECTION")
	p.server.kill()
	p.logIn(patient, password)
	p.UntilText("#login-error", "cannot be reached")
	p.Picture("login-unreachable")
	p.server.start()
	p.Click(`#login-form button[type="submit"]`)
	p.screen("account")
}
