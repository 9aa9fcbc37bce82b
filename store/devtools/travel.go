package devtools

import (
	"slices"

	"slate/store"
)

// trip is a jump that the log makes in its store.
type trip struct {
	from store.State // where the log believes the store is
	met  bool        // the store was somewhere else: an action came between
}

// onlyThere is the step that an edit names where the history is as it was, and only the place in it another one.
const onlyThere = -1

// edit changes the history and takes the store to where the changed one stands. Change gets a copy, and says from which
// step on the states have to be computed again (len(h.steps): none) and whether the reducers have to decide anew.
//
// The store's reducers run without the log's lock, and actions may come in meanwhile. One that comes before the edited
// history is in place lets the edit start over; one that comes after that and before the jump is in the log already, so
// the history with it is computed again and jumped to.
func (l *Log) edit(change func(h *history) (from int, force bool, err error)) error {
	l.command.Lock()
	defer l.command.Unlock()
	for edited := false; ; {
		l.mu.Lock()
		st, h, seen := l.st, l.h, l.seen
		l.mu.Unlock()
		if st == nil {
			return ErrNoStore
		}
		from, force := 0, false
		if !edited {
			var err error
			if from, force, err = change(&h); err != nil {
				return err
			}
		}
		if from != onlyThere && from < len(h.steps) {
			h.recompute(st, from, force)
		}
		t, ok := l.install(h, seen, from != onlyThere)
		if !ok {
			continue
		}
		edited = true
		err := st.Jump(h.state(h.at))
		if l.arrive(t); err != nil || !t.met {
			l.worker.wake()
			return err
		}
	}
}

// install makes an edited history the present one; false where actions came in since it was copied.
func (l *Log) install(h history, seen uint64, changed bool) (*trip, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.seen != seen {
		return nil, false
	}
	l.h = h
	l.h.drop(len(h.steps) - l.opts.MaxActions)
	if changed {
		l.epoch++
	}
	l.trip = &trip{from: l.live}
	return l.trip, true
}

// arrive ends a trip. Where the store stood there already, no tap said so.
func (l *Log) arrive(t *trip) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.trip == t {
		l.trip = nil
		if l.live == t.from {
			l.h.arrived(l.live)
		}
	}
}

// Jump takes the store to the state after an action; 0 is the base state before the first. Actions that are dispatched
// there lead on from that state: the ones between are skipped from then on, and can be switched on again with
// [Log.Toggle]. The error is a [*NoEntryError], [ErrNoStore] or the store's.
func (l *Log) Jump(id int) error {
	return l.edit(func(h *history) (int, bool, error) {
		i, err := h.index(id)
		h.at = i
		return onlyThere, false, err
	})
}

// JumpTo takes the store to the state after the action at an index of [View.Entries]; -1 is the base state. It is for
// sliders. The errors are those of [Log.Jump].
func (l *Log) JumpTo(index int) error {
	return l.edit(func(h *history) (int, bool, error) {
		if index < -1 || index >= len(h.steps) {
			return 0, false, &NoEntryError{ID: index}
		}
		h.at = index
		return onlyThere, false, nil
	})
}

// Toggle skips an action, or no longer skips it: the states from it on are computed again, without it, by the store's
// reducers. The errors are those of [Log.Jump].
func (l *Log) Toggle(id int) error {
	return l.edit(func(h *history) (int, bool, error) {
		i, err := h.index(id)
		if err == nil && i < 0 {
			err = &NoEntryError{ID: id}
		}
		if err != nil {
			return 0, false, err
		}
		h.steps = slices.Clone(h.steps)
		h.steps[i].skipped = !h.steps[i].skipped
		return i, false, nil
	})
}

// SetActive skips all actions with ids from first up to and without end, or none of them.
func (l *Log) SetActive(first, end int, active bool) error {
	return l.edit(func(h *history) (int, bool, error) {
		h.steps = slices.Clone(h.steps)
		from := len(h.steps)
		for i := range h.steps {
			if s := &h.steps[i]; s.id >= first && s.id < end {
				s.skipped = !active
				from = min(from, i)
			}
		}
		return from, false, nil
	})
}

// Move puts an action before another one; at the end where before is not in the log. The errors are those of [Log.Jump].
func (l *Log) Move(id, before int) error {
	return l.edit(func(h *history) (int, bool, error) {
		i, err := h.index(id)
		if err == nil && i < 0 {
			err = &NoEntryError{ID: id}
		}
		if err != nil || id == before {
			return onlyThere, false, err
		}
		moved := h.steps[i]
		h.steps = slices.Delete(slices.Clone(h.steps), i, i+1)
		to, err := h.index(before)
		switch {
		case err != nil:
			to = len(h.steps)
		case to < 0:
			to = 0
		}
		h.steps = slices.Insert(h.steps, to, moved)
		return min(i, to), false, nil
	})
}

// Replay computes all states again from the base, and goes to the last one: after [store.Store.Replace] the new reducers
// show what they would have made of the session.
func (l *Log) Replay() error {
	return l.edit(func(h *history) (int, bool, error) {
		h.at = len(h.steps) - 1
		return 0, true, nil
	})
}

// Sweep forgets the actions that are skipped.
func (l *Log) Sweep() error {
	return l.edit(func(h *history) (int, bool, error) {
		kept := make([]step, 0, len(h.steps))
		at := -1
		for i, s := range h.steps {
			if s.skipped {
				continue
			}
			kept = append(kept, s)
			if i <= h.at {
				at = len(kept) - 1
			}
		}
		h.steps, h.at = kept, at
		return len(kept), false, nil
	})
}

// Commit makes the present state the base, and forgets all actions.
func (l *Log) Commit() error {
	return l.edit(func(h *history) (int, bool, error) {
		h.clear(l.st.State()) // which is newer than the log where recording is paused
		return 0, false, nil
	})
}

// Rollback takes the store back to the base state, and forgets all actions.
func (l *Log) Rollback() error {
	return l.edit(func(h *history) (int, bool, error) {
		h.clear(h.base)
		return 0, false, nil
	})
}

// Reset takes the store back to the state it had when the log was attached, and forgets all actions.
func (l *Log) Reset() error {
	return l.edit(func(h *history) (int, bool, error) {
		h.clear(l.initial)
		return 0, false, nil
	})
}
