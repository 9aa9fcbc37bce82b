//go:build js && wasm

// Command slate is Petra. Built for the browser it is the program; built for anything else, the server (serve.go).
package main

import (
	"log/slog"
	"os"
	"syscall/js"

	goapp "github.com/maxence-charriere/go-app/v9/pkg/app"

	"slate/app"
	"slate/slices/medtechapi"
	"slate/slices/petra"
	"slate/store"
)

func main() {
	st, err := open()
	if err != nil {
		slog.Error("petra: the program cannot start", "error", err)
		os.Exit(1) // the page's own script offers to reload
	}
	defer st.Close()
	app.Routes(st)
	defer app.Start(st)()
	goapp.RunWhenOnBrowser()
}

// open makes the store with what an earlier run saved, and ties it to this browser and the server that it came from.
func open() (*store.Store, error) {
	storage := petra.NewStorage()
	saved, err := petra.Load(storage)
	if err != nil { // said and put aside: the person logs in again
		slog.Warn("petra: starting without the saved log-in and preferences", "error", err)
	}
	st, err := store.New(store.Options{Saved: saved}, app.Slices()...)
	if err != nil {
		return nil, err
	}
	petra.Keep(st, storage)
	medtechapi.Provide(st, medtechapi.Environment{
		BaseURL: js.Global().Get("location").Get("origin").String(),
		Vault:   petra.NewVault(),
	})
	return st, nil
}
