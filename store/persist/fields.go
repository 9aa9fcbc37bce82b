package persist

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// field is a field of a struct as JSON sees it.
type field struct {
	name  string
	index []int
}

// fieldsOf lists the exported fields of a struct; those of embedded structs count as its own.
func fieldsOf(t reflect.Type) (fields []field) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Tag.Get("json") == "-":
		case f.Anonymous && name == "" && f.Type.Kind() == reflect.Struct:
			for _, inner := range fieldsOf(f.Type) {
				fields = append(fields, field{inner.name, append([]int{i}, inner.index...)})
			}
		case f.IsExported():
			if name == "" {
				name = f.Name
			}
			fields = append(fields, field{name, []int{i}})
		}
	}
	return fields
}

// ownForms are the interfaces by which a type decides what its JSON is.
var ownForms = []reflect.Type{
	reflect.TypeFor[json.Marshaler](), reflect.TypeFor[json.Unmarshaler](),
	reflect.TypeFor[encoding.TextMarshaler](), reflect.TypeFor[encoding.TextUnmarshaler](),
}

// ownForm reports whether only the type knows what its JSON has to do with its fields.
func ownForm(t reflect.Type) bool {
	return slices.ContainsFunc(ownForms, func(form reflect.Type) bool {
		return t.Implements(form) || reflect.PointerTo(t).Implements(form)
	})
}

// whole reports whether a type cannot be merged field by field.
func whole(t reflect.Type) bool {
	return t.Kind() != reflect.Struct || ownForm(t) || len(fieldsOf(t)) == 0
}

// checkFields panics where a type has no such fields.
func checkFields(t reflect.Type, names []string) {
	if ownForm(t) {
		return // New refuses it
	}
	if t.Kind() != reflect.Struct {
		panic(fmt.Sprintf("persist: Keep and Drop choose fields of a struct, and %v is none", t))
	}
	known := fieldsOf(t)
	for _, name := range names {
		if !slices.ContainsFunc(known, func(f field) bool { return f.name == name }) {
			panic(fmt.Sprintf("persist: %v has no field %q in its JSON form", t, name))
		}
	}
}

// fault returns why the codec cannot save all states of a slice with this initial value; empty: it can.
func (c jsonCodec[S]) fault(initial S) string { return fault(reflect.ValueOf(&initial).Elem(), c.keep) }

func fault(initial reflect.Value, keep func(string) bool) string {
	t := initial.Type()
	if ownForm(t) {
		if keep != nil {
			return fmt.Sprintf("Keep and Drop do not know the fields of %v, which has a JSON form of its own; use persist.JSON", t)
		}
		return ""
	}
	if t.Kind() != reflect.Struct {
		return ""
	}
	for _, f := range fieldsOf(t) {
		in := t.FieldByIndex(f.index)
		name, options, _ := strings.Cut(in.Tag.Get("json"), ",")
		if keep != nil && in.Anonymous && name == "" && in.Type.Kind() == reflect.Pointer {
			return fmt.Sprintf("Keep and Drop cannot choose among the fields of the embedded pointer %s; embed the struct itself or give the field a name", in.Name)
		}
		if keep != nil && !keep(f.name) {
			continue
		}
		for option := range strings.SplitSeq(options, ",") {
			v := initial.FieldByIndex(f.index)
			if option == "omitempty" && !empty(v) || option == "omitzero" && !v.IsZero() {
				return fmt.Sprintf("its field %q has %s and an initial value, which would come back where the field is made empty; take %s away", f.name, option, option)
			}
		}
	}
	return ""
}

// empty reports whether omitempty omits a value.
func empty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Array, reflect.Slice, reflect.Map, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return true // it never does
	default:
		return v.IsZero()
	}
}
