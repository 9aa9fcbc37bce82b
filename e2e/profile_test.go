//go:build browser && !js

package e2e_test

import (
	"fmt"
	"strings"
	"testing"

	"slate/internal/browser"
)

func TestEditMyInformation(t *testing.T) {
	t.Parallel()
	p := loggedIn(t, "/account")
	p.Click(action("edit"))
	p.Until(`document.activeElement?.id === "profile-name"`)
	p.Pictures("account-edit")

	// What is plainly wrong is said before the server is asked.
	n := len(p.Requests())
	p.Type("#profile-email", "no address")
	p.Click(action("save"))
	p.UntilText("#profile-error", "not an e-mail address")
	if asked := p.Asked(n); len(asked) > 0 {
		t.Errorf("the server was asked: %v", asked)
	}

	// Cancelled is as if it never was.
	p.Type("#profile-name", "Somebody Else")
	p.Click(action("cancel"))
	p.UntilText("main", "Marie Lambert")
	p.Click(action("edit"))
	if got := p.Value("#profile-name"); got != "Marie Lambert" {
		t.Errorf("the form begins with the name %q", got)
	}

	// One write and one read that the tag caused.
	n = len(p.Requests())
	p.Type("#profile-name", "Márie <b>Lambert</b>")
	p.Type("#profile-mobile", "+32470000222")
	p.Click(action("save"))
	p.UntilText("main", "Márie <b>Lambert</b>")
	p.UntilText("main", "+32470000222")
	asked := p.askedByChange(n)
	if count(asked, "PUT", "/rest/v1/user") != 1 || count(asked, "GET", userRoute) != 1 {
		t.Errorf("want one change of the user, and one read after it: %v", asked)
	}
	if u := p.server.user(patient); u.Name != "Márie <b>Lambert</b>" || u.MobilePhone != "+32470000222" {
		t.Errorf("the server has %q, %q", u.Name, u.MobilePhone)
	}
	p.reload()
	p.UntilText("main", "Márie <b>Lambert</b>")
}

func TestADamagedStorageIsNoEnd(t *testing.T) {
	t.Parallel()
	p := loggedIn(t, "/doctors")
	for _, damage := range []string{
		`localStorage.setItem("petra", "{not json")`,
		`localStorage.setItem("petra", "[1, {}]")`,
		`localStorage.setItem("petra", localStorage.getItem("petra").replace(/"sealed":"..../, '"sealed":"AAAA'))`,
		`new Promise((done) => { const r = indexedDB.deleteDatabase("petra-vault"); r.onsuccess = r.onblocked = done; })`,
		`localStorage.clear()`,
	} {
		browser.Eval[bool](p.Tab, fmt.Sprintf(`(async () => { await (%s); return true })()`, damage))
		p.reload()
		p.screen("login")
		p.logIn(patient, password)
		p.screen("doctors")
		p.Settle()
		p.wantSealed([]string{password})
	}
	p.reload()
	p.screen("doctors")
}

func TestASessionThatTheServerForgot(t *testing.T) {
	t.Parallel()
	p := loggedIn(t, "/doctors")
	p.Allow("401", "ERR_CONNECTION")
	p.reload() // what is left is the saved token
	p.search("muller", muller)

	// Other data: the same people, who have never logged in there.
	p.server.stop()
	p.server.args = []string{"-demo", "-data", t.TempDir()}
	p.server.start()
	p.Click(found(muller) + action("share"))
	p.UntilText("main", "session has ended")
	p.Pictures("session-ended")
	p.reload()
	p.screen("login")
	if stored := browser.Eval[string](p.Tab, `JSON.stringify(localStorage)`); strings.Contains(stored, "sealed") {
		t.Errorf("a log-in that does not work any more is kept: %s", stored)
	}
	p.logIn(patient, password)
	p.screen("doctors")
	p.wantShared()
}
