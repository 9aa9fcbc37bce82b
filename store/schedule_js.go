package store

import (
	"sync/atomic"
	"syscall/js"
	"time"
)

// Frames returns a scheduler that notifies with the next frame of the screen: in a browser before it is drawn, or a little
// later where the page is hidden and draws none; elsewhere 60 times a second.
func Frames() Scheduler {
	request := js.Global().Get("requestAnimationFrame")
	if request.Type() != js.TypeFunction { // node, a worker
		return After(frame)
	}
	return func(flush func()) func() {
		var over atomic.Bool
		var callback js.Func
		var timer *time.Timer
		var id js.Value
		end := func() bool {
			if over.Swap(true) {
				return false
			}
			timer.Stop()
			js.Global().Call("cancelAnimationFrame", id)
			callback.Release()
			return true
		}
		tell := func() {
			if end() {
				flush()
			}
		}
		// A hidden page gets no frames, so that a timer stands by.
		timer = time.AfterFunc(6*frame, tell)
		callback = js.FuncOf(func(js.Value, []js.Value) any {
			go tell() // JavaScript waits for this function: subscribers must not block it
			return nil
		})
		id = request.Invoke(callback)
		return func() { end() }
	}
}
