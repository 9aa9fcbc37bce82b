//go:build js && wasm

package petra

import (
	"fmt"
	"sync"
	"syscall/js"
)

// NewStorage returns the browser's localStorage.
func NewStorage() Storage { return localStorage{} }

type localStorage struct{}

// call calls a method of localStorage. The browser throws where storage is blocked or full.
func (localStorage) call(method string, args ...any) (v js.Value, err error) {
	defer func() {
		if thrown := recover(); thrown != nil {
			err = fmt.Errorf("petra: the browser refused localStorage.%s; check whether site data is blocked or full: %v", method, thrown)
		}
	}()
	return js.Global().Get("localStorage").Call(method, args...), nil
}

func (s localStorage) Load(key string) (string, bool, error) {
	v, err := s.call("getItem", key)
	if err != nil || v.IsNull() {
		return "", false, err
	}
	return v.String(), true, nil
}

func (s localStorage) Save(key, text string) error {
	_, err := s.call("setItem", key, text)
	return err
}

// Watch hears of other tabs through the browser's storage events.
func (localStorage) Watch(fn func(key, text string)) (stop func()) {
	window := js.Global()
	if window.Get("addEventListener").IsUndefined() {
		return func() {}
	}
	var once sync.Once
	listener := js.FuncOf(func(_ js.Value, args []js.Value) any {
		if key, text := args[0].Get("key"), args[0].Get("newValue"); key.Type() == js.TypeString && text.Type() == js.TypeString {
			fn(key.String(), text.String())
		}
		return nil
	})
	window.Call("addEventListener", "storage", listener)
	return func() {
		once.Do(func() {
			window.Call("removeEventListener", "storage", listener)
			listener.Release()
		})
	}
}
