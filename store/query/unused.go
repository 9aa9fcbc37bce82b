package query

import (
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"slate/store"
)

// pin takes an entry out of the unused ones: somebody wants it, or it is gone. The caller holds the lock.
func (g *engine) pin(e *entry) {
	if lru := g.unused[e.key.ep]; lru != nil {
		lru.Remove(e)
	}
	if e.due = false; e.flight != nil {
		e.flight.stopGrace()
	}
}

// leave ends a waiter's interest. The caller holds the lock.
func (g *engine) leave(e *entry) {
	e.waiters--
	g.release(e)
}

// release puts an entry that nobody wants any more among the unused ones, where it stays until it is wanted again, its
// time has passed or there are too many. Its request has some time left to finish. The caller holds the lock.
func (g *engine) release(e *entry) {
	if g.closed || e.gone || e.watched() {
		return
	}
	ep := e.key.ep
	if f := e.flight; f != nil && !f.settled && f.grace == nil {
		f.grace = time.AfterFunc(max(0, ep.CancelAfter), func() { g.abandon(f) })
	}
	lru := g.unused[ep]
	if lru == nil {
		lru, _ = simplelru.NewLRU[*entry, time.Time](max(1, ep.MaxUnused), nil) // fails only for sizes below 1
		g.unused[ep] = lru
	}
	now := time.Now()
	if lru.Len() >= max(1, ep.MaxUnused) {
		oldest, _, _ := lru.RemoveOldest()
		oldest.due = true
		g.surplus = append(g.surplus, oldest)
		g.wake(now)
	}
	var expires time.Time
	if ep.KeepUnused != KeepForever {
		expires = now.Add(max(0, ep.KeepUnused))
		g.wake(expires)
	}
	lru.Add(e, expires)
}

// wake makes the one timer fire at t, or earlier. The caller holds the lock.
func (g *engine) wake(t time.Time) {
	switch {
	case g.timer == nil:
		g.timer = time.AfterFunc(time.Until(t), g.expire)
	case g.timerAt.IsZero() || t.Before(g.timerAt):
		g.timer.Reset(time.Until(t))
	default:
		return
	}
	g.timerAt = t
}

// expire removes the unused entries whose time has passed, and those that are too many. All results of an endpoint are
// kept equally long, so that its least recently used one is also its next to expire.
func (g *engine) expire() {
	g.mu.Lock()
	if g.closed {
		g.mu.Unlock()
		return
	}
	g.wg.Add(1)
	defer g.wg.Done()
	var removed []store.Action
	for _, e := range g.surplus {
		if e.due && !e.gone {
			removed = g.forget(removed, e, ErrRemoved)
		}
	}
	clear(g.surplus)
	g.surplus = g.surplus[:0]

	now := time.Now()
	var next time.Time
	for _, lru := range g.unused {
		for {
			e, expires, ok := lru.GetOldest()
			if !ok || expires.IsZero() {
				break
			}
			if expires.After(now) {
				if next.IsZero() || expires.Before(next) {
					next = expires
				}
				break
			}
			removed = g.forget(removed, e, ErrRemoved)
		}
	}
	if g.timerAt = (time.Time{}); !next.IsZero() {
		g.wake(next)
	}
	g.mu.Unlock()
	g.dispatch(removed...)
}
