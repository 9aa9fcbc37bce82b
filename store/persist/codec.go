package persist

import (
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
)

// Codec writes a slice's state as bytes and reads it back. [JSON] is the usual one; [Keep] and [Drop] write some of its
// fields. A codec is safe for concurrent use.
type Codec[S any] interface {
	// Name is stored beside the data: data of another codec is not read. It is 1 to 32 of a-z, 0-9, -, _, . and +.
	Name() string

	// Encode writes a state.
	Encode(S) ([]byte, error)

	// Decode reads a state. What the data does not say is as in initial, whose maps, slices and pointers it must not change.
	Decode(data []byte, initial S) (S, error)
}

// JSON returns the codec of encoding/json: a type decides with its JSON form what is saved, and a password that must not
// be stored has the tag `json:"-"`. Fields of a struct that the data does not name keep their initial value. So
// a field with omitempty or omitzero has an empty one: [New] refuses any other, to which an empty field would come back.
func JSON[S any]() Codec[S] { return jsonCodec[S]{} }

// Keep returns the codec that saves only the named fields of a struct, by their names in JSON. The others start with their
// initial value. It panics where S has no such field. [New] refuses it for a type with a JSON form of its own, and for one
// with an embedded pointer.
func Keep[S any](fields ...string) Codec[S] {
	checkFields(reflect.TypeFor[S](), fields)
	return jsonCodec[S]{func(field string) bool { return slices.Contains(fields, field) }}
}

// Drop returns the codec that saves all fields of a struct but the named ones, by their names in JSON. Those start with
// their initial value. It panics where S has no such field. [New] refuses it for a type with a JSON form of its own, and
// for one with an embedded pointer.
func Drop[S any](fields ...string) Codec[S] {
	checkFields(reflect.TypeFor[S](), fields)
	return jsonCodec[S]{func(field string) bool { return !slices.Contains(fields, field) }}
}

// jsonCodec writes the fields for which keep is true; all of them where it is nil.
type jsonCodec[S any] struct{ keep func(field string) bool }

func (jsonCodec[S]) Name() string { return "json" }

func (c jsonCodec[S]) Encode(s S) ([]byte, error) {
	data, err := json.Marshal(&s)
	if err != nil || c.keep == nil {
		return data, err
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return nil, err
	}
	for name := range fields {
		if !c.keep(name) {
			delete(fields, name)
		}
	}
	return json.Marshal(fields)
}

func (c jsonCodec[S]) Decode(data []byte, initial S) (S, error) {
	var read S
	err := overlay(data, &initial, &read, c.keep)
	return initial, err
}

// overlay reads data over the value that to points to; read points to a zero value of the same type. The data is not read
// into to itself: json.Unmarshal would write into its maps and slices, which the slice's initial value shares.
func overlay(data []byte, to, read any, keep func(string) bool) error {
	if u, custom := to.(json.Unmarshaler); custom && keep == nil {
		return u.UnmarshalJSON(data)
	}
	if err := json.Unmarshal(data, read); err != nil {
		return err
	}
	target, source := reflect.ValueOf(to).Elem(), reflect.ValueOf(read).Elem()
	if _, text := to.(encoding.TextUnmarshaler); text || target.Kind() != reflect.Struct {
		target.Set(source)
		return nil
	}
	named := names(data)
	for _, f := range fieldsOf(target.Type()) {
		if keep != nil && !keep(f.name) {
			continue
		}
		t, s := target.FieldByIndex(f.index), source.FieldByIndex(f.index)
		if !s.IsZero() || !t.IsZero() && named(f.name) {
			t.Set(s)
		}
	}
	return nil
}

// names returns a function that reports whether a JSON object names a field. It reads the data when it is first asked,
// which is only where a field has an initial value and is empty in the data, or missing.
func names(data []byte) func(field string) bool {
	var fields map[string]json.RawMessage
	return func(field string) bool {
		if fields == nil && json.Unmarshal(data, &fields) != nil {
			return true // no object: the type reads something else, and has read it
		}
		for name := range fields {
			if strings.EqualFold(name, field) { // as encoding/json does
				return true
			}
		}
		return false
	}
}
