package devtools

import (
	"encoding/json"
	"slices"
	"sync"
	"time"

	"slate/store"
)

// record is one action and what it did when it happened. It never changes, so that the log and its readers share it.
type record struct {
	typ           string
	action        store.Action
	raw           json.RawMessage // the action as it was imported, where this program cannot decode it
	at            time.Time
	took          time.Duration
	before, after store.State
	sets          bool  // no action that reducers could repeat: the state went from before to after
	err           error // why it is none, where an import could not decode it

	once    sync.Once
	encoded json.RawMessage // the action as it is shown
	weight  int             // bytes of the whole action as JSON
}

// step is the place of a record in the present history.
type step struct {
	*record
	id      int
	skipped bool
	state   store.State // after it
	err     error       // why it could not be repeated
}

// history is the actions since the base state. Readers hold copies of it: a step that somebody may have seen is not
// changed in place.
type history struct {
	base   store.State
	steps  []step
	at     int // index of the step whose state is the present one; -1: the base
	next   int // id of the next step
	locked bool
	paused bool
}

// state returns the state after a step; -1 is the base.
func (h *history) state(i int) store.State {
	if i < 0 {
		return h.base
	}
	return h.steps[i].state
}

// index returns where the step of an id is; 0 is the base.
func (h *history) index(id int) (int, error) {
	if id == 0 {
		return -1, nil
	}
	if i, ok := slices.BinarySearchFunc(h.steps, id, func(s step, id int) int { return s.id - id }); ok {
		return i, nil
	}
	// The steps may have been put in another order.
	if i := slices.IndexFunc(h.steps, func(s step) bool { return s.id == id }); i >= 0 {
		return i, nil
	}
	return 0, &NoEntryError{ID: id}
}

// append adds what just happened. Where the present state is an earlier one, the steps after it did not lead to the new
// one: they are skipped from now on. It reports whether that changed any.
func (h *history) append(r *record) (edited bool) {
	if h.at < len(h.steps)-1 {
		edited = true
		h.steps = slices.Clone(h.steps)
		for i := h.at + 1; i < len(h.steps); i++ {
			h.steps[i].skipped, h.steps[i].state, h.steps[i].err = true, h.state(h.at), nil
		}
	}
	h.steps = append(h.steps, step{record: r, id: h.next, state: r.after})
	h.next++
	h.at = len(h.steps) - 1
	return edited
}

// drop makes the oldest steps part of the base.
func (h *history) drop(n int) {
	if n > 0 {
		h.base = h.state(n - 1)
		h.steps = h.steps[n:]
		h.at = max(h.at-n, -1)
	}
}

// arrived notes that the present state is the same as before, but another snapshot.
func (h *history) arrived(s store.State) {
	if h.at < 0 {
		h.base = s
		return
	}
	h.steps = slices.Clone(h.steps)
	h.steps[h.at].state = s
}

// recompute finds the states after the steps from one on. A step that comes upon the state it came upon when it happened
// does what it did then; with force the reducers decide anew.
func (h *history) recompute(st *store.Store, from int, force bool) {
	h.steps = slices.Clone(h.steps)
	state := h.state(from - 1)
	for i := max(from, 0); i < len(h.steps); i++ {
		s := &h.steps[i]
		s.err = s.record.err
		switch {
		case s.skipped:
		case state == s.before && (s.sets || !force):
			state = s.after
		case s.sets:
			state = patch(st, state, s.before, s.after)
		default:
			state, s.err = st.Reduce(state, s.action)
		}
		s.state = state
	}
}

// clear forgets all steps.
func (h *history) clear(base store.State) { h.base, h.steps, h.at = base, nil, -1 }
