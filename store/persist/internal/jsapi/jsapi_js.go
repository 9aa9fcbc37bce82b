// Package jsapi holds what every use of the browser's interfaces needs: what JavaScript throws becomes an error, promises and
// events can be waited for, bytes go over and come back.
package jsapi

import (
	"context"
	"errors"
	"syscall/js"
)

// Error is what JavaScript threw, in words.
type Error struct{ Name, Message string }

// Error implements error.
func (e *Error) Error() string { return e.Name + ": " + e.Message }

// Thrown makes an error of what JavaScript threw.
func Thrown(v js.Value) error {
	if v.Type() != js.TypeObject {
		return errors.New("the browser names no reason")
	}
	return &Error{v.Get("name").String(), v.Get("message").String()}
}

// Try calls fn and returns what JavaScript threw meanwhile.
func Try(fn func()) (err error) {
	defer func() {
		switch v := recover().(type) {
		case nil:
		case js.Error:
			err = Thrown(v.Value)
		case *js.ValueError: // a method of something that is not there
			err = errors.New("the browser has no such storage")
		default:
			panic(v)
		}
	}()
	fn()
	return nil
}

// Global returns a property of the global object. Reading one may throw, which only a call gives us to catch.
func Global(name string) js.Value { return js.Global().Get("Reflect").Call("get", js.Global(), name) }

// Await waits for a promise. A settled promise calls one of the two functions once, and that releases both; so a caller
// that leaves early leaves no dangling callback.
func Await(ctx context.Context, promise js.Value) (js.Value, error) {
	type outcome struct {
		value js.Value
		err   error
	}
	done := make(chan outcome, 1)
	var then, catch js.Func
	settle := func(o outcome) any {
		done <- o
		then.Release()
		catch.Release()
		return nil
	}
	then = js.FuncOf(func(_ js.Value, args []js.Value) any { return settle(outcome{value: args[0]}) })
	catch = js.FuncOf(func(_ js.Value, args []js.Value) any { return settle(outcome{err: Thrown(args[0])}) })
	promise.Call("then", then, catch)
	select {
	case o := <-done:
		return o.value, o.err
	case <-ctx.Done():
		return js.Undefined(), context.Cause(ctx)
	}
}

// FirstEvent waits for the first of the events of a target and returns its name. The listeners are gone when it returns.
func FirstEvent(ctx context.Context, target js.Value, events ...string) (string, error) {
	done := make(chan string, len(events))
	for _, event := range events {
		f := js.FuncOf(func(js.Value, []js.Value) any {
			done <- event
			return nil
		})
		target.Call("addEventListener", event, f)
		defer func() {
			target.Call("removeEventListener", event, f)
			f.Release()
		}()
	}
	select {
	case event := <-done:
		return event, nil
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}

// Bytes returns a Uint8Array with a copy of b.
func Bytes(b []byte) js.Value {
	a := js.Global().Get("Uint8Array").New(len(b))
	js.CopyBytesToJS(a, b)
	return a
}

// GoBytes returns a copy of a Uint8Array.
func GoBytes(a js.Value) []byte {
	b := make([]byte, a.Length())
	js.CopyBytesToGo(b, a)
	return b
}
