package bind

import (
	"context"
	"reflect"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// Effect does something outside of the drawing, such as setting the page's title or the focus: run is called on go-app's
// goroutine once the view is on the page, and again when the key is another one in a later drawing. What it returns, which
// may be nil, is called before the next run and when the view leaves the page.
//
//	bind.Effect(s, title, func(ctx app.Context) (undo func()) { ctx.Page().SetTitle(title); return nil })
func Effect[K comparable](s *Scope, key K, run func(ctx app.Context) (undo func())) {
	use(s, &effect[K]{key: key, run: run})
}

type effect[K comparable] struct {
	key   K
	run   func(app.Context) func()
	undo  func()
	scope *Scope
}

func (e *effect[K]) same(other binding) bool {
	o, ok := other.(*effect[K])
	return ok && o.key == e.key && reflect.ValueOf(o.run).Pointer() == reflect.ValueOf(e.run).Pointer()
}

func (e *effect[K]) start(s *Scope) {
	e.scope = s
	s.guard("an effect", func() { e.undo = e.run(s.ctx) })
}

func (e *effect[K]) stop() {
	if e.undo != nil {
		e.scope.guard("the end of an effect", e.undo)
	}
}

func (*effect[K]) fresh(*Scope) bool { return true }

// Go runs fn on a goroutine of its own, with a context that ends when the view leaves the page. A panic is handled as one
// of the view's own. Use it, or a plain goroutine, in place of go-app's Async, which would delay the drawing. Before the
// view is on the page, Go does nothing: call it from handlers and effects.
func (s *Scope) Go(fn func(ctx context.Context)) {
	if s.ctx == nil {
		return
	}
	ctx := s.ctx
	go func() {
		if err := Guard("a goroutine of a view", func() { fn(ctx) }); err != nil {
			s.later("a goroutine of a view", func(app.Context) { panic(err) })
		}
	}()
}

// Update runs change on go-app's goroutine and draws the view again, unless it has left the page. It is how a goroutine of
// [Scope.Go] tells the view what it found. Any goroutine may call it.
func (s *Scope) Update(change func(ctx app.Context)) { s.later("an update", change) }

// later runs a function of the view on go-app's goroutine while the view is on the page.
func (s *Scope) later(what string, fn func(app.Context)) {
	if s.ctx == nil || s.page == nil {
		return
	}
	send(s.ctx.Dispatcher(), app.Dispatch{Mode: app.Next, Source: s.view, Function: func(ctx app.Context) {
		s.guard(what, func() { fn(ctx) })
		s.mark()
	}})
}
