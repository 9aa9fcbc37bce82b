package store

import (
	"encoding/json"
	"reflect"
	"strings"
)

// restore reads a saved slice. Initial points to a copy of the slice's initial value and empty to a zero value of the same
// type; the result is one of them.
//
// The data is not read into the copy: json.Unmarshal would write into its maps and slices, which all stores share, and
// keep map entries that had been deleted when the slice was saved. Fields of a struct that the data does not name keep
// their initial value, so that a field which is new in this version of the program has its default. A type with an
// UnmarshalJSON of its own gets the copy and decides for itself.
func restore(initial, empty any, data []byte) (any, error) {
	if _, custom := initial.(json.Unmarshaler); custom {
		return initial, json.Unmarshal(data, initial)
	}
	if err := json.Unmarshal(data, empty); err != nil {
		return nil, err
	}
	start := reflect.ValueOf(initial).Elem()
	if start.Kind() != reflect.Struct || start.IsZero() { // nothing to keep
		return empty, nil
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(data, &fields) != nil {
		return empty, nil
	}
	named := make(map[string]bool, len(fields))
	for name := range fields {
		named[strings.ToLower(name)] = true // encoding/json does not mind the case either
	}
	copyNamed(reflect.ValueOf(initial).Elem(), reflect.ValueOf(empty).Elem(), named)
	return initial, nil
}

// copyNamed copies the fields of a struct that named holds. The fields of an embedded struct count as its own.
func copyNamed(to, from reflect.Value, named map[string]bool) {
	for i := range to.NumField() {
		f := to.Type().Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "" && f.Type.Kind() == reflect.Struct:
			copyNamed(to.Field(i), from.Field(i), named)
		case f.Anonymous && name == "" && f.IsExported() && !from.Field(i).IsZero(): // a pointer: its fields were named
			to.Field(i).Set(from.Field(i))
		case f.IsExported() && (named[strings.ToLower(name)] || name == "" && named[strings.ToLower(f.Name)]):
			to.Field(i).Set(from.Field(i))
		}
	}
}
