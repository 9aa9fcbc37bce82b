package history

import (
	"errors"
	"slices"
	"sync"

	"slate/store"
)

// ErrNothing is returned where there is nothing to undo or redo.
var ErrNothing = errors.New("history: there is nothing to undo or redo; ask CanUndo and CanRedo first")

const defaultSteps = 100

// Options configure a [History]. The zero value is ready for use.
type Options struct {
	// Steps is how many changes can be undone: 100 where zero. Older ones are forgotten.
	Steps int

	// Merge reports whether an action belongs to the step of the action before it, so that one undo takes both back. It must
	// be pure and quick. Where nil, each action is a step.
	Merge func(previous, next store.Action) bool

	// Ignore reports whether an action is no step: an undo of the step before takes back what it changed as well. It must be
	// pure and quick. Nil ignores none.
	Ignore func(store.Action) bool
}

// History keeps the earlier values of one slice in one store. It ends with the store or with [History.Stop]. All methods
// are safe for concurrent use.
type History[S any] struct {
	st      *store.Store
	slice   *store.Slice[S]
	opts    Options
	restore string // type of the action that sets the slice
	untap   func()

	mu      sync.Mutex   // may be taken under the store's lock, never the other way round
	past    []S          // the newest last
	future  []S          // the nearest last
	last    store.Action // of the newest step; the zero one: nothing merges with it
	own     *move[S]     // the undo or redo under way; nil: none
	stopped bool
}

// move is an undo or redo that was decided. It counts when it has gone through the reducers: one that panics takes it back.
type move[S any] struct {
	from, to *[]S
	left     S           // the value that it leaves
	before   store.State // that it is applied to
}

// New begins a history with the slice's present value. As long as the slice is not in the store there is
// nothing to undo.
func New[S any](st *store.Store, slice *store.Slice[S], opts Options) *History[S] {
	if opts.Steps <= 0 {
		opts.Steps = defaultSteps
	}
	h := &History[S]{st: st, slice: slice, opts: opts, restore: slice.Name() + "/@restore"}
	h.untap = st.Tap(h.note)
	return h
}

// Stop ends the history: later changes are no steps of it any more. What it has can still be undone, until
// [History.Clear] or [store.ResetAll]; so the store keeps it until Clear, where there is something left to undo or redo.
func (h *History[S]) Stop() {
	h.mu.Lock()
	h.stopped = true
	empty := len(h.past)+len(h.future) == 0
	h.mu.Unlock()
	if empty {
		h.untap()
	}
}

// CanUndo reports whether there is a step to undo. When subscribers of the slice hear of a change, it knows of it.
func (h *History[S]) CanUndo() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.past) > 0
}

// CanRedo reports whether there is an undone step to do again.
func (h *History[S]) CanRedo() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.future) > 0
}

// Undo takes the slice back by one step. The error is [ErrNothing], then no action is told of, or one of [store.Restore],
// then the step can still be undone.
func (h *History[S]) Undo() error { return h.step(&h.past, &h.future) }

// Redo does the step again that was undone last. The errors are those of [History.Undo].
func (h *History[S]) Redo() error { return h.step(&h.future, &h.past) }

// Clear forgets all steps. The slice stays as it is.
func (h *History[S]) Clear() {
	h.mu.Lock()
	h.forget()
	stopped := h.stopped
	h.mu.Unlock()
	if stopped {
		h.untap()
	}
}

// step goes to the nearest value of one list and leaves the present one in the other.
func (h *History[S]) step(from, to *[]S) error {
	h.mu.Lock()
	nothing := len(*from) == 0
	h.mu.Unlock()
	if nothing {
		return ErrNothing
	}
	var m *move[S]
	defer func() { // also where a reducer ends the goroutine
		h.mu.Lock()
		defer h.mu.Unlock()
		if m != nil && h.own == m {
			h.own = nil
		}
	}()
	err := store.Restore(h.st, h.slice, func(current S) S {
		h.mu.Lock()
		defer h.mu.Unlock()
		n := len(*from)
		if n == 0 { // another one was faster
			return current
		}
		m = &move[S]{from: from, to: to, left: current, before: h.st.State()}
		h.own = m
		return (*from)[n-1]
	})
	if err == nil && m == nil {
		return ErrNothing
	}
	return err
}

// note is the tap: it runs in the dispatch.
func (h *History[S]) note(t store.Transition) {
	h.mu.Lock()
	defer h.mu.Unlock()
	a := t.Action
	switch m := h.own; {
	case m != nil && a.Type() == h.restore && t.Before == m.before:
		h.commit(m)
		return
	case store.ResetAll.Matches(a): // also where the slice is at its initial value: what it was before is nobody's any more
		h.forget()
		return
	case h.stopped || !h.slice.Changed(t.Before, t.After):
		return
	case a.Type() == h.restore || store.Jumped.Matches(a):
		h.forget()
		return
	case h.opts.Ignore != nil && h.opts.Ignore(a):
		return
	}
	merged := h.opts.Merge != nil && h.last.Type() != "" && len(h.past) > 0 && h.opts.Merge(h.last, a)
	h.future, h.last = nil, a
	if merged {
		return
	}
	h.past = append(h.past, h.slice.Of(t.Before))
	if excess := len(h.past) - h.opts.Steps; excess > 0 {
		h.past = slices.Delete(h.past, 0, excess)
	}
}

// commit moves the values of an undo or redo that was applied. The caller holds h.mu.
func (h *History[S]) commit(m *move[S]) {
	n := len(*m.from)
	*m.from = slices.Delete(*m.from, n-1, n)
	*m.to = append(*m.to, m.left)
	h.last, h.own = store.Action{}, nil
}

// forget drops all steps, an undo that is under way too. The caller holds h.mu.
func (h *History[S]) forget() { h.past, h.future, h.last, h.own = nil, nil, store.Action{}, nil }
