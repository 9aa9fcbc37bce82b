//go:build browser && !js

package e2e_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"slate/internal/browser"
)

const (
	userRoute   = "/rest/v1/user/d0000000" // GET /user/{id}; the user logged in is read from /user/current
	partyRoute  = "/rest/v1/hcparty/d0000000"
	filterRoute = "/rest/v1/hcparty/filter"
)

func TestShareReloadStopLogOut(t *testing.T) {
	t.Parallel()
	p := loggedIn(t, "/doctors")
	p.screen("doctors")
	p.Pictures("doctors-empty")

	// Case and accents do not matter.
	for _, text := range []string{"nunez", "NÚÑEZ", "sofia"} {
		p.search(text, nunez)
	}
	p.search("MULLER", muller)
	p.Settle()
	p.Picture("doctors-found")

	// The list follows because the tag was invalidated: what provides it is asked for again, and nothing else is.
	n := len(p.Requests())
	p.share(muller)
	asked := p.askedByChange(n)
	if got := count(asked, "PUT", "/rest/v1/user"); got != 1 {
		t.Errorf("%d changes of the user: %v", got, asked)
	}
	if got := count(asked, "GET", userRoute); got != 1 {
		t.Errorf("the user was read again %d times after the change, want 1: %v", got, asked)
	}
	if count(asked, "GET", userRoute) > 0 && strings.Index(fmt.Sprint(asked), "PUT /rest/v1/user") > strings.Index(fmt.Sprint(asked), "GET "+userRoute) {
		t.Errorf("the user was read again before the change: %v", asked)
	}
	if got := count(asked, "POST", filterRoute); got != 0 {
		t.Errorf("the search was repeated: %v", asked)
	}
	p.wantShared(muller)

	n = len(p.Requests())
	p.search("dubois", dubois)
	p.share(dubois)
	asked = p.askedByChange(n)
	if got := count(asked, "GET", partyRoute+"-0000-4000-8000-000000000022"); got != 0 {
		t.Errorf("a doctor who is known was read again: %v", asked)
	}
	if count(asked, "POST", filterRoute) != 1 || count(asked, "GET", userRoute) != 1 {
		t.Errorf("one search and one read of the user were to be expected: %v", asked)
	}
	p.wantShared(muller, dubois)
	p.Pictures("doctors-shared")
	n = len(p.Requests())

	// A reload: still there, from what is saved.
	p.reload()
	p.screen("doctors")
	p.Until(fmt.Sprintf(`document.querySelector(%q)`, shared(muller)))
	p.UntilText(shared(muller), "Müller")
	p.wantShared(muller, dubois)
	p.wantSealed(p.secrets(n))

	n = len(p.Requests())
	p.Click(shared(muller) + action("stop"))
	p.Until(fmt.Sprintf(`document.querySelector(%q)`, shared(muller)+action("confirm-stop")))
	p.Pictures("doctors-confirm")
	p.Click(shared(muller) + action("confirm-stop"))
	p.UntilGone(shared(muller))
	if asked := p.askedByChange(n); count(asked, "GET", userRoute) != 1 || count(asked, "GET", partyRoute) != 0 {
		t.Errorf("one read of the user and none of doctors was to be expected: %v", asked)
	}
	p.wantShared(dubois)

	p.visit("/account")
	p.visit("/doctors")
	p.logOut()
	p.wantNothingLeft()
	p.Back()
	p.ready()
	p.Settle()
	p.screen("login")
	p.wantNothingLeft()
}

// secrets are the password and what the page has logged in with since it had asked n times.
func (p page) secrets(n int) []string {
	p.t.Helper()
	secrets := []string{password}
	for _, r := range p.Requests()[n:] {
		var body struct{ Password string }
		if strings.HasPrefix(r.Path, "/rest/v1/auth/login") && json.Unmarshal([]byte(r.Body), &body) == nil && body.Password != "" {
			secrets = append(secrets, body.Password)
		}
	}
	if len(secrets) == 1 {
		p.t.Errorf("no log-in was seen, this test looks for nothing: %v", p.Requests()[n:])
	}
	return append(secrets, "eyJ") // with which every JSON Web Token begins
}

// stored is all that the page's origin has stored, in one text.
const stored = `(async () => {
	const texts = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie, name, location.href];
	for (const { name } of await indexedDB.databases()) {
		const db = await new Promise((ok, bad) => { const r = indexedDB.open(name); r.onsuccess = () => ok(r.result); r.onerror = bad; });
		for (const store of db.objectStoreNames) {
			const all = await new Promise((ok, bad) => {
				const r = db.transaction(store).objectStore(store).getAll(); r.onsuccess = () => ok(r.result); r.onerror = bad;
			});
			for (const value of all) {
				texts.push(value instanceof CryptoKey ? "key extractable=" + value.extractable : JSON.stringify(value));
			}
		}
		db.close();
	}
	return texts.join("\n");
})()`

// wantSealed checks that a log-in is stored, and no secret in the clear.
func (p page) wantSealed(secrets []string) {
	p.t.Helper()
	text := browser.Eval[string](p.Tab, stored)
	for _, secret := range secrets {
		if strings.Contains(text, secret) {
			p.t.Errorf("a secret of %d letters is stored in the clear:\n%s", len(secret), text)
		}
	}
	if !strings.Contains(text, "sealed") || !strings.Contains(text, "key extractable=false") {
		p.t.Errorf("want a sealed log-in and a key that nobody can read:\n%s", text)
	}
}

// wantNothingLeft checks that nothing of the person is stored or shown.
func (p page) wantNothingLeft() {
	p.t.Helper()
	text := browser.Eval[string](p.Tab, stored)
	for _, of := range []string{"sealed", "key extractable", "d0000000", "lambert", "Lambert", password} {
		if strings.Contains(text, of) {
			p.t.Errorf("%q is stored after the log-out:\n%s", of, text)
		}
	}
	shown := browser.Eval[string](p.Tab, `document.documentElement.outerHTML + [...document.querySelectorAll("input")].map((e) => e.value)`)
	for _, of := range []string{"Lambert", "Dubois", "Müller", password} {
		if strings.Contains(shown, of) {
			p.t.Errorf("the page holds %q after the log-out", of)
		}
	}
}

func TestASecondDeviceSeesTheChange(t *testing.T) {
	t.Parallel()
	one := loggedIn(t, "/doctors")
	two := openPage(t, one.server, browser.NewProfile(t), "/doctors")
	two.logIn(patient, password)
	two.screen("doctors")
	two.Settle()
	two.wantShared()

	one.search("nunez", nunez)
	one.share(nunez)
	two.reload()
	two.Until(fmt.Sprintf(`document.querySelector(%q)`, shared(nunez)))

	// Without a reload too, as soon as the device has been without a network.
	two.stop(nunez)
	browser.Eval[bool](one.Tab, `dispatchEvent(new Event("online"))`)
	one.UntilGone(shared(nunez))
	one.wantShared()

	// And a change here that meets a change there loses neither.
	two.search("dubois", dubois)
	two.share(dubois)
	one.search("muller", muller)
	one.share(muller)
	one.Until(fmt.Sprintf(`document.querySelector(%q)`, shared(dubois)))
	one.wantShared(dubois, muller)
}

func TestTwoTabsOfOneProfile(t *testing.T) {
	t.Parallel()
	s, profile := startServer(t), browser.NewProfile(t)
	one := openPage(t, s, profile, "/doctors")
	one.logIn(patient, password)
	one.screen("doctors")
	two := openPage(t, s, profile, "/doctors")
	two.screen("doctors")
	one.search("nunez", nunez)
	one.share(nunez)
	two.reload()
	two.Until(fmt.Sprintf(`document.querySelector(%q)`, shared(nunez)))
	two.wantShared(nunez)

	two.logOut()
	one.screen("login")
	one.wantNothingLeft()
}
