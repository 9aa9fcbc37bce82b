//go:build browser && !js

package e2e_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"slate/backend/demo"
	"slate/internal/browser"
)

// The demo data's patient, and her doctors as backend/demo numbers them.
const (
	patient  = "marie.lambert@petra.example"
	admin    = "ines.peeters@petra.example"
	password = demo.Password
)

var (
	dubois = demo.DoctorID(0)
	muller = demo.DoctorID(1)
	nunez  = demo.DoctorID(2)
)

func TestMain(m *testing.M) { browser.Main(m) }

// page is Petra in a tab.
type page struct {
	*browser.Tab
	t      *testing.T
	server *server
}

// newPage shows the page at a path of a fresh server in a fresh profile.
func newPage(t *testing.T, path string) page {
	t.Helper()
	return openPage(t, startServer(t), browser.NewProfile(t), path)
}

// openPage shows the page at a path in a tab of its own.
func openPage(t *testing.T, s *server, profile *browser.Profile, path string) page {
	t.Helper()
	p := page{profile.Tab(browser.Phone), t, s}
	p.visit(path)
	return p
}

// visit goes to a path and waits until the client shows a page.
func (p page) visit(path string) {
	p.t.Helper()
	p.Open(p.server.url + path)
	p.ready()
}

// reload is what a person does with F5.
func (p page) reload() {
	p.t.Helper()
	p.Reload()
	p.ready()
}

func (p page) ready() {
	p.t.Helper()
	p.Until(`document.querySelector('[data-ready="true"]:not([data-screen="splash"])')`)
}

// screen waits for one of the screens; see app.Screen.
func (p page) screen(name string) {
	p.t.Helper()
	p.Until(fmt.Sprintf(`document.querySelector('[data-ready="true"][data-screen=%q]')`, name))
}

// logIn fills in the form and sends it.
func (p page) logIn(login, password string) {
	p.t.Helper()
	p.Type("#login", login)
	p.Type("#password", password)
	p.Click(`#login-form button[type="submit"]`)
}

// loggedIn shows the page at a path to the demo's patient.
func loggedIn(t *testing.T, path string) page {
	t.Helper()
	p := newPage(t, path)
	p.logIn(patient, password)
	p.Until(`document.querySelector('[data-screen="account"], [data-screen="doctors"]')`)
	p.Settle()
	return p
}

// logOut uses the menu.
func (p page) logOut() {
	p.t.Helper()
	p.Click(`.menu-button`)
	p.Click(action("logout"))
	p.screen("login")
}

// search finds doctors and waits until one of them is among those found.
func (p page) search(text, id string) {
	p.t.Helper()
	p.Type("#doctor-search", text)
	p.Until(fmt.Sprintf(`document.querySelector(%q)`, found(id)))
}

// share shares with a doctor who was found and waits until that is on the list.
func (p page) share(id string) {
	p.t.Helper()
	p.Click(found(id) + action("share"))
	p.Until(fmt.Sprintf(`document.querySelector(%q)`, shared(id)))
}

// askedByChange returns what was asked since n, when the read that a change of the user causes has been answered.
func (p page) askedByChange(n int) []browser.Request {
	p.t.Helper()
	p.UntilAsked(n, "the read after the change", func(r browser.Request) bool {
		return r.Method == "GET" && strings.HasPrefix(r.Path, userRoute)
	})
	return p.Asked(n)
}

// stop stops sharing with a doctor on the list.
func (p page) stop(id string) {
	p.t.Helper()
	p.Click(shared(id) + action("stop"))
	p.Click(shared(id) + action("confirm-stop"))
	p.UntilGone(shared(id))
}

// sharedWith lists the ids of the doctors on the list as it is shown.
func (p page) sharedWith() []string {
	p.t.Helper()
	return browser.Eval[[]string](p.Tab, `[...document.querySelectorAll("#shared-doctors li[data-doctor]")].map((e) => e.dataset.doctor)`)
}

// wantShared checks the list on the screen and the one that the server has.
func (p page) wantShared(want ...string) {
	p.t.Helper()
	slices.Sort(want)
	shown := p.sharedWith()
	slices.Sort(shown)
	if !slices.Equal(shown, want) {
		p.t.Errorf("the page shows %v as shared, want %v", shown, want)
	}
	kept := p.server.user(patient).AutoDelegations["medicalInformation"]
	slices.Sort(kept)
	if !slices.Equal(kept, want) {
		p.t.Errorf("the server has %v as shared, want %v", kept, want)
	}
}

func shared(id string) string   { return fmt.Sprintf("#shared-doctors li[data-doctor='%s'] ", id) }
func found(id string) string    { return fmt.Sprintf("#found-doctors li[data-doctor='%s'] ", id) }
func action(does string) string { return fmt.Sprintf("button[data-action='%s']", does) }

// count tells how many requests have a method and a path that begins with a prefix.
func count(requests []browser.Request, method, prefix string) int {
	n := 0
	for _, r := range requests {
		if r.Method == method && strings.HasPrefix(r.Path, prefix) {
			n++
		}
	}
	return n
}
