package listen

import (
	"context"
	"runtime/debug"
	"slices"

	"slate/store"
)

// run is an effect that was started.
type run struct {
	reg    *registration
	number uint64
	action string          // type of the action that started it
	since  context.Context // of the listener's Start
	ctx    context.Context
	cancel context.CancelCauseFunc
	done   chan struct{}
	left   func()  // counts it out
	heard  *Stream // the later actions that Hear names; nil: none
	until  *hook   // nil: none
	forks  forks
}

// begin starts an effect, or decides that there shall be none. It runs under the store's lock, so that this is decided in
// the order of the actions.
func (h *hub) begin(r *registration, k *hook, t store.Transition, effect effectFunc) {
	h.mu.Lock()
	defer h.mu.Unlock()
	l := r.listener
	if r.hook != k || l.leading && r.running() {
		return
	}
	left, err := h.st.Begin("effect of listener " + l.name)
	if err != nil {
		return
	}
	if l.latest {
		r.cancel(ErrCancelled)
	}
	var before *run
	if n := len(r.active); n > 0 && l.serial {
		before = r.active[n-1]
	}
	h.runs++
	next := &run{reg: r, number: h.runs, action: t.Action.Type(), since: r.ctx, done: make(chan struct{})}
	next.ctx, next.cancel = context.WithCancelCause(r.ctx)
	next.attach()
	r.active = append(r.active, next)
	if l.once {
		h.detach(r)
	}
	e := eventOf(h.st, t)
	e.run = next
	next.left = left
	go next.work(e, effect, before)
}

// attach lets the run hear of later actions. The caller holds the hub's lock.
func (r *run) attach() {
	h, l := r.reg.hub, r.reg.listener
	if l.hear != nil {
		r.heard = newStream(h, &hook{}, func(t store.Transition) bool { return l.hear(t.Action) })
		h.table.add(r.heard.hook)
	}
	if l.until != nil {
		r.until = &hook{
			tell: func(t store.Transition) {
				if l.until(t.Action) {
					r.cancel(ErrCancelled)
				}
			},
			failed: func(t store.Transition, err error) {
				h.report(&Error{Listener: l.name, Action: t.Action.Type(), In: InPredicate, Err: err})
			},
		}
		h.table.add(r.until)
	}
}

// work runs the effect. Before is the run to wait for; nil: none.
func (r *run) work(e Event, effect effectFunc, before *run) {
	defer r.finish()
	if before != nil {
		<-before.done // also where r was cancelled: who comes after r relies on it
	}
	if r.ctx.Err() != nil {
		return
	}
	err := store.ErrGoexit
	defer func() {
		if v := recover(); v != nil {
			err = &store.PanicError{In: "effect", Value: v, Stack: debug.Stack()}
		}
		r.forks.join()
		r.failed(InEffect, err)
		for _, t := range r.forks.end() {
			r.failed(InTask, t.err)
		}
	}()
	err = effect(r.ctx, e)
}

// failed reports an error that is no cancellation.
func (r *run) failed(in In, err error) {
	if err != nil && !aborted(r.ctx, err) {
		r.reg.hub.failures.report(&Error{Listener: r.reg.listener.name, Action: r.action, In: in, Err: err})
	}
}

func (r *run) finish() {
	h := r.reg.hub
	defer r.left()
	defer close(r.done)
	r.cancel(ErrCompleted)
	h.mu.Lock()
	defer h.mu.Unlock()
	if r.heard != nil {
		h.table.remove(r.heard.hook)
		r.heard.end(ErrCompleted)
	}
	if r.until != nil {
		h.table.remove(r.until)
	}
	r.reg.active = slices.DeleteFunc(r.reg.active, func(other *run) bool { return other == r })
	h.forget(r.reg)
}

func (r *run) cancelEarlier() {
	h := r.reg.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, other := range r.reg.active {
		if other.number < r.number {
			other.cancel(ErrCancelled)
		}
	}
}
