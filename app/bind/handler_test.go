//go:build !js

package bind_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"slate/app/bind"
	"slate/app/bind/bindtest"
)

// click is what a browser keeps of an element: the first handler it was given under a scope.
type click struct {
	scope   any
	handler app.EventHandler
	ctx     app.Context
}

// on registers a handler as go-app does: one of the same code and scope is not exchanged.
func (c *click) on(s *bind.Scope, h app.EventHandler) {
	handler, scope := s.On(h)
	if c.handler == nil || c.scope != scope {
		c.handler, c.scope = handler, scope
	}
	bind.Effect(s, "context", func(ctx app.Context) func() { c.ctx = ctx; return nil })
}

func (c *click) fire() { c.handler(c.ctx, app.Event{Value: app.Null()}) }

func TestAHandlerIsNeverThatOfAnEarlierDrawing(t *testing.T) {
	st := newStore(t)
	var c click
	var got []int
	page := bindtest.Mount(t, st, bind.View(func(s *bind.Scope) app.UI {
		n := bind.Select(s, row(0))
		c.on(s, func(app.Context, app.Event) { got = append(got, n) })
		return text("%d", n)
	}))
	for n := range 3 {
		dispatch(t, st, setRow([2]int{0, n}))
		page.Settle()
		c.fire()
	}
	if fmt.Sprint(got) != "[0 1 2]" {
		t.Errorf("the handler saw %v", got)
	}
}

func TestHandlersOfTwoElementsAreNotMixedUp(t *testing.T) {
	st := newStore(t)
	scopes := map[any]bool{}
	views := make([]app.UI, 3)
	for i := range views {
		views[i] = bind.View(func(s *bind.Scope) app.UI {
			for range 2 {
				_, scope := s.On(func(app.Context, app.Event) {})
				scopes[scope] = true
			}
			return text("%d", i)
		})
	}
	bindtest.Mount(t, st, app.Div().Body(views...))
	if len(scopes) != 6 {
		t.Errorf("6 elements have %d scopes: go-app would take one handler for another", len(scopes))
	}
}

func TestAHandlerDrawsItsViewAndNotThoseAround(t *testing.T) {
	st := newStore(t)
	var c click
	var n counter
	local := 0
	page := bindtest.Mount(t, st, bind.View(func(*bind.Scope) app.UI {
		n.add("outer")
		return app.Div().Body(bind.View(func(s *bind.Scope) app.UI {
			n.add("inner")
			c.on(s, func(app.Context, app.Event) { local++ })
			return text("local %d", local)
		}))
	}))
	n.take()
	page.Dispatcher().Emit(c.ctx.Src(), c.fire) // as go-app calls handlers
	want(t, page.HTML(), "local 1")
	if got := n.take(); got["outer"] != 0 || got["inner"] != 1 {
		t.Errorf("drawn were %v", got)
	}
	// PreventUpdate must not outlive the event.
	page.Dispatcher().Emit(c.ctx.Src(), func() { local = 9 })
	want(t, page.HTML(), "local 9")
}

func TestAPanicIsContained(t *testing.T) {
	boom := errors.New("boom")
	tests := []struct {
		name string
		view func(c *click) func(s *bind.Scope, bad bool)
		fire bool
	}{
		{"in the drawing", func(*click) func(*bind.Scope, bool) {
			return func(_ *bind.Scope, bad bool) {
				if bad {
					panic(boom)
				}
			}
		}, false},
		{"in a handler", func(c *click) func(*bind.Scope, bool) {
			return func(s *bind.Scope, bad bool) {
				c.on(s, func(app.Context, app.Event) {
					if bad {
						panic(boom)
					}
				})
			}
		}, true},
		{"in an effect", func(*click) func(*bind.Scope, bool) {
			return func(s *bind.Scope, bad bool) {
				bind.Effect(s, bad, func(app.Context) func() {
					if bad {
						panic(boom)
					}
					return nil
				})
			}
		}, false},
		{"in the end of an effect", func(*click) func(*bind.Scope, bool) {
			return func(s *bind.Scope, bad bool) {
				bind.Effect(s, bad, func(app.Context) func() {
					return func() {
						if !bad {
							panic(boom)
						}
					}
				})
			}
		}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			st := newStore(t)
			var c click
			use := tt.view(&c)
			page := bindtest.Mount(t, st, app.Div().Body(
				bind.View(func(s *bind.Scope) app.UI {
					w := bind.Select(s, word)
					use(s, w == "bad")
					return text("fine")
				}),
				bind.View(func(s *bind.Scope) app.UI { return text("other %s", bind.Select(s, word)) }),
			))
			want(t, page.HTML(), "fine", "other ")
			dispatch(t, st, setWord("bad"))
			page.Settle()
			if tt.fire {
				c.fire()
			}
			want(t, page.HTML(), "bind-failure", "Reload the page", "other bad")
		})
	}
}

func TestAPanicInAGoroutineIsContained(t *testing.T) {
	st := newStore(t)
	var c click
	ended := make(chan struct{})
	page := bindtest.Mount(t, st, bind.View(func(s *bind.Scope) app.UI {
		c.on(s, func(app.Context, app.Event) {
			s.Go(func(context.Context) {
				defer close(ended)
				panic("boom")
			})
		})
		return text("fine")
	}))
	c.fire()
	<-ended
	for html := page.HTML(); html == "<p>fine</p>"; html = page.HTML() {
	}
	want(t, page.HTML(), "bind-failure")
}

func TestAGoroutineEndsWithItsViewAndMayUpdateIt(t *testing.T) {
	st := newStore(t)
	var c click
	started, found, ended := make(chan struct{}), make(chan struct{}), make(chan struct{})
	note := "nothing"
	page := bindtest.Mount(t, st, bind.View(func(s *bind.Scope) app.UI {
		if bind.Select(s, word) == "leave" {
			return text("left")
		}
		return app.Div().Body(bind.View(func(s *bind.Scope) app.UI {
			c.on(s, func(app.Context, app.Event) {
				s.Go(func(ctx context.Context) {
					defer close(ended)
					s.Update(func(app.Context) { note = "something" })
					close(found)
					<-ctx.Done()
				})
				close(started)
			})
			return text("found %s", note)
		}))
	}))
	c.fire()
	<-started
	<-found
	want(t, page.HTML(), "found something")
	dispatch(t, st, setWord("leave"))
	page.Settle()
	<-ended
}

func TestGuard(t *testing.T) {
	boom := errors.New("boom")
	err := bind.Guard("the clock", func() { panic(boom) })
	if p, ok := errors.AsType[*bind.PanicError](err); !ok || p.In != "the clock" || !errors.Is(err, boom) || len(p.Stack) == 0 {
		t.Errorf("got %v", err)
	}
	if err := bind.Guard("the clock", func() {}); err != nil {
		t.Error(err)
	}
}

func TestEffectsFollowTheirKey(t *testing.T) {
	st := newStore(t)
	var log []string
	page := bindtest.Mount(t, st, bind.View(func(s *bind.Scope) app.UI {
		if bind.Select(s, word) == "leave" {
			return text("left")
		}
		return app.Div().Body(bind.View(func(s *bind.Scope) app.UI {
			n := bind.Select(s, row(0))
			bind.Select(s, row(1))
			bind.Effect(s, n, func(app.Context) func() {
				log = append(log, fmt.Sprint("+", n))
				return func() { log = append(log, fmt.Sprint("-", n)) }
			})
			return text("%d", n)
		}))
	}))
	dispatch(t, st, setRow([2]int{1, 5})) // drawn again with the same key
	page.Settle()
	dispatch(t, st, setRow([2]int{0, 1}))
	page.Settle()
	dispatch(t, st, setWord("leave"))
	page.Settle()
	if got := fmt.Sprint(log); got != "[+0 +1 -0 -1]" {
		t.Errorf("got %s", got)
	}
}

func TestAKeyedViewStartsAfreshForAnotherItem(t *testing.T) {
	st := newStore(t)
	dispatch(t, st, setAll([]int{1, 2, 3}))
	var log []string
	page := bindtest.Mount(t, st, bind.View(func(s *bind.Scope) app.UI {
		rows := bind.Select(s, rowsOf)
		return app.Div().Body(app.Range(rows).Slice(func(i int) app.UI {
			id := rows[i]
			return bind.Keyed(fmt.Sprint(id), func(s *bind.Scope) app.UI {
				bind.Effect(s, "mount", func(app.Context) func() {
					log = append(log, fmt.Sprint("+", id))
					return func() { log = append(log, fmt.Sprint("-", id)) }
				})
				return text("item %d", id)
			})
		}))
	}))
	log = nil
	dispatch(t, st, setAll([]int{2, 3})) // the first of three goes
	want(t, page.HTML(), "item 2", "item 3")
	starts, ends := map[string]int{}, map[string]int{}
	for _, l := range log {
		if l[0] == '+' {
			starts[l[1:]]++
		} else {
			ends[l[1:]]++
		}
	}
	if ends["1"] != 1 || ends["2"] != starts["2"] || ends["3"] != starts["3"] {
		t.Errorf("item 1 is to end once, the others as often as they begin anew: %v", log)
	}
}
