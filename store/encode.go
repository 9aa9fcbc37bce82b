package store

import (
	"encoding/json"
	"maps"
)

// Encode writes the slices of a snapshot as a JSON object by slice name, for [Options.Saved]. A type decides with its JSON
// form what is saved. Parts of Options.Saved that no slice has claimed are written as they were: the slice may be one that
// this run did not come to inject; [Slice.Transient] ones are left out. The error is an [*EncodeError] that names the slice, or [ErrInReducer].
func (st *Store) Encode(state State) ([]byte, error) {
	if err := st.lock(); err != nil {
		return nil, err
	}
	mounted := st.mounted[:len(st.mounted):len(st.mounted)]
	out := map[string]json.RawMessage{}
	maps.Copy(out, st.saved)
	st.mu.Unlock()

	for _, c := range mounted {
		if c.transient {
			continue
		}
		data, err := json.Marshal(c.typed(state.slot(c)))
		if err != nil {
			return nil, &EncodeError{Slice: c.name, Err: err}
		}
		out[c.name] = data
	}
	return json.Marshal(out)
}
