package query

import (
	"context"

	"slate/store"
)

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
	asked := g.clock
	for {
		if g.closed {
			g.mu.Unlock()
			return nil, store.ErrClosed
		}
		f := e.flight
		if !forced && (f == nil && e.hit() || f != nil && g.published(f)) {
			r := e.record.Load()
			g.leave(e)
			g.mu.Unlock()
			return r.data, r.err
		}
		begun := f == nil
		if begun {
			e.arg = arg
			f = g.begin(e, forced)
		}
		// An answer that is being published is too old for who wants a newer one.
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
		// So is one that was out of date before this caller asked. Wait for the next one, and ask for it where nobody has.
		if late || f.outdated && f.started < asked {
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
	if r == nil || e.stale > e.answers {
		return false
	}
	return r.status == Fulfilled || r.data != nil && !(r.status == Rejected && e.key.ep.refetchFailed)
}

// published reports whether the answer of a request is in the state already, though not all have been told of it: who asks
// now need not wait, and could not where it is a subscriber that is being told. The caller holds the lock.
func (g *engine) published(f *flight) bool {
	if !f.settled || f.stale() || g.recent.hit(f.e.tags, f.started) {
		return false
	}
	g.sync(f.e)
	r := f.e.record.Load()
	return r != nil && r.seq == f.seq && r.status != Pending
}

// refetch asks again, unless a request is running already.
func (g *engine) refetch(s *subscriber) {
	e := s.e
	g.mu.Lock()
	if g.closed || s.closed {
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
