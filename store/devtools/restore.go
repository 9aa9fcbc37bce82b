package devtools

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"slate/store"
)

// lasting returns a state as JSON by slice, with all that is in it. Transient slices are left out: what their JSON form
// says cannot always be read back.
func lasting(st *store.Store, s store.State) (out map[string]json.RawMessage, err error) {
	data, err := st.Encode(s)
	if err != nil {
		return nil, err
	}
	return out, json.Unmarshal(data, &out)
}

// restore returns the state with the slices that the JSON object tells of. Transient ones, those that are hidden in it and
// those that the store does not have stay as they are.
func restore(st *store.Store, s store.State, object map[string]json.RawMessage) (store.State, error) {
	known, err := lasting(st, s)
	if err != nil {
		return s, err
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if _, ok := known[name]; !ok || stands(object[name]) {
			continue
		}
		next, err := set(st, s, name, object[name])
		if unknown := (*store.UnknownActionError)(nil); errors.As(err, &unknown) {
			continue // saved by an earlier run, and not mounted in this one
		}
		if err != nil {
			return s, &ImportError{What: fmt.Sprintf("state of slice %q", name), Err: err}
		}
		s = next
	}
	return s, nil
}

// set returns the state with another value of a slice, by way of the action that restores it.
func set(st *store.Store, s store.State, slice string, value json.RawMessage) (store.State, error) {
	action, err := json.Marshal(wireAction{Type: slice + "/@restore", Payload: value})
	if err != nil {
		return s, err
	}
	a, err := st.Decode(action)
	if err != nil {
		return s, err
	}
	return st.Reduce(s, a)
}

// patch does to a state what led from before to after: it sets the slices that differ between these two.
func patch(st *store.Store, s, before, after store.State) (store.State, error) {
	changed, err := lasting(st, after)
	if err != nil {
		return s, err
	}
	for _, slice := range st.Slices() {
		if !slice.Changed(before, after) {
			delete(changed, slice.Name())
		}
	}
	return restore(st, s, changed)
}

// stands reports whether the data stands for what is not shown.
func stands(data []byte) bool {
	var text string
	return json.Unmarshal(data, &text) == nil && (text == Hidden || text == Unreadable)
}
