package devtools

import (
	"encoding/json"
	"errors"
	"fmt"

	"slate/store"
)

// errDoesNotFit stands for what a type says of JSON that it cannot read: that may quote what is hidden.
var errDoesNotFit = errors.New("it does not fit the type")

// restore returns the state with the slices that the JSON object tells of, and those. Transient ones, those that are
// hidden in it and those that the store does not have stay as they are.
func restore(st *store.Store, s store.State, object map[string]json.RawMessage) (_ store.State, told []store.Mountable, err error) {
	for _, slice := range st.Slices() {
		value, ok := object[slice.Name()]
		if !ok || stands(value) || !lasts(slice) {
			continue
		}
		if s, err = set(st, s, slice.Name(), value); err != nil {
			return s, nil, &ImportError{What: "state", Err: fmt.Errorf("slice %q cannot be read: %w", slice.Name(), err)}
		}
		told = append(told, slice)
	}
	return s, told, nil
}

// lasts reports whether a slice is part of saved states: whether what its JSON form says can be read back. A store that
// has the slice alone tells.
func lasts(slice store.Mountable) (is bool) {
	defer func() {
		if recover() != nil {
			is = true // it was asked for its JSON form
		}
	}()
	alone, err := store.New(store.Options{}, slice)
	if err != nil {
		return false
	}
	defer alone.Close()
	data, err := alone.Encode(store.State{})
	return err != nil || string(data) != "{}"
}

// set returns the state with another value of a slice, by way of the action that restores it.
func set(st *store.Store, s store.State, slice string, value json.RawMessage) (store.State, error) {
	action, err := json.Marshal(wireAction{Type: slice + "/@restore", Payload: value})
	if err != nil {
		return s, errDoesNotFit
	}
	a, err := decode(st, action)
	if err != nil {
		return s, err
	}
	return st.Reduce(s, a)
}

// decode reads an action. What the error of a type says is left out, and its code may panic.
func decode(st *store.Store, data []byte) (a store.Action, err error) {
	refused := &store.DecodeError{What: "action", Err: errDoesNotFit}
	defer func() {
		if recover() != nil {
			a, err = store.Action{}, refused
		}
	}()
	a, err = st.Decode(data)
	if cause, ok := errors.AsType[*store.DecodeError](err); ok {
		refused.What = cause.What
		return store.Action{}, refused
	}
	return a, err
}

// patch does to a state what led from before to after: it sets the slices that differ between these two.
func patch(st *store.Store, s, before, after store.State) store.State {
	var changed []store.Mountable
	for _, slice := range st.Slices() {
		if slice.Changed(before, after) {
			changed = append(changed, slice)
		}
	}
	return s.Take(after, changed...)
}

// stands reports whether the data stands for what is not shown.
func stands(data []byte) bool {
	var text string
	return json.Unmarshal(data, &text) == nil && (text == Hidden || text == Unreadable)
}
