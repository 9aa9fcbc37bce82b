//go:build js && wasm

// Command slate is Petra. Built for the browser it is the program; built for anything else, the server (serve.go).
package main

import "github.com/maxence-charriere/go-app/v9/pkg/app"

func main() {
	registerRoutes()
	app.RunWhenOnBrowser()
}
