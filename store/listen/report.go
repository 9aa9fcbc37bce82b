package listen

import (
	"errors"
	"log/slog"
	"runtime/debug"
	"sync"

	"slate/store"
)

// failures tells the store's handler of what failed.
type failures struct {
	logger *slog.Logger
	turn   chan struct{} // held by who calls the handler; a channel, since in tests time stands still for who waits for a mutex

	mu      sync.Mutex
	handler func(*Error)
}

func (f *failures) handle(handler func(*Error)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.handler = handler
}

// report calls the handler, outside of all other locks.
func (f *failures) report(err *Error) {
	f.mu.Lock()
	handler := f.handler
	f.mu.Unlock()
	if handler == nil {
		f.log(err)
		return
	}
	f.turn <- struct{}{}
	defer func() { <-f.turn }()
	defer func() {
		if v := recover(); v != nil {
			f.log(err)
			f.logger.Error("listen: OnError panicked", "panic", v, "stack", string(debug.Stack()))
		}
	}()
	handler(err)
}

func (f *failures) log(err *Error) {
	attrs := []any{"listener", err.Listener, "action", err.Action, "in", string(err.In), "error", err.Err}
	if panicked, ok := errors.AsType[*store.PanicError](err); ok {
		attrs = append(attrs, "stack", string(panicked.Stack))
	}
	f.logger.Error("listen: a listener failed", attrs...)
}

// report reports a failure that was found under the store's lock, on a goroutine of its own.
func (h *hub) report(err *Error) {
	done, closed := h.st.Begin("report of listener " + err.Listener)
	if closed != nil {
		return
	}
	go func() {
		defer done()
		h.failures.report(err)
	}()
}
