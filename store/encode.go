package store

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
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
	return object(out), nil
}

// object writes a JSON object, its parts as they are: encoding/json would look at every byte of them once more.
func object(parts map[string]json.RawMessage) []byte {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, name := range slices.Sorted(maps.Keys(parts)) {
		if i > 0 {
			out.WriteByte(',')
		}
		key, _ := json.Marshal(name) // a string can always be written
		out.Write(key)
		out.WriteByte(':')
		out.Write(parts[name])
	}
	out.WriteByte('}')
	return out.Bytes()
}
