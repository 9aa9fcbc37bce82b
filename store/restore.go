package store

import (
	"unsafe"
)

// ResetAll takes every mounted slice back to its initial value, in one dispatch: at log-out, say. A slice that wants
// something else answers to it itself, with [OnSignal].
var ResetAll = NewSignal("@@slate/resetAll")

var resetKind = ResetAll().kind

// Jumped is the action that taps see where [Store.Jump] changed the state: Jumped.Matches. Dispatching it does nothing.
var Jumped = NewSignal("@@slate/jump")

// ownKinds are the actions that every store knows.
func ownKinds() map[string]*kind {
	return map[string]*kind{resetKind.typ: resetKind, Jumped.Type(): Jumped().kind}
}

// Restore sets a slice to what fn makes of its present state, as one step: nothing comes between. It is for those who bring
// back a state from elsewhere, such as a disk; what happens in an application is said with actions. The change is an
// action as well, of type "name/@restore" with the new state as its payload, so that devtools see it and a recording
// replays it; it does not pass the middleware, since it is made in the moment it is applied.
//
// fn runs under the store's lock, as a reducer does. The error is a [*NotMountedError] where the slice is not in the
// store, a [*PanicError], [ErrInReducer] or [ErrClosed].
func Restore[S any](st *Store, slice *Slice[S], fn func(current S) S) error {
	return st.change(Action{kind: slice.core.restored}, func(s State) (Action, error) {
		mounted := st.byName[slice.core.name]
		if mounted == nil || mounted.index != slice.core.index {
			return Action{}, &NotMountedError{Slice: slice.core.name}
		}
		next := fn(slice.Of(s))
		return Action{kind: mounted.restored, payload: &next}, nil
	})
}

// Jump makes an earlier (or imagined) snapshot of the store the present one: time travel. Subscribers of the slices that
// differ are told; taps see an action of type "@@slate/jump". Slices that were mounted since then read as their initial
// value. The new state has a version of its own. The error is [ErrClosed] or [ErrInReducer].
func (st *Store) Jump(to State) error {
	if err := st.lock(); err != nil {
		return err
	}
	var news round
	defer st.tellRound(&news)
	defer st.mu.Unlock()
	pressing := st.urgent(Jumped())
	if st.life.closed() {
		return ErrClosed
	}
	before := State{st.root.Load()}
	d := draft{base: before.root, version: after(st.version)}
	var changed []*sliceCore
	for _, c := range st.mounted {
		if next := to.slot(c); next != before.slot(c) && !c.identity.identical(next, before.slot(c)) {
			d.set(c.index, next)
			changed = append(changed, c)
		}
	}
	if d.next == nil {
		return nil
	}
	st.publish(d.next, changed, pressing, &news)
	st.tell(Transition{Action: Jumped(), Before: before, After: st.State(), At: st.now()})
	return nil
}

// With returns the snapshot with another value of one slice. The snapshot itself stays as it is. It is for tests and tools;
// a store goes there with [Store.Jump].
func (s *Slice[S]) With(state State, value S) State {
	base := state.root
	if base == nil {
		base = &root{}
	}
	d := draft{base: base, version: imaginedVersion()}
	d.set(s.core.index, unsafe.Pointer(&value))
	return State{d.next}
}
