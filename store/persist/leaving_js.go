package persist

import "syscall/js"

// onLeaving calls fn when the page is hidden or left: the last moment that a browser promises, as it may end a page that
// nobody sees without a word. Go runs what fn starts until it waits for the browser, before the event is over.
func onLeaving(fn func()) (stop func()) {
	document := js.Global().Get("document")
	if !document.Truthy() { // a worker, or no browser
		return func() {}
	}
	heard := js.FuncOf(func(_ js.Value, args []js.Value) any {
		if args[0].Get("type").String() == "pagehide" || document.Get("visibilityState").String() == "hidden" {
			fn()
		}
		return nil
	})
	document.Call("addEventListener", "visibilitychange", heard)
	js.Global().Call("addEventListener", "pagehide", heard)
	return func() {
		document.Call("removeEventListener", "visibilitychange", heard)
		js.Global().Call("removeEventListener", "pagehide", heard)
		heard.Release()
	}
}
