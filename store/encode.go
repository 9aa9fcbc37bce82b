package store

import "encoding/json"

// Encode writes the slices of a snapshot as a JSON object by slice name, for [Options.Saved]. A type decides with its JSON
// form what is saved. The error is an [*EncodeError] that names the slice.
func (st *Store) Encode(state State) ([]byte, error) {
	out := map[string]json.RawMessage{}
	for _, c := range st.slices() {
		data, err := json.Marshal(state.slot(c))
		if err != nil {
			return nil, &EncodeError{Slice: c.name, Err: err}
		}
		out[c.name] = data
	}
	return json.Marshal(out)
}
