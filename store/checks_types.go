package store

import (
	"reflect"

	"slate/store/internal/inspect"
)

// typeCheck finds types that cannot be written as JSON. Each is looked at once.
type typeCheck struct {
	kinds  map[*kind]bool
	slices map[*sliceCore]bool
	meta   map[*metaKey]bool
}

// encodableAction looks at the type of an action's payload and at those of its remarks.
func (c *inspection) encodableAction(a Action, routes []route) {
	for r := a.meta; r != nil; r = r.next {
		if !r.decoded && !c.types.meta[r.key] {
			c.types.meta[r.key] = true
			c.encodable("meta "+r.key.name, reflect.TypeOf(r.value), "")
		}
	}
	if a.payload == nil || c.types.kinds[a.kind] {
		return
	}
	c.types.kinds[a.kind] = true
	for _, r := range routes {
		if a.kind == r.slice.restored { // its payload is the state
			return
		}
	}
	c.encodable(a.Type(), reflect.TypeOf(a.payload).Elem(), ", so that the action cannot be logged, replayed or sent on. Keep what is alive in a store.Dep, leave the field out with `json:\"-\"`, or give the type a MarshalJSON")
}

// encodableState looks at the type of a slice's state.
func (c *inspection) encodableState(s *sliceCore) {
	if s.transient || c.types.slices[s] {
		return
	}
	c.types.slices[s] = true
	if !c.ignores(s.name) {
		c.encodable(s.name, reflect.TypeOf(s.typed(s.initial)).Elem(), ", so that the state cannot be saved. Keep what is alive in a store.Dep, leave the field out with `json:\"-\"`, give the type a MarshalJSON, or declare the slice Transient")
	}
}

func (c *inspection) encodable(name string, t reflect.Type, so string) {
	if t == nil {
		return
	}
	for _, p := range inspect.Unencodable(t) {
		where := name + p.Pattern
		if !c.ignores(where) {
			c.report(Finding{"encoding", where, "(" + p.Type.String() + ") " + p.Why + so + "."}, where)
		}
	}
}
