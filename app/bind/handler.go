package bind

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// On makes an event handler that is always the newest one. It returns both arguments of go-app's methods:
//
//	app.Button().OnClick(s.On(func(ctx app.Context, e app.Event) { share.Do([]string{id}) }))
//
// go-app takes two closures of the same code for one and keeps the older, with the variables of an earlier drawing; this
// one calls what the last drawing made. After the handler the view is drawn again, and what reads the store where that has
// changed; the components around it, which go-app would draw as well, are not. A panic is logged and the view shows the
// fallback.
func (s *Scope) On(h app.EventHandler) (handler app.EventHandler, scope any) {
	if s.place == len(s.handlers) {
		s.handlers = append(s.handlers, newHandler(s, s.place))
	}
	slot := s.handlers[s.place]
	slot.run = h
	s.place++
	return slot.call, slot.name
}

// handler stays the same while what it runs changes with each drawing.
type handler struct {
	scope *Scope
	name  string // unique on the page: go-app exchanges the handlers of an element when it differs
	run   app.EventHandler
}

func newHandler(s *Scope, place int) *handler {
	return &handler{scope: s, name: s.id + "-" + strconv.Itoa(place)}
}

// call is what go-app calls, on its goroutine.
func (h *handler) call(ctx app.Context, e app.Event) {
	s := h.scope
	s.guard("an event handler", func() { h.run(ctx, e) })
	if s.page == nil || s.ended {
		return // go-app draws by itself
	}
	// PreventUpdate spares the components around, but holds until the component is drawn the next time; the source of the
	// event may lie in a component inside the view.
	ctx.PreventUpdate()
	s.page.mark(s.view, ctx.Src())
}

// OnInput makes a handler for a text box that shows what the state says, not whatever was typed. change gets the text and
// returns what the box is to show: the same text to accept it, another to correct it.
//
//	app.Input().Value(f.phone).OnInput(s.OnInput(func(typed string) string {
//		f.phone = digits(typed)
//		return f.phone
//	}))
//
// go-app compares a value with the one it drew last, so a refused letter would stay in the box. The cursor stays where it is.
func (s *Scope) OnInput(change func(typed string) (shown string)) (handler app.EventHandler, scope any) {
	return s.On(func(ctx app.Context, _ app.Event) {
		box := ctx.JSSrc()
		typed := box.Get("value").String()
		if shown := change(typed); shown != typed {
			rewrite(box, shown)
		}
	})
}

// rewrite changes the text of a box. The browser would move the cursor to the end; boxes without a selection, such as one
// for numbers, have null here.
func rewrite(box app.Value, text string) {
	cursor := box.Get("selectionStart")
	box.Set("value", text)
	if !cursor.IsNull() && !cursor.IsUndefined() {
		box.Call("setSelectionRange", cursor, cursor)
	}
}

// OnCheck is [Scope.OnInput] for a check box or a radio button: change gets whether it was switched on and returns whether
// it is to be.
func (s *Scope) OnCheck(change func(on bool) (shown bool)) (handler app.EventHandler, scope any) {
	return s.On(func(ctx app.Context, _ app.Event) {
		box := ctx.JSSrc()
		on := box.Get("checked").Truthy()
		if shown := change(on); shown != on {
			box.Set("checked", shown)
		}
	})
}
