package listen

import (
	"runtime/debug"
	"slices"
	"sync/atomic"

	"slate/store"
)

// hook is called for transitions, under the store's lock.
type hook struct {
	typ    string // of the actions it wants; "" for all
	change bool   // wants only what changed the state
	tell   func(store.Transition)
	failed func(store.Transition, error) // tell panicked, or ended the goroutine
	dead   atomic.Bool
}

func (k *hook) call(t store.Transition) {
	done := false
	defer func() {
		if done {
			return
		}
		err := store.ErrGoexit
		if v := recover(); v != nil {
			err = &store.PanicError{In: "predicate", Value: v, Stack: debug.Stack()}
		}
		k.failed(t, err)
	}()
	k.tell(t)
	done = true
}

// tellFrom calls the hooks of some lists, also those behind one that ends the goroutine.
func tellFrom(lists [][]*hook, t store.Transition) {
	defer func() {
		if len(lists) > 0 {
			tellFrom(lists, t)
		}
	}()
	for len(lists) > 0 {
		if len(lists[0]) == 0 {
			lists = lists[1:]
			continue
		}
		k := lists[0][0]
		lists[0] = lists[0][1:]
		if !k.dead.Load() {
			k.call(t)
		}
	}
}

// table has the hooks by what they want, so that a dispatch costs those nothing that want something else. The hub's lock
// guards it.
type table struct {
	typed   map[string]*hooks
	any     hooks
	changes hooks
}

// hooks is a list to which hooks are only added. Removed ones are dead until they are half; then the rest moves to a new
// list. So who holds the list can go through it while others change it.
type hooks struct {
	list []*hook
	dead int
}

func (t *table) add(k *hook) { l := t.listOf(k); l.list = append(l.list, k) }

func (t *table) remove(k *hook) {
	if k.dead.Swap(true) {
		return
	}
	l := t.listOf(k)
	l.dead++
	switch {
	case l.dead == len(l.list) && k.typ != "":
		delete(t.typed, k.typ)
	case 2*l.dead >= len(l.list):
		l.list = slices.DeleteFunc(slices.Clone(l.list), func(k *hook) bool { return k.dead.Load() })
		l.dead = 0
	}
}

func (t *table) listOf(k *hook) *hooks {
	switch {
	case k.change:
		return &t.changes
	case k.typ == "":
		return &t.any
	}
	l := t.typed[k.typ]
	if l == nil {
		if t.typed == nil {
			t.typed = map[string]*hooks{}
		}
		l = &hooks{}
		t.typed[k.typ] = l
	}
	return l
}

// wanting returns the hooks that may want a transition.
func (t *table) wanting(tr store.Transition) [3][]*hook {
	var lists [3][]*hook
	if l := t.typed[tr.Action.Type()]; l != nil {
		lists[0] = l.list
	}
	lists[1] = t.any.list
	if tr.Before != tr.After {
		lists[2] = t.changes.list
	}
	return lists
}
