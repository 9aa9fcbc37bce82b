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

	mu     sync.Mutex
	past   []S          // the newest last
	future []S          // the nearest last
	last   store.Action // of the newest step; the zero one: nothing merges with it
	own    bool         // the next transition is an undo or redo
}

// New begins a history with the slice's present value. The slice must be in the store by the time of the first undo.
func New[S any](st *store.Store, slice *store.Slice[S], opts Options) *History[S] {
	if opts.Steps <= 0 {
		opts.Steps = defaultSteps
	}
	h := &History[S]{st: st, slice: slice, opts: opts, restore: slice.Name() + "/@restore"}
	h.untap = st.Tap(h.note)
	return h
}

// Stop ends the history: later changes are no steps of it any more, and what it has can still be undone.
func (h *History[S]) Stop() { h.untap() }

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

// Undo takes the slice back by one step. The error is [ErrNothing], or one of [store.Restore].
func (h *History[S]) Undo() error { return h.step(&h.past, &h.future) }

// Redo does the step again that was undone last. The error is [ErrNothing], or one of [store.Restore].
func (h *History[S]) Redo() error { return h.step(&h.future, &h.past) }

// Clear forgets all steps. The slice stays as it is.
func (h *History[S]) Clear() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.forget()
}

// step goes to the nearest value of one list and leaves the present one in the other.
func (h *History[S]) step(from, to *[]S) error {
	moved := false
	err := store.Restore(h.st, h.slice, func(current S) S {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.own = true
		n := len(*from)
		if n == 0 {
			return current
		}
		next := (*from)[n-1]
		*from = slices.Delete(*from, n-1, n)
		*to = append(*to, current)
		h.last = store.Action{}
		moved = true
		return next
	})
	if err == nil && !moved {
		return ErrNothing
	}
	return err
}

// note is the tap: it runs in the dispatch.
func (h *History[S]) note(t store.Transition) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.own {
		h.own = false
		return
	}
	if !h.slice.Changed(t.Before, t.After) {
		return
	}
	a := t.Action
	switch {
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

func (h *History[S]) forget() { h.past, h.future, h.last = nil, nil, store.Action{} }
