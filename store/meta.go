package store

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// Meta is a typed remark on actions, beside their payload (meta in Redux Toolkit): where an action came from, when, whether
// it is to be synchronised. Reducers made with [Case] do not see it; middleware, matchers and listeners do. Declare it as
// a package variable:
//
//	var Source = store.NewMeta[string]("source")
//
// A Meta is safe for concurrent use.
type Meta[T any] struct{ key *metaKey }

type metaKey struct{ name string }

// meta is an action's remarks, the newest first. It is shared between copies of the action and never changes.
type meta struct {
	key     *metaKey
	value   any  // T; json.RawMessage where it was decoded
	decoded bool // key is nobody's: the name alone tells whose remark it is
	next    *meta
}

// NewMeta declares a remark. The name is its key in an action's JSON form. It panics if the name is empty.
func NewMeta[T any](name string) Meta[T] {
	if name == "" {
		panic("store: NewMeta needs a name")
	}
	return Meta[T]{&metaKey{name: name}}
}

// With returns the action with the remark, in place of an earlier one of the same Meta. The action itself stays as it is.
func (m Meta[T]) With(a Action, v T) Action {
	a.meta = &meta{key: m.key, value: v, next: a.meta}
	return a
}

// Of returns the action's remark; false where it has none, or one of the same name that came in as JSON and is no T.
func (m Meta[T]) Of(a Action) (v T, ok bool) {
	for r := a.meta; r != nil; r = r.next {
		switch {
		case r.key == m.key:
			v, _ = r.value.(T) // a T may be an interface, and nil
			return v, true
		case r.decoded && r.key.name == m.key.name:
			err := json.Unmarshal(r.value.(json.RawMessage), &v)
			return v, err == nil
		}
	}
	return v, false
}

// encode writes the remarks as an object; nil where there are none.
func (r *meta) encode() (json.RawMessage, error) {
	if r == nil {
		return nil, nil
	}
	object := map[string]json.RawMessage{}
	for ; r != nil; r = r.next {
		if _, newer := object[r.key.name]; newer {
			continue
		}
		data, err := json.Marshal(r.value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.key.name, err)
		}
		object[r.key.name] = data
	}
	return json.Marshal(object)
}

func decodeMeta(data json.RawMessage) (*meta, error) {
	if len(data) == 0 {
		return nil, nil
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(data, &object); err != nil {
		return nil, err
	}
	var all *meta
	for _, name := range slices.Sorted(maps.Keys(object)) {
		all = &meta{key: &metaKey{name}, value: object[name], decoded: true, next: all}
	}
	return all, nil
}
