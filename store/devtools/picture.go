package devtools

import (
	"encoding/json"
	"reflect"

	"slate/store"
)

// picturesKept is how many states the log keeps in their JSON form: neighbours in the log share one, and a panel asks for
// the same few again and again.
const picturesKept = 16

// Unreadable stands for a slice whose state cannot be written as JSON. The reason is left out: it may quote what is hidden.
const Unreadable = "[cannot be written as JSON]"

var unreadable = json.RawMessage(`"` + Unreadable + `"`)

// picture is a state as it is shown: JSON by slice, without what is hidden.
type picture struct {
	of     store.State
	slices map[string]json.RawMessage
}

// picture returns a state as it is shown. A slice that is in it as it was in the picture before is not encoded again.
func (l *Log) picture(s store.State) *picture {
	if p, ok := l.pictures.Get(s); ok {
		return p
	}
	st := l.Store()
	if st == nil {
		return &picture{}
	}
	last := l.latest.Load()
	p := &picture{of: s, slices: map[string]json.RawMessage{}}
	for _, slice := range st.Slices() {
		name := slice.Name()
		if last != nil && !slice.Changed(last.of, s) {
			if data, ok := last.slices[name]; ok {
				p.slices[name] = data
				continue
			}
		}
		p.slices[name] = l.opts.slice(slice, s)
	}
	l.pictures.Add(s, p)
	l.latest.Store(p)
	return p
}

// slice returns what is shown of a slice. One that is hidden is not even encoded; code of the slice's types may panic.
func (o *Options) slice(slice store.Mountable, s store.State) (shown json.RawMessage) {
	name := slice.Name()
	if o.hides(name) {
		return hidden
	}
	defer func() {
		if recover() != nil {
			shown = unreadable
		}
	}()
	data, err := json.Marshal(addressable(slice.Value(s)))
	if err != nil {
		return unreadable
	}
	return o.state(name, data)
}

// addressable returns a pointer to a copy of v: a type may hide its secrets in a MarshalJSON that only a pointer has.
func addressable(v any) any {
	if v == nil {
		return nil
	}
	p := reflect.New(reflect.TypeOf(v))
	p.Elem().Set(reflect.ValueOf(v))
	return p.Interface()
}

func (p *picture) json() json.RawMessage {
	data, _ := json.Marshal(p.slices) // all of them are JSON
	return data
}
