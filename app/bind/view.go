package bind

import (
	"reflect"
	"strconv"
	"sync/atomic"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"slate/store"
)

// View returns an element that draws itself and is drawn again whenever something it read has changed, and only then. What
// it reads it names while it draws: [Select], [Query], [Mutation]. Nothing else is needed: what is not read any more is
// not watched any more, and everything ends when the element leaves the page.
//
// A view is one go-app component. It can be the root of a component of one's own, whose fields the function then sees,
// or stand anywhere among elements. draw is called on go-app's goroutine and must return one element.
func View(draw func(*Scope) app.UI) app.UI { return &view{Draw: draw} }

// Keyed is [View] for an item of a list: key says which. go-app compares lists by position, so an element may be asked to
// draw another item; a view with another key starts afresh: its mutations, effects and failures do not pass from one
// item to the next.
func Keyed(key string, draw func(*Scope) app.UI) app.UI { return &view{Draw: draw, Key: key} }

// view is the component behind View. Its exported fields are those that go-app copies from a newly drawn one.
type view struct {
	app.Compo
	Draw func(*Scope) app.UI
	Key  string

	scope Scope
	as    identity // what scope belongs to
}

// identity says whether two drawings are of the same thing: the same function and the same key.
type identity struct {
	code uintptr
	key  string
}

var views atomic.Uint64

// OnInit prepares the view. go-app calls it before the first drawing.
func (v *view) OnInit() {
	v.scope = Scope{view: v, page: current.Load(), id: strconv.FormatUint(views.Add(1), 36)}
	v.as = v.identity()
}

// OnMount begins what the first drawing asked for.
func (v *view) OnMount(ctx app.Context) { v.scope.mount(ctx) }

// OnDismount ends it.
func (v *view) OnDismount() { v.scope.end() }

// Render draws the view. What a panic leaves is replaced by the fallback.
func (v *view) Render() app.UI {
	if v.scope.view == nil { // drawn without being mounted, as app.HTMLString does
		v.OnInit()
	}
	if as := v.identity(); as != v.as {
		v.as = as
		v.scope.restart()
	}
	return v.scope.draw(v.Draw)
}

func (v *view) identity() identity { return identity{reflect.ValueOf(v.Draw).Pointer(), v.Key} }

// Scope is what a view may use while it draws. It belongs to one view and to go-app's goroutine; only Go's function runs
// elsewhere.
type Scope struct {
	view *view
	page *page // nil: none in use
	id   string
	ctx  app.Context // nil until the view is mounted

	state    store.State // what is being drawn
	used     []binding   // by the drawing under way, or the last one
	held     []binding   // started
	left     []binding   // started for what the view was before, and to be stopped
	handlers []*handler
	place    int // of the next handler
	failure  *PanicError
	ended    bool
}

// binding is something a view reads, for as long as it reads it.
type binding interface {
	start(*Scope)        // the view is on the page: subscribe
	stop()               // it is read no more
	fresh(*Scope) bool   // whether what was drawn is still so
	same(b binding) bool // whether b, made by a later drawing, reads the same
}

// mount is called once, when the view is on the page.
func (s *Scope) mount(ctx app.Context) {
	s.ctx = ctx
	if s.page != nil {
		s.page.mounted(s.view, ctx.Dispatcher())
	}
}

// draw runs the view's function.
func (s *Scope) draw(draw func(*Scope) app.UI) (ui app.UI) {
	if s.failure != nil {
		return s.fallback()
	}
	s.state = s.page.snapshot()
	s.used, s.place = nil, 0
	defer func() {
		if v := recover(); v != nil {
			s.used = s.held
			s.fail("a view", v)
			ui = s.fallback()
		}
	}()
	ui = draw(s)
	if s.page != nil && s.ctx != nil {
		s.page.note(s.view)
	}
	return ui
}

// use returns the binding that an earlier drawing left for b, or b.
func use[B binding](s *Scope, b B) B {
	for _, h := range s.held {
		if old, ok := h.(B); ok && old.same(b) && !contains(s.used, h) {
			s.used = append(s.used, h)
			return old
		}
	}
	s.used = append(s.used, b)
	return b
}

// settle brings the subscriptions in line with the last drawing: new ones start before old ones stop, so that what both
// need is not given up in between.
func (s *Scope) settle() {
	if s.ended || s.ctx == nil {
		return
	}
	before, left := s.held, s.left
	s.held, s.left = s.used, nil
	for _, b := range s.held {
		if !contains(before, b) {
			b.start(s)
		}
	}
	for _, b := range before {
		if !contains(s.held, b) {
			b.stop()
		}
	}
	stopAll(left)
	for _, b := range s.held {
		if !b.fresh(s) {
			s.mark()
			return
		}
	}
}

// mark asks for the view to be drawn again. It may be called from any goroutine.
func (s *Scope) mark() {
	if s.page != nil {
		s.page.mark(s.view)
	}
}

// restart makes the view another one: nothing passes from what it was to what it is.
func (s *Scope) restart() {
	s.left = append(s.left, s.held...)
	s.held, s.used, s.failure = nil, nil, nil
}

// end stops everything: the view has left the page.
func (s *Scope) end() {
	stopAll(s.left)
	stopAll(s.held)
	s.left, s.held, s.used, s.ended = nil, nil, nil, true
}

func stopAll(bindings []binding) {
	for _, b := range bindings {
		b.stop()
	}
}

func contains(list []binding, b binding) bool {
	for _, x := range list {
		if x == b {
			return true
		}
	}
	return false
}
