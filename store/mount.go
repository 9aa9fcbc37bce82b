package store

import (
	"reflect"
	"slices"
)

// Inject adds slices to the store (combineSlices.inject in Redux Toolkit). Before that they read as their initial value;
// after it they start with their part of Options.Saved, or that initial value. A slice that is mounted already is left
// alone. The errors are those of [New], [ErrInReducer] and [ErrClosed]; either all slices are added or none.
func (st *Store) Inject(slices ...Mountable) error { return st.mount(slices, false) }

// Replace exchanges mounted slices for others that were made with [Slice.Replacement] (replaceReducer in Redux, and inject
// with overrideExisting). The state stays what it is; from the next action on it is the new slice's reducers that answer.
// A slice whose name is not mounted is added. The errors are those of [Store.Inject].
func (st *Store) Replace(slices ...Mountable) error { return st.mount(slices, true) }

// Slices returns the mounted slices, in the order in which they were mounted, for tools. On a closed store it returns the last
// ones.
func (st *Store) Slices() []Mountable {
	defer st.enter()()
	all := make([]Mountable, len(st.mounted))
	for i, c := range st.mounted {
		all[i] = c
	}
	return all
}

// mounting is a change of the mounted slices that either happens as a whole or not at all.
type mounting struct {
	st       *Store
	replace  bool
	draft    draft
	added    []*sliceCore
	old      map[*sliceCore]*sliceCore // replaced slice → its replacement
	pressing bool                      // subscribers are to hear of it at once
}

func (st *Store) mount(list []Mountable, replace bool) error {
	if err := st.lock(); err != nil {
		return err
	}
	var news round
	defer st.tellRound(&news)
	return st.mountLocked(list, replace, &news)
}

// mountLocked mounts slices and lets go of the lock, which the caller holds.
func (st *Store) mountLocked(list []Mountable, replace bool, news *round) error {
	defer st.mu.Unlock()
	if st.life.closed() {
		return ErrClosed
	}
	m := mounting{st: st, replace: replace, draft: draft{base: st.root.Load(), version: after(st.version)}, old: map[*sliceCore]*sliceCore{}}
	for _, s := range list {
		if s == nil {
			return ErrNil
		}
		if err := m.add(s.mount()); err != nil {
			return err
		}
	}
	kinds, err := m.kinds()
	if err != nil {
		return err
	}
	if len(m.added) == 0 && len(m.old) == 0 {
		return nil
	}
	m.pressing = st.urgent(Action{})
	m.commit(kinds, news)
	return nil
}

// add takes up one slice.
func (m *mounting) add(c *sliceCore) error {
	known := m.st.byName[c.name]
	fresh := known == nil
	for _, a := range m.added {
		if a.name == c.name {
			known = a
		}
	}
	switch {
	case known == c || known != nil && m.old[known] == c:
		return nil
	case known != nil && m.replace && !fresh && known.index == c.index && m.old[known] == nil:
		m.old[known] = c
		return nil
	case known != nil:
		return &DuplicateSliceError{Name: c.name}
	}
	state := c.initial
	if data, ok := m.st.saved[c.name]; ok && !c.transient {
		restored, err := c.decode(data)
		if err != nil {
			return &DecodeError{What: "saved slice " + c.name, Err: err}
		}
		state = reflect.ValueOf(restored).UnsafePointer()
	}
	m.added = append(m.added, c)
	m.draft.set(c.index, state)
	return nil
}

// kinds returns the action types that the slices declare or answer to, all of them where slices are replaced.
func (m *mounting) kinds() (map[string]*kind, error) {
	all := ownKinds()
	note := func(c *sliceCore) error {
		for k := range c.cases {
			if other := all[k.typ]; other != nil && other != k {
				return &DuplicateActionError{Type: k.typ}
			}
			all[k.typ] = k
		}
		return nil
	}
	for _, c := range m.st.mounted {
		if r := m.old[c]; r != nil {
			c = r
		}
		if err := note(c); err != nil {
			return nil, err
		}
	}
	for _, c := range m.added {
		if err := note(c); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (m *mounting) commit(kinds map[string]*kind, news *round) {
	st := m.st
	st.mounted = slices.Clone(st.mounted) // who encodes reads the old list
	for i, c := range st.mounted {
		if r := m.old[c]; r != nil {
			st.mounted[i] = r
			st.byName[r.name] = r
			r.sealed.Store(true)
		}
	}
	for _, c := range m.added {
		c.sealed.Store(true)
		st.byName[c.name] = c
		delete(st.saved, c.name)
	}
	st.mounted = append(st.mounted, m.added...)
	st.kinds = kinds
	st.routes = nil
	if m.draft.next != nil {
		st.publish(m.draft.next, m.added, m.pressing, news)
	}
}
