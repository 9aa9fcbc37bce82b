package medtech

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// Extra holds the JSON fields of a document that its Go type has no field for,
// each with its text as received. They are written back when the document is
// encoded, so that reading, changing and writing loses nothing that a newer
// server or another client has put there. Names that the type does know are
// ignored in it.
//
// Every model gets this by the same two methods, which hand a type without
// methods (so that the encoding does not call itself) to decodeKeeping and
// encodeKeeping:
//
//	func (t Telecom) MarshalJSON() ([]byte, error) { type plain Telecom; return encodeKeeping(plain(t), t.Extra) }
//	func (t *Telecom) UnmarshalJSON(b []byte) error {
//		type plain Telecom
//		return decodeKeeping(b, (*plain)(t), &t.Extra)
//	}
type Extra map[string]json.RawMessage

// decodeKeeping decodes the JSON object data into doc, a pointer to a struct,
// and puts what doc has no field for into extra.
func decodeKeeping(data []byte, doc any, extra *Extra) error {
	if err := json.Unmarshal(data, doc); err != nil {
		return err
	}
	*extra = nil
	known := knownFields(reflect.TypeOf(doc).Elem())
	for name, value := range members(data) {
		if known.has(name) {
			continue
		}
		if *extra == nil {
			*extra = Extra{}
		}
		(*extra)[string(name)] = bytes.Clone(value)
	}
	return nil
}

// encodeKeeping encodes doc, a struct, and appends the fields of extra in the
// order of their names.
func encodeKeeping(doc any, extra Extra) ([]byte, error) {
	data, err := json.Marshal(doc)
	if err != nil || len(extra) == 0 {
		return data, err
	}
	known := knownFields(reflect.TypeOf(doc))
	out := data[:len(data)-1] // without the closing brace
	for _, name := range slices.Sorted(maps.Keys(extra)) {
		if known.has([]byte(name)) {
			continue
		}
		if !json.Valid(extra[name]) {
			return nil, fmt.Errorf("medtech: extra field %q does not hold JSON", name)
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		key, err := json.Marshal(name)
		if err != nil {
			return nil, err
		}
		out = append(append(append(out, key...), ':'), extra[name]...)
	}
	return append(out, '}'), nil
}

// fieldNames are the JSON names that a struct type encodes.
type fieldNames map[string]bool

// has compares as encoding/json decodes: exactly, else without regard to case.
func (f fieldNames) has(name []byte) bool {
	if f[string(name)] {
		return true
	}
	for known := range f {
		if strings.EqualFold(known, string(name)) {
			return true
		}
	}
	return false
}

var fieldNamesOf sync.Map // reflect.Type → fieldNames

func knownFields(t reflect.Type) fieldNames {
	if names, ok := fieldNamesOf.Load(t); ok {
		return names.(fieldNames)
	}
	names := fieldNames{}
	for _, f := range reflect.VisibleFields(t) {
		tag := f.Tag.Get("json")
		if f.Anonymous || !f.IsExported() || tag == "-" {
			continue
		}
		name, _, _ := strings.Cut(tag, ",")
		if name == "" {
			name = f.Name
		}
		names[name] = true
	}
	fieldNamesOf.Store(t, names)
	return names
}

// members lists the names and the raw values of a JSON object, all as parts of
// data where that is possible: it runs over every document that is read. The data must
// be valid JSON; anything but an object has no members.
func members(data []byte) iter.Seq2[[]byte, json.RawMessage] {
	return func(yield func([]byte, json.RawMessage) bool) {
		rest := bytes.TrimLeft(data, jsonSpace)
		if len(rest) == 0 || rest[0] != '{' {
			return
		}
		for rest = rest[1:]; ; {
			rest = bytes.TrimLeft(rest, jsonSpace+",")
			if len(rest) == 0 || rest[0] != '"' {
				return
			}
			quoted := rest[:stringEnd(rest)]
			rest = bytes.TrimLeft(rest[len(quoted):], jsonSpace+":")
			value := rest[:valueEnd(rest)]
			rest = rest[len(value):]
			if !yield(unquote(quoted), bytes.TrimRight(value, jsonSpace)) {
				return
			}
		}
	}
}

// unquote answers what a JSON string stands for. Names are hardly ever escaped.
func unquote(quoted []byte) []byte {
	if bytes.IndexByte(quoted, '\\') < 0 && utf8.Valid(quoted) {
		return quoted[1 : len(quoted)-1]
	}
	var s string
	_ = json.Unmarshal(quoted, &s) // it was valid within the object
	return []byte(s)
}

const jsonSpace = " \t\r\n"

// stringEnd is the length of the JSON string that data begins with.
func stringEnd(data []byte) int {
	for i := 1; i < len(data); i++ {
		switch data[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(data)
}

// valueEnd is the length of the JSON value that data begins with, with the
// white space that follows a number or a word.
func valueEnd(data []byte) int {
	depth := 0
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '"':
			i += stringEnd(data[i:]) - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return i
			}
			depth--
		case ',':
			if depth == 0 {
				return i
			}
		}
	}
	return len(data)
}
