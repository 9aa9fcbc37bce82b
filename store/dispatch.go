package store

import (
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"runtime/debug"
)

// Dispatch sends an action through the middleware to the reducers and then tells the subscribers of the slices that
// changed. When it returns nil, [Store.State] has the result. Subscribers have been told as well, unless a round of
// notifications or a batch was under way already (on another goroutine, or further up on this one): what is under way
// then goes on with the newest state.
//
// The error is [ErrClosed], [ErrInReducer], [ErrNoAction], a [*PanicError] where a reducer panicked (the state is then as
// it was), or what a middleware returned. It may be ignored where none of these can happen.
func (st *Store) Dispatch(a Action) error {
	if a.kind == nil {
		return ErrNoAction
	}
	if st.dispatch == nil {
		return ErrNotReady
	}
	if st.life.closed() {
		return ErrClosed
	}
	return st.dispatch(a)
}

// Batch dispatches actions in order with one notification at the end, so that subscribers see the sum of them. An action
// that fails does not stop the others; the errors are joined. While a batch is open, nobody is told of anything, also not
// of what other goroutines dispatch.
func (st *Store) Batch(actions ...Action) error {
	st.notify.hold()
	defer st.drain()
	defer st.notify.release()
	var errs []error
	for _, a := range actions {
		if err := st.Dispatch(a); err != nil {
			errs = append(errs, err)
		}
	}
	return joinErrors(errs)
}

// reduce is the innermost dispatcher.
func (st *Store) reduce(a Action) error {
	if a.kind == nil {
		return ErrNoAction
	}
	if err := st.lock(); err != nil {
		return err
	}
	if err := st.applyUnlock(a); err != nil {
		if panicked, ok := errors.AsType[*PanicError](err); ok {
			st.logger.Error("store: a reducer panicked; the state is unchanged",
				"action", a.Type(), "error", err, "stack", string(panicked.Stack))
		}
		return err
	}
	st.drain()
	return nil
}

// applyUnlock applies the action and releases the lock. The store is asked again whether it is closed: it may have been
// closed while the action waited for the lock.
func (st *Store) applyUnlock(a Action) error {
	defer st.mu.Unlock()
	if st.life.closed() {
		return ErrClosed
	}
	return st.apply(a)
}

// lock takes the store's lock, or reports that the caller holds it: it is a reducer that dispatches. Finding that out
// means reading the call stack, which only those do who would have to wait.
func (st *Store) lock() error {
	if st.mu.TryLock() {
		return nil
	}
	if insideReducer() {
		return ErrInReducer
	}
	st.mu.Lock()
	return nil
}

// applyName is the function that runs reducers, as the call stack names it.
var applyName = runtime.FuncForPC(reflect.ValueOf((*Store).apply).Pointer()).Name()

// insideReducer looks for apply among the callers.
func insideReducer() bool {
	pcs := make([]uintptr, 64)
	n := runtime.Callers(2, pcs)
	for n == len(pcs) {
		pcs = make([]uintptr, 2*len(pcs))
		n = runtime.Callers(2, pcs)
	}
	frames := runtime.CallersFrames(pcs[:n])
	for {
		f, more := frames.Next()
		if f.Function == applyName {
			return true
		}
		if !more {
			return false
		}
	}
}

// apply runs the reducers and publishes the result, all of it or, after a panic, nothing. The caller holds st.mu.
func (st *Store) apply(a Action) (err error) {
	var running *sliceCore
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{In: fmt.Sprintf("reducer of slice %q for %q", running.name, a.Type()), Value: v, Stack: debug.Stack()}
		}
	}()
	route, ok := st.routes[a.kind]
	if !ok {
		for _, c := range st.mounted {
			if c.answers(a.kind) {
				route = append(route, c)
			}
		}
		st.routes[a.kind] = route
	}
	d := draft{base: st.root.Load()}
	var room [4]*sliceCore
	changed := room[:0]
	for _, c := range route {
		running = c
		old := d.get(c.index)
		if next := c.reduce(old, a); next != old {
			d.set(c.index, next)
			changed = append(changed, c)
		}
	}
	if d.next != nil {
		st.publish(d.next, changed)
	}
	return nil
}

// publish makes r the state and notes which slices have news. The caller holds st.mu, so that news are noted in the
// order of the versions.
func (st *Store) publish(r *root, changed []*sliceCore) {
	st.root.Store(r)
	st.notify.mark(changed)
}
