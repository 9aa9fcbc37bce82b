package query

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"slate/store"
)

// maxRefetches is how many requests that one invalidation or reset causes run at the same time.
const maxRefetches = 32

// flight is one request for an entry. Everyone who asks while it runs shares it.
type flight struct {
	e         *entry
	arg       any // A, as the one who began it gave it
	seq       uint64
	born      uint64 // the entry's when it began
	started   uint64 // the invalidation clock when it began
	forced    bool
	ctx       context.Context
	cancel    context.CancelCauseFunc
	grace     *time.Timer
	announced bool // its pending action has been dispatched
	settled   bool // the answer is there and being published; it cannot be cancelled any more
	stopped   bool
	again     bool          // somebody asked for a refetch while it was being published
	outdated  bool          // something its answer depends on was invalidated after it had begun
	done      chan struct{} // closed when data and err are set
	data      any
	err       error
}

// begin starts a request on an entry that has none. The caller holds the lock and announces after it.
func (g *engine) begin(e *entry, forced bool) *flight {
	g.seq++
	f := &flight{e: e, arg: e.arg, seq: g.seq, born: e.born, started: g.clock, forced: forced, done: make(chan struct{})}
	f.ctx, f.cancel = context.WithCancelCause(g.ctx)
	e.flight = f
	g.flights[f] = struct{}{}
	g.wg.Add(1)
	return f
}

// announce makes begun requests visible, in one batch, and runs them, also where a subscriber ends the goroutine.
func (g *engine) announce(fs ...*flight) {
	if len(fs) == 0 {
		return
	}
	actions := make([]store.Action, 0, len(fs))
	for _, f := range fs {
		if old := g.inState(f.e); old != nil && old.seq <= f.born {
			actions = append(actions, f.e.key.ep.api.events.removed(f.event(old.seq))) // its removal is under way: it comes too late
		}
		actions = append(actions, f.e.key.ep.api.events.queryPending(f.event(f.seq)))
	}
	defer g.launch(fs)
	g.dispatch(actions...)
}

// launch runs announced requests.
func (g *engine) launch(fs []*flight) {
	var undo []store.Action
	g.mu.Lock()
	for _, f := range fs {
		f.announced = true
		if f.stopped {
			undo = append(undo, f.undo())
		}
		g.sync(f.e)
	}
	g.mu.Unlock()
	g.dispatch(undo...)

	if len(fs) <= maxRefetches {
		for _, f := range fs {
			go g.fly(f)
		}
		return
	}
	g.wg.Go(func() {
		var group errgroup.Group
		group.SetLimit(maxRefetches)
		for _, f := range fs {
			group.Go(func() error { g.fly(f); return nil })
		}
		_ = group.Wait() // flights report for themselves
	})
}

// undo returns the action that takes back what the pending action of a request did. The caller holds the lock.
func (f *flight) undo() store.Action {
	if f.e.gone {
		return f.e.removal(f.seq)
	}
	return f.e.key.ep.api.events.queryCancelled(f.event(f.seq))
}

func (f *flight) event(seq uint64) event {
	return event{ep: f.e.key.ep, key: f.e.key.arg, arg: f.arg, seq: seq, at: time.Now()}
}

// stop cancels a request that has not settled; its entry is free for another. The caller holds the lock.
func (g *engine) stop(f *flight, cause error) {
	f.stopped = true
	f.stopGrace()
	f.cancel(cause)
	f.e.flight = nil
	delete(g.flights, f)
}

func (f *flight) stopGrace() {
	if f.grace != nil {
		f.grace.Stop()
		f.grace = nil
	}
}

// answer is how a request ended.
type answer struct {
	data   any // *R
	err    error
	tags   []Tag
	tagged bool // tags are known: the function that names them was called and did not panic
}

// fly calls the endpoint and publishes the answer. It does so also where a function of the endpoint ends the goroutine, as
// the FailNow of a test does.
func (g *engine) fly(f *flight) {
	defer g.wg.Done()
	defer g.runs(f.e.key.ep)()
	defer f.cancel(nil)
	ep := f.e.key.ep
	a := answer{err: ep.panicked("Fetch", "it ended its goroutine")}
	defer func() { g.settle(f, a) }()

	panicked := false
	if cause := context.Cause(f.ctx); cause != nil {
		a.err = cause
	} else {
		a.data, a.err, panicked = ep.run(f.ctx, g.st, f.e.key, f.seq, f.forced, f.arg)
	}
	if !panicked {
		a.tags, a.tagged = ep.tagsOf(g.st, a.data, a.err, f.arg)
	}
}

// runs counts a request in among what runs in the store, until the returned function is called.
func (g *engine) runs(ep *endpoint) (end func()) {
	end, err := g.st.Begin(ep.fullName())
	if err != nil { // the store is being closed, and waits for the engine
		return func() {}
	}
	return end
}

// settle publishes an answer, unless the request was stopped.
func (g *engine) settle(f *flight, a answer) {
	e, ep := f.e, f.e.key.ep
	g.mu.Lock()
	if f.stopped || g.closed {
		delete(g.flights, f)
		if e.flight == f {
			e.flight = nil
		}
		f.err = context.Cause(f.ctx)
		g.mu.Unlock()
		close(f.done)
		return
	}
	f.settled = true
	f.stopGrace()
	if !a.tagged { // what was known stays in force
		a.tags = e.tags
	}
	g.index.set(e, a.tags)
	old := e.record.Load()
	g.mu.Unlock()

	defer g.land(f, &a) // also where a subscriber ends the goroutine
	action := ep.api.events.queryRejected
	if a.err == nil {
		action = ep.api.events.queryFulfilled
		if old != nil && old.data != nil {
			a.data = ep.shared(g.st, old.data, a.data)
		}
	}
	ev := f.event(f.seq)
	ev.data, ev.err, ev.tags = a.data, a.err, a.tags
	g.dispatch(action(ev))
}

// land ends a request whose answer has been published, and starts the next one where the answer is out of date already:
// something it depends on was invalidated after the request had begun.
func (g *engine) land(f *flight, a *answer) {
	e := f.e
	g.mu.Lock()
	g.sync(e)
	f.data, f.err = a.data, a.err
	delete(g.flights, f)
	if e.flight == f {
		e.flight = nil
	}
	if a.err == nil {
		e.answers = f.started
	}
	if g.recent.hit(a.tags, f.started) { // the index did not know the tags then
		e.stale = g.clock
	}
	f.outdated = f.stale()
	var next *flight
	var actions []store.Action
	switch r := e.record.Load(); {
	case e.gone || g.closed:
	case f.outdated && len(e.subs) > 0:
		next = g.begin(e, true)
	case f.outdated:
		actions = g.forget(actions, e, ErrRemoved)
	case r != nil && r.seq == f.seq && r.status == Pending: // a middleware dropped the answer, or a reducer panicked
		actions = append(actions, f.undo())
	}
	g.recent.trim(g.flights)
	g.mu.Unlock()
	close(f.done)
	g.dispatch(actions...)
	if next != nil {
		g.announce(next)
	}
}

// stale reports whether the request is known to need another after it. The caller holds the lock.
func (f *flight) stale() bool { return f.again || f.e.stale > f.started }

// abandon cancels a request that nobody waits for any more. Its entry goes back to what it was; where that is nothing, or
// out of date, the entry is removed.
func (g *engine) abandon(f *flight) {
	g.mu.Lock()
	e := f.e
	if g.closed || e.flight != f || f.settled || e.watched() {
		g.mu.Unlock()
		return
	}
	g.wg.Add(1)
	defer g.wg.Done()
	g.stop(f, errAbandoned)
	var actions []store.Action
	if r := e.record.Load(); r == nil || r.before == nil && r.status == Pending || e.stale > e.answers {
		actions = g.forget(actions, e, errAbandoned)
	} else if f.announced {
		actions = append(actions, f.undo())
	}
	g.mu.Unlock()
	g.dispatch(actions...)
	g.resync(e)
}
