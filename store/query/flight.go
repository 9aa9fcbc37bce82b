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
	seq       uint64
	started   uint64 // the invalidation clock when it began
	forced    bool
	ctx       context.Context
	cancel    context.CancelCauseFunc
	grace     *time.Timer
	announced bool // its pending action has been dispatched
	settled   bool // the answer is there and being published; it cannot be cancelled any more
	stopped   bool
	again     bool          // somebody asked for a refetch while it was being published
	done      chan struct{} // closed when data and err are set
	data      any
	err       error
}

// begin starts a request on an entry that has none. The caller holds the lock and announces after it.
func (g *engine) begin(e *entry, forced bool) *flight {
	g.seq++
	f := &flight{e: e, seq: g.seq, started: g.clock, forced: forced, done: make(chan struct{})}
	f.ctx, f.cancel = context.WithCancelCause(g.ctx)
	e.flight = f
	g.flights[f] = struct{}{}
	g.wg.Add(1)
	return f
}

// announce makes begun requests visible, in one batch, and runs them.
func (g *engine) announce(fs ...*flight) {
	if len(fs) == 0 {
		return
	}
	actions := make([]store.Action, len(fs))
	for i, f := range fs {
		actions[i] = f.e.key.ep.api.events.queryPending(f.e.event(f.seq))
	}
	g.dispatch(actions...)

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

// undo returns the action that takes back what the pending action of a stopped request did.
func (f *flight) undo() store.Action {
	if f.e.gone {
		return f.e.key.ep.api.events.removed(f.e.event(f.seq))
	}
	return f.e.key.ep.api.events.queryCancelled(f.e.event(f.seq))
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

// fly calls the endpoint and publishes the answer.
func (g *engine) fly(f *flight) {
	defer g.wg.Done()
	defer f.cancel(nil)
	ep := f.e.key.ep
	var data any
	err, panicked := context.Cause(f.ctx), false
	if err == nil {
		data, err, panicked = ep.run(f.ctx, Call{g.st, ep.fullName(), f.e.key.String(), requestID(f.seq), f.forced}, f.e.arg)
	}
	tags, tagged := []Tag(nil), false
	if !panicked {
		tags, tagged = ep.tagsOf(g.st, data, err, f.e.arg)
	}
	g.settle(f, data, err, tags, tagged)
}

// settle publishes an answer, unless the request was stopped, and starts the next one where the answer is out of date
// already: something it depends on was invalidated after the request had begun.
func (g *engine) settle(f *flight, data any, err error, tags []Tag, tagged bool) {
	e, ep := f.e, f.e.key.ep
	g.mu.Lock()
	if f.stopped || g.closed {
		delete(g.flights, f)
		f.err = context.Cause(f.ctx)
		g.mu.Unlock()
		close(f.done)
		return
	}
	f.settled = true
	f.stopGrace()
	if !tagged { // the function that names them panicked: what was known stays in force
		tags = e.tags
	}
	g.index.set(e, tags)
	old := e.record.Load()
	g.mu.Unlock()

	ev := e.event(f.seq)
	ev.data, ev.err, ev.tags = data, err, tags
	action := ep.api.events.queryRejected
	if err == nil {
		action = ep.api.events.queryFulfilled
		if old != nil && old.data != nil {
			ev.data = ep.share(old.data, data)
		}
	}
	g.dispatch(action(ev))

	g.mu.Lock()
	g.sync(e)
	f.data, f.err = ev.data, err
	delete(g.flights, f)
	if e.flight == f {
		e.flight = nil
	}
	var next *flight
	var removed []store.Action
	if stale := f.again || e.stale > f.started || g.recent.hit(tags, f.started); !e.gone && !g.closed {
		switch {
		case stale && len(e.subs) > 0:
			next = g.begin(e, true)
		case stale:
			removed = append(removed, g.forget(e, ErrRemoved))
		}
	}
	g.recent.trim(g.flights)
	g.mu.Unlock()
	close(f.done)
	g.dispatch(removed...)
	if next != nil {
		g.announce(next)
	}
}

// abandon cancels a request that nobody waits for any more; its entry goes back to what it was.
func (g *engine) abandon(f *flight) {
	g.mu.Lock()
	e := f.e
	if g.closed || e.flight != f || f.settled || e.watched() {
		g.mu.Unlock()
		return
	}
	g.stop(f, errAbandoned)
	var actions []store.Action
	if r := e.record.Load(); r == nil || r.before == nil && r.status == Pending {
		actions = append(actions, g.forget(e, errAbandoned))
	} else if f.announced {
		actions = append(actions, f.undo())
	}
	g.mu.Unlock()
	g.dispatch(actions...)
	g.resync(e)
}

// fetch returns the entry's data: what is cached, unless forced, or the answer of a request that callers share.
func (g *engine) fetch(ctx context.Context, k key, arg any, forced bool) (any, error) {
	if err := g.attach(k.ep.api); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, context.Cause(ctx)
	}
	g.mu.Lock()
	e := g.entry(k, arg)
	g.pin(e)
	e.waiters++
	for {
		if g.closed {
			g.mu.Unlock()
			return nil, store.ErrClosed
		}
		f := e.flight
		if f == nil && !forced && e.hit() {
			data := e.record.Load().data
			g.leave(e)
			g.mu.Unlock()
			return data, nil
		}
		begun := f == nil
		if begun {
			e.arg = arg
			f = g.begin(e, forced)
		}
		// An answer that is being published is too old for who wants a newer one: wait for it, then ask again.
		late := !begun && forced && f.settled
		g.mu.Unlock()
		if begun {
			g.announce(f)
		}
		select {
		case <-f.done:
		case <-ctx.Done():
			g.mu.Lock()
			g.leave(e)
			g.mu.Unlock()
			return nil, context.Cause(ctx)
		}
		g.mu.Lock()
		if late {
			if e.gone {
				e = g.entry(k, arg)
				g.pin(e)
				e.waiters++
			}
			continue
		}
		g.leave(e)
		g.mu.Unlock()
		return f.data, f.err
	}
}

// hit reports whether a caller is content with what is cached. The caller holds the lock.
func (e *entry) hit() bool {
	r := e.record.Load()
	if r == nil {
		return false
	}
	return r.status == Fulfilled || r.data != nil && !(r.status == Rejected && e.key.ep.refetchFailed)
}

// refetch asks again, unless a request is running already.
func (g *engine) refetch(e *entry) {
	g.mu.Lock()
	if g.closed || e.gone {
		g.mu.Unlock()
		return
	}
	if f := e.flight; f != nil {
		f.again = f.again || f.settled
		g.mu.Unlock()
		return
	}
	f := g.begin(e, true)
	g.mu.Unlock()
	g.announce(f)
}
