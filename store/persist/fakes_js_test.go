package persist_test

import (
	_ "embed"
	"sync"
	"syscall/js"
)

//go:embed testdata/fakes.js
var fakes string

// installFakes gives node what only a page has.
var installFakes = sync.OnceFunc(func() { js.Global().Call("eval", fakes) })

// fakeIndexedDB calls a function that only the stand-in has.
func fakeIndexedDB(method string, args ...any) js.Value {
	return js.Global().Get("indexedDB").Get("fake").Call(method, args...)
}
