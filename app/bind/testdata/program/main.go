//go:build js && wasm

// Command program is a page for the browser tests of package bind: each part of it steps into one of go-app's traps.
package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"slate/app/bind"
	"slate/store"
)

type table struct {
	Rows []int
	Name string
	Big  []int
}

var (
	tableSlice = store.NewSlice("table", table{Rows: []int{1, 2, 3}})
	removeRow  = store.Case(tableSlice, "removeRow", func(s table, id int) table {
		s.Rows = slices.DeleteFunc(slices.Clone(s.Rows), func(r int) bool { return r == id })
		return s
	})
	setName = store.Case(tableSlice, "setName", func(s table, name string) table { s.Name = name; return s })
	setBig  = store.Case(tableSlice, "setBig", func(s table, big []int) table { s.Big = big; return s })
	rows    = store.Select(tableSlice, func(s table) []int { return s.Rows })
	name    = store.Select(tableSlice, func(s table) string { return s.Name })
	size    = store.Select(tableSlice, func(s table) int { return len(s.Big) })
)

func big(i int) store.Selector[int] {
	return store.Select(tableSlice, func(s table) int {
		if i < len(s.Big) {
			return s.Big[i]
		}
		return 0
	})
}

type page struct {
	app.Compo
	boom bool
}

func (p *page) Render() app.UI {
	return app.Main().Body(p.list(), p.box(), p.trouble(), p.many())
}

// list has a button for each row; its handler closes over the row.
func (*page) list() app.UI {
	return bind.View(func(s *bind.Scope) app.UI {
		ids := bind.Select(s, rows)
		return app.Ul().ID("list").Body(app.Range(ids).Slice(func(i int) app.UI {
			id := ids[i]
			return app.Li().Body(app.Button().Text(fmt.Sprint("remove ", id)).
				OnClick(s.On(func(app.Context, app.Event) { dispatch(removeRow(id)) })))
		}))
	})
}

// box takes three capital letters.
func (*page) box() app.UI {
	return bind.View(func(s *bind.Scope) app.UI {
		return app.Input().ID("box").Value(bind.Select(s, name)).OnInput(s.OnInput(func(typed string) string {
			typed = strings.ToUpper(typed)
			typed = typed[:min(len(typed), 3)]
			dispatch(setName(typed))
			return typed
		}))
	})
}

// trouble panics on demand.
func (p *page) trouble() app.UI {
	return bind.View(func(s *bind.Scope) app.UI {
		if p.boom {
			p.boom = false
			panic("the drawing failed")
		}
		return app.Div().ID("trouble").Body(
			app.Button().ID("panic-handler").Text("handler").OnClick(s.On(func(app.Context, app.Event) { panic("the handler failed") })),
			app.Button().ID("panic-drawing").Text("drawing").OnClick(s.On(func(app.Context, app.Event) { p.boom = true })),
		)
	})
}

// many is a list longer than go-app's queue, mounted in portions.
func (*page) many() app.UI {
	return bind.View(func(s *bind.Scope) app.UI {
		n := bind.Select(s, size)
		return app.Div().ID("many").Body(app.Range(make([]struct{}, n)).Slice(func(i int) app.UI {
			return bind.View(func(s *bind.Scope) app.UI { return app.Span().Text(fmt.Sprint(bind.Select(s, big(i)), " ")) })
		}))
	})
}

var st *store.Store

func dispatch(a store.Action) {
	if err := st.Dispatch(a); err != nil {
		panic(err)
	}
}

func main() {
	var err error
	if st, err = store.New(store.Options{}, tableSlice); err != nil {
		panic(err)
	}
	bind.Use(st, bind.Options{})
	// fill(n, v) gives the long list n rows of v.
	app.Window().Set("fill", app.FuncOf(func(_ app.Value, args []app.Value) any {
		dispatch(setBig(slices.Repeat([]int{args[1].Int()}, args[0].Int())))
		return nil
	}))
	app.Route("/", &page{})
	app.RunWhenOnBrowser()
}
