package inspect

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strings"
)

// Problem is a part of a type that cannot be written as JSON or read back from it.
type Problem struct {
	Pattern string // where: ".Items[].Done"; empty: the type itself
	Type    reflect.Type
	Why     string // "is a channel", a sentence without its subject
}

// Unencodable returns what keeps values of a type from being written as JSON and read back. Types with a MarshalJSON or
// MarshalText of their own are trusted. What an interface without methods holds is not known from the type and not looked
// at.
func Unencodable(t reflect.Type) []Problem {
	e := encodability{seen: map[reflect.Type]bool{}}
	e.visit(t, "")
	return e.found
}

type encodability struct {
	seen  map[reflect.Type]bool
	found []Problem
}

var (
	marshalerType     = reflect.TypeFor[json.Marshaler]()
	textMarshalerType = reflect.TypeFor[encoding.TextMarshaler]()
)

// writesItself reports whether a type decides about its JSON form.
func writesItself(t reflect.Type) bool {
	for _, t := range []reflect.Type{t, reflect.PointerTo(t)} {
		if t.Implements(marshalerType) || t.Implements(textMarshalerType) {
			return true
		}
	}
	return false
}

func (e *encodability) visit(t reflect.Type, at string) {
	if e.seen[t] || writesItself(t) {
		return
	}
	e.seen[t] = true
	switch t.Kind() {
	case reflect.Pointer:
		e.visit(t.Elem(), at)
	case reflect.Slice, reflect.Array:
		e.visit(t.Elem(), at+"[]")
	case reflect.Map:
		if !keyable(t.Key()) {
			e.add(at, t, "is a map whose keys are neither strings nor integers and have no MarshalText")
			return
		}
		e.visit(t.Elem(), at+"[]")
	case reflect.Struct:
		e.fields(t, at)
	case reflect.Interface:
		if t.NumMethod() > 0 {
			e.add(at, t, "is an interface with methods, which cannot be read back")
		}
	case reflect.Chan:
		e.add(at, t, "is a channel")
	case reflect.Func:
		e.add(at, t, "is a function")
	case reflect.Complex64, reflect.Complex128:
		e.add(at, t, "is a complex number")
	case reflect.UnsafePointer:
		e.add(at, t, "is an unsafe pointer")
	}
}

// add notes a problem. The same type somewhere else is another one.
func (e *encodability) add(at string, t reflect.Type, why string) {
	e.found = append(e.found, Problem{at, t, why})
	delete(e.seen, t)
}

func keyable(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.String, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return true
	}
	return t.Implements(textMarshalerType)
}

// fields visits the fields that encoding/json writes.
func (e *encodability) fields(t reflect.Type, at string) {
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("json")
		name, _, _ := strings.Cut(tag, ",")
		embedded := f.Type
		if embedded.Kind() == reflect.Pointer {
			embedded = embedded.Elem()
		}
		switch {
		case tag == "-":
		case f.Anonymous && name == "" && embedded.Kind() == reflect.Struct: // its fields are written as the outer one's own
			e.visit(embedded, at+"."+f.Name)
		case f.IsExported():
			e.visit(f.Type, at+"."+f.Name)
		}
	}
}
