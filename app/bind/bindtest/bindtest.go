//go:build !js

// Package bindtest puts views on a page without a browser, for tests of components that use slate/app/bind.
//
//	func TestTheListShowsWhoItIsSharedWith(t *testing.T) {
//		st := newStore(t)
//		page := bindtest.Mount(t, st, app.Page(st))
//		st.Dispatch(currentuser.SetUser(ada))
//		if html := page.HTML(); !strings.Contains(html, "Ada") { … }
//	}
//
// Elements exist, the browser does not: go-app's calls into it do nothing, and events do not come. Handlers are tested by
// calling the component's methods, or in a real browser.
package bindtest

import (
	"sync"
	"testing"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"slate/app/bind"
	"slate/store"
)

// one is held by the test that has a page: a program has one, see [bind.Use].
var one sync.Mutex

// Page is a page of a test. Its methods are for the test's goroutine.
type Page struct {
	root app.UI
	disp app.ClientDispatcher
}

// Mount puts an element on a page that uses st, until the test ends. A test has one page; of parallel tests each waits for
// the page of the other.
func Mount(t testing.TB, st *store.Store, root app.UI) *Page {
	t.Helper()
	one.Lock()
	stop := bind.Use(st, bind.Options{})
	disp := app.NewClientTester(root)
	p := &Page{root: root, disp: disp}
	t.Cleanup(func() {
		disp.Close()
		stop()
		one.Unlock()
	})
	p.Settle()
	return p
}

// Settle draws whatever has changed. Work on other goroutines that is not finished is not waited for.
func (p *Page) Settle() { p.disp.Consume() }

// HTML settles and returns the page as go-app writes it.
func (p *Page) HTML() string {
	p.Settle()
	return app.HTMLString(p.root)
}

// Dispatcher returns go-app's dispatcher, to send the page what else a browser would: navigation, an update.
func (p *Page) Dispatcher() app.ClientDispatcher { return p.disp }
