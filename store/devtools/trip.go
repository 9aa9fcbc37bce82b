package devtools

import (
	"context"
	"time"

	"slate/store"
)

// trip is an edit of the history under way. Who edits owns it, save for what the tap touches: that is guarded by Log.mu.
type trip struct {
	h       history
	changed bool // not only the place in it

	since   []*record // what happened since it was copied and is not in it yet; guarded
	leaving bool      // the store is jumping to it; guarded
	there   bool      // it is the present history; guarded
}

// begin copies the history for an edit. What the tap was not told of, slices that were mounted and what happened while
// recording was paused, is made an entry first. It returns the state that the copy belongs to.
func (l *Log) begin(st *store.Store) (*trip, store.State, error) {
	for {
		if ctx := st.Context(); ctx.Err() != nil {
			return nil, store.State{}, context.Cause(ctx)
		}
		l.mu.Lock()
		seen := l.seen
		l.mu.Unlock()
		now := st.State()
		// The tap runs under the store's lock: who had that has waited until the log was told what led to now.
		if _, err := st.Reduce(now, store.Jumped()); err != nil {
			return nil, store.State{}, err
		}
		if t, ok := l.copy(now, seen); ok {
			return t, now, nil
		}
	}
}

func (l *Log) copy(now store.State, seen uint64) (*trip, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.seen != seen {
		return nil, false
	}
	if now != l.live {
		l.add(l.unrecorded(now, time.Time{}))
		l.live = now
		l.worker.wake()
	}
	l.trip = &trip{h: l.h}
	return l.trip, true
}

// catchUp appends to the edited history what happened since, and returns from where on its states are to be computed;
// onlyThere where nothing happened.
func (l *Log) catchUp(t *trip) (from int) {
	l.mu.Lock()
	since := t.since
	t.since = nil
	l.mu.Unlock()
	if len(since) == 0 {
		return onlyThere
	}
	from = len(t.h.steps)
	for _, r := range since {
		t.h.append(r)
	}
	t.changed = true
	return from
}

// leave says that the next jump is the one to the edited history; false where something happened that is not in it.
func (l *Log) leave(t *trip) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	t.leaving = len(t.since) == 0
	return t.leaving
}

// land is told of the jump. Where something came between, the edited history is not complete, and the jump is one among
// the entries until the next. The caller holds l.mu.
func (l *Log) land(tr store.Transition) {
	t := l.trip
	t.leaving = false
	if len(t.since) == 0 {
		l.install(t, tr.After)
		return
	}
	l.add(&record{typ: tr.Action.Type(), action: tr.Action, at: tr.At, before: tr.Before, after: tr.After, sets: true})
	t.since = t.since[:len(t.since)-1] // the edited history leads there without it
}

// arrive reports whether the edited history is the present one, after a jump. Where the store stood there already, no tap
// said so.
func (l *Log) arrive(t *trip, err error) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err == nil && t.leaving && len(t.since) == 0 {
		l.install(t, l.live)
	}
	t.leaving = false
	return t.there
}

// install makes the edited history the present one. The store is at state. The caller holds l.mu.
func (l *Log) install(t *trip, state store.State) {
	t.h.locked, t.h.paused = l.h.locked, l.h.paused
	t.h.next = max(t.h.next, l.h.next)
	t.h.arrived(state)
	l.h, t.there = t.h, true
	if t.changed {
		l.epoch++
	}
	l.trip = nil
}

// end forgets an edit that did not arrive.
func (l *Log) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.trip = nil
}
