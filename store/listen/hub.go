package listen

import (
	"context"
	"slices"
	"sync"

	"slate/store"
)

// hub is what is alive of the listeners of one store.
type hub struct {
	st       *store.Store
	failures failures

	mu     sync.Mutex // may be taken under the store's lock, never the other way round
	closed bool
	table  table
	regs   map[*Listener]*registration
	runs   uint64 // started so far
}

// registration is a listener in a store, for as long as it is started or effects of it run.
type registration struct {
	hub      *hub
	listener *Listener
	ctx      context.Context // of Start
	hook     *hook           // nil: stopped
	unlink   func() bool     // from ctx
	active   []*run          // in the order in which they were started
}

var hubs = store.NewDep[*hub]("slate/store/listen")

// hubOf returns the store's hub, which taps the store from the first call on.
func hubOf(st *store.Store) *hub {
	return hubs.OfOr(st, func(st *store.Store) *hub {
		h := &hub{st: st, regs: map[*Listener]*registration{}}
		h.failures.logger, h.failures.turn = st.Logger(), make(chan struct{}, 1)
		st.Tap(h.tell)
		st.OnClose(h.close)
		return h
	})
}

// tell hands a transition to the hooks. It runs under the store's lock.
func (h *hub) tell(t store.Transition) {
	h.mu.Lock()
	lists := h.table.wanting(t)
	h.mu.Unlock()
	tellFrom(lists[:], t)
}

// add adds a hook; false where the store is closed.
func (h *hub) add(k *hook) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.closed {
		h.table.add(k)
	}
	return !h.closed
}

func (h *hub) remove(k *hook) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.table.remove(k)
}

func (h *hub) start(ctx context.Context, l *Listener) bool {
	l.sealed.Store(true)
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.regs[l]
	if h.closed || ctx.Err() != nil || r != nil && r.hook != nil {
		return false
	}
	if r == nil {
		r = &registration{hub: h, listener: l}
		h.regs[l] = r
	}
	match := l.arm()
	k := &hook{typ: l.typ, change: l.change}
	k.tell = func(t store.Transition) {
		if l.typ == "" && store.Jumped.Matches(t.Action) { // what is travelled to has had its effects
			return
		}
		if effect := match(t); effect != nil {
			h.begin(r, k, t, effect)
		}
	}
	k.failed = func(t store.Transition, err error) {
		h.report(&Error{Listener: l.name, Action: t.Action.Type(), In: InPredicate, Err: err})
	}
	r.ctx, r.hook, r.unlink = ctx, k, func() bool { return true }
	if ctx.Done() != nil {
		r.unlink = context.AfterFunc(ctx, func() { h.detached(r, k) })
	}
	h.table.add(k)
	return true
}

func (h *hub) stop(l *Listener) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.detach(h.regs[l])
}

// detached stops a start of the listener whose context ended.
func (h *hub) detached(r *registration, k *hook) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if r.hook == k {
		h.detach(r)
	}
}

// detach stops a registration. The caller holds h.mu.
func (h *hub) detach(r *registration) bool {
	if r == nil || r.hook == nil {
		return false
	}
	r.unlink()
	h.table.remove(r.hook)
	r.hook = nil
	h.forget(r)
	return true
}

// forget drops a registration of which nothing is left. The caller holds h.mu.
func (h *hub) forget(r *registration) {
	if r.hook == nil && len(r.active) == 0 {
		delete(h.regs, r.listener)
	}
}

func (h *hub) cancel(l *Listener) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.regs[l]
	if r == nil {
		return false
	}
	return r.cancel(ErrCancelled)
}

// cancel cancels the effects that run; false where there are none. The caller holds the hub's lock.
func (r *registration) cancel(cause error) (any bool) {
	for _, run := range r.active {
		any = run.ctx.Err() == nil || any
		run.cancel(cause)
	}
	return any
}

// running reports whether an effect runs that was not cancelled. The caller holds the hub's lock.
func (r *registration) running() bool {
	return slices.ContainsFunc(r.active, func(run *run) bool { return run.ctx.Err() == nil })
}

func (h *hub) clear() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.end(ErrCancelled)
}

// end stops all listeners and cancels their effects. The caller holds h.mu.
func (h *hub) end(cause error) {
	for _, r := range h.regs {
		h.detach(r)
		r.cancel(cause)
	}
}

// close ends everything when the store is closed, which then waits for what it was told of with Begin.
func (h *hub) close() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	h.end(store.ErrClosed)
	return nil
}
