package query

import (
	"context"

	"slate/store"
)

// Invalidation is what an [Invalidate] hit.
type Invalidation struct {
	g      *engine
	clock  uint64
	asked  []*entry // watched: refetched now, or after the request under way
	hits   []key
	missed []Tag
}

// Hits returns the keys of the entries that were hit, such as `userApi/getUser("42")`, refetched and removed ones alike.
func (i *Invalidation) Hits() []string {
	hits := make([]string, len(i.hits))
	for n, k := range i.hits {
		hits[n] = k.ep.api.Name() + "/" + k.String()
	}
	return hits
}

// Missed returns the tags that no entry provides at the moment. A tag that is always among them is a mistake: nothing
// provides it.
func (i *Invalidation) Missed() []Tag { return i.missed }

// Err returns an [*UnprovidedTagsError] where there are tags that no entry provides at the moment, for those who want to
// know: a test, a development build. Nothing was lost by it; what was hit was refetched all the same.
func (i *Invalidation) Err() error {
	if len(i.missed) == 0 {
		return nil
	}
	return &UnprovidedTagsError{i.missed}
}

// Wait blocks until every refetch that the invalidation caused has settled. The error is the cause of ctx, where that
// ends first; how the refetches ended is in the entries. A request whose tags were not known yet is not waited for. A
// subscriber must not call Wait: a request may be waiting for the subscriber.
func (i *Invalidation) Wait(ctx context.Context) error {
	for _, e := range i.asked {
		for {
			i.g.mu.Lock()
			f := e.flight
			i.g.mu.Unlock()
			if f == nil {
				break
			}
			select {
			case <-f.done:
			case <-ctx.Done():
				return context.Cause(ctx)
			}
			if f.started >= i.clock {
				break
			}
		}
	}
	return nil
}

// Invalidate declares data out of date (invalidateTags in RTK Query): of the entries of all APIs of the store that provide
// one of the tags, the watched ones are fetched again, without waiting for anybody else's request, and the others are
// removed. An entry whose request began before is fetched once more after it. What matches what: see [TagType.Tag].
//
// The requests have been started when it returns; [Invalidation.Wait] waits for them.
func Invalidate(st *store.Store, tags ...Tag) *Invalidation { return engineOf(st).invalidate(tags) }

func (g *engine) invalidate(tags []Tag) *Invalidation {
	g.mu.Lock()
	g.clock++
	inv := &Invalidation{g: g, clock: g.clock}
	var begun []*flight
	var removed []store.Action
	for _, t := range tags {
		if t.typ == "" || g.closed {
			continue
		}
		if len(g.flights) > 0 {
			g.recent[t] = g.clock
		}
		found := g.index.matches(t)
		if len(found) == 0 {
			inv.missed = append(inv.missed, t)
		}
		// Removing an entry changes the index; what is to be removed is collected first.
		var unwatched []*entry
		for _, m := range found {
			e := m.e
			if e.visited == g.clock {
				continue
			}
			e.visited, e.stale = g.clock, g.clock
			inv.hits = append(inv.hits, e.key)
			switch {
			case e.flight != nil:
				inv.asked = append(inv.asked, e)
			case len(e.subs) > 0:
				begun = append(begun, g.begin(e, true))
				inv.asked = append(inv.asked, e)
			default:
				unwatched = append(unwatched, e)
			}
		}
		for _, e := range unwatched {
			removed = g.forget(removed, e, ErrRemoved)
		}
	}
	g.mu.Unlock()
	g.dispatch(removed...)
	g.announce(begun...)
	return inv
}

// Matching returns the entries that an [Invalidate] with the tags would hit (selectInvalidatedBy in RTK Query). Nothing
// is changed.
func Matching(st *store.Store, tags ...Tag) []Entry {
	g := engineOf(st)
	var found []described
	seen := map[*entry]bool{}
	g.mu.Lock()
	for _, t := range tags {
		for _, m := range g.index.matches(t) {
			if !seen[m.e] {
				seen[m.e] = true
				found = append(found, m.e.describe())
			}
		}
	}
	g.mu.Unlock()
	return named(found)
}
