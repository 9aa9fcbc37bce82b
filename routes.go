package main

import "github.com/maxence-charriere/go-app/v9/pkg/app"

// registerRoutes tells go-app which component belongs to which path. The server and the browser register the same, so that
// the server knows which paths are pages.
func registerRoutes() {
	app.Route("/", &home{})
}

// home is the first page.
type home struct{ app.Compo }

// Render draws the page.
func (*home) Render() app.UI {
	return app.Main().Body(app.H1().Text("Petra"))
}
