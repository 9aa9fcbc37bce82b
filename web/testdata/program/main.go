//go:build js && wasm

// Command program is a small go-app program for the browser tests of package web: two pages, a word when an update waits,
// and a button that ends it.
package main

import "github.com/maxence-charriere/go-app/v9/pkg/app"

type page struct {
	app.Compo
	update bool
}

func (p *page) OnAppUpdate(app.Context) { p.update = true }

func (p *page) Render() app.UI {
	return app.Main().Body(
		app.H1().Text("At "+app.Window().URL().Path),
		app.If(p.update, app.P().ID("update").Text("A newer version is there.")),
		app.Button().ID("end").Text("End").OnClick(func(app.Context, app.Event) { panic("the end") }),
	)
}

func main() {
	app.Route("/", &page{})
	app.Route("/account", &page{})
	app.RunWhenOnBrowser()
}
