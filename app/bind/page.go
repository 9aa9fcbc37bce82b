package bind

import (
	"log/slog"
	"sync/atomic"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"slate/store"
)

// Options sets up a page. The zero value is ready for use.
type Options struct {
	// Fallback draws what stands in the place of a view that panicked. By default a sentence with the buttons "Try again"
	// and "Reload the page", in an element of class "bind-failure".
	Fallback func(Failure) app.UI
}

// Use makes st the store of the page's views and returns the function that ends that. Call it once, before
// app.RunWhenOnBrowser. A view belongs to the store that was in use when it was made; its subscriptions end when it leaves
// the page or the store is closed.
//
// Without a store, which is how a server draws pages, views draw the initial state and start no requests.
func Use(st *store.Store, opts Options) (stop func()) {
	p := &page{store: st, fallback: opts.Fallback, logger: st.Logger()}
	if p.fallback == nil {
		p.fallback = fallback
	}
	current.Store(p)
	return func() { current.CompareAndSwap(p, nil) }
}

// current is the page in use. A browser's program has one page; a global spares every component a field to pass it on.
var current atomic.Pointer[page]

// page is a store bound to what is on the screen.
type page struct {
	store    *store.Store
	fallback func(Failure) app.UI
	logger   *slog.Logger
	queue
}

// snapshot returns the state to draw: the same one for all views of a flush.
func (p *page) snapshot() store.State {
	if p == nil {
		return store.State{}
	}
	if frame := p.frame.Load(); frame != nil {
		return *frame
	}
	return p.store.State()
}
