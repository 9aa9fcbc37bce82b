package store

import "unsafe"

// Jumped is the action that taps see where [Store.Jump] changed the state: Jumped.Matches. Dispatching it does nothing.
var Jumped = NewSignal("@@slate/jump")

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

// Take returns the snapshot with the given slices as they are in another one. Both stay as they are.
func (s State) Take(from State, slices ...Mountable) State {
	d := draft{base: s.root, version: imaginedVersion()}
	if d.base == nil {
		d.base = &root{}
	}
	for _, m := range slices {
		if c := m.mount(); d.get(c) != from.slot(c) {
			d.set(c.index, from.slot(c))
		}
	}
	if d.next == nil {
		return s
	}
	return State{d.next}
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
