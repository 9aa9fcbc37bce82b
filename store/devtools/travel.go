package devtools

import (
	"slices"

	"slate/store"
)

// onlyThere is the step that an edit names where the history is as it was, and only the place in it another one.
const onlyThere = -1

// edit changes the history and takes the store to where the changed one stands. Change gets a copy, and says from which
// step on the states have to be computed again (len(h.steps): none) and whether the reducers have to decide anew. Live is
// the state of the store that the copy belongs to.
//
// The store's reducers run without the log's lock, and actions may come in meanwhile. They become part of the edited
// history before it is jumped to, as if they had come after the edit; nothing is computed twice for that. The edited
// history takes its place in the moment of the jump: where the store refuses that, the log stays what it was.
func (l *Log) edit(change func(h *history, live store.State) (from int, force bool, err error)) error {
	l.command.Lock()
	defer l.command.Unlock()
	st := l.Store()
	if st == nil {
		return ErrNoStore
	}
	t, live, err := l.begin(st)
	if err != nil {
		return err
	}
	defer l.end()
	from, force, err := change(&t.h, live)
	if err != nil {
		return err
	}
	t.changed = from != onlyThere
	for {
		if from != onlyThere && from < len(t.h.steps) {
			t.h.recompute(st, from, force)
		}
		if from, force = l.catchUp(t), false; from != onlyThere {
			continue
		}
		t.h.drop(len(t.h.steps) - l.opts.MaxActions)
		if !l.leave(t) {
			from = len(t.h.steps)
			continue
		}
		err := st.Jump(t.h.state(t.h.at))
		if arrived := l.arrive(t, err); arrived || err != nil {
			l.worker.wake()
			return err
		}
		from = len(t.h.steps)
	}
}

// Jump takes the store to the state after an action; 0 is the base state before the first. Actions that are dispatched
// there lead on from that state: the ones between are skipped from then on, and can be switched on again with
// [Log.Toggle]. The error is a [*NoEntryError], [ErrNoStore] or the store's.
func (l *Log) Jump(id int) error {
	return l.edit(func(h *history, _ store.State) (int, bool, error) {
		i, err := h.index(id)
		h.at = i
		return onlyThere, false, err
	})
}

// JumpTo takes the store to the state after the action at an index of [View.Entries]; -1 is the base state. It is for
// sliders. The errors are those of [Log.Jump].
func (l *Log) JumpTo(index int) error {
	return l.edit(func(h *history, _ store.State) (int, bool, error) {
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
	return l.edit(func(h *history, _ store.State) (int, bool, error) {
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
	return l.edit(func(h *history, _ store.State) (int, bool, error) {
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
	return l.edit(func(h *history, _ store.State) (int, bool, error) {
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
	return l.edit(func(h *history, _ store.State) (int, bool, error) {
		h.at = len(h.steps) - 1
		return 0, true, nil
	})
}

// Sweep forgets the actions that are skipped.
func (l *Log) Sweep() error {
	return l.edit(func(h *history, _ store.State) (int, bool, error) {
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
	return l.edit(func(h *history, live store.State) (int, bool, error) {
		h.clear(live)
		return 0, false, nil
	})
}

// Rollback takes the store back to the base state, and forgets all actions.
func (l *Log) Rollback() error {
	return l.edit(func(h *history, _ store.State) (int, bool, error) {
		h.clear(h.base)
		return 0, false, nil
	})
}

// Reset takes the store back to the state it had when the log was attached, and forgets all actions.
func (l *Log) Reset() error {
	return l.edit(func(h *history, _ store.State) (int, bool, error) {
		h.clear(l.initial)
		return 0, false, nil
	})
}
