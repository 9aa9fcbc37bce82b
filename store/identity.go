package store

import (
	"bytes"
	"reflect"
	"unsafe"
)

// identity decides when two values of a type count as unchanged.
//
// Bits come first: what === is to a Redux reducer that returns the state it was given. Two strings, slices, maps or
// pointers have equal bits when they refer to the same memory, so the answer costs the size of the type and never
// follows a pointer. Equal bits are always equal values; the reverse need not hold.
type identity struct {
	spans []span // the bytes that carry meaning: padding and blank fields may hold anything
	loose bool   // == may find values equal whose bits differ: strings, floats, interfaces
}

type span struct{ from, to uintptr }

func identityOf[T any]() identity {
	t := reflect.TypeFor[T]()
	return identity{appendSpans(nil, t, 0), t.Comparable() && loose(t)}
}

// loose reports whether == on a comparable type looks further than the bits.
func loose(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.String, reflect.Interface, reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128:
		return true
	case reflect.Array:
		return loose(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if loose(t.Field(i).Type) {
				return true
			}
		}
	}
	return false
}

func appendSpans(spans []span, t reflect.Type, at uintptr) []span {
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if f.Name == "_" {
				continue
			}
			spans = appendSpans(spans, f.Type, at+f.Offset)
		}
		return spans
	case reflect.Array:
		for i := range t.Len() {
			spans = appendSpans(spans, t.Elem(), at+uintptr(i)*t.Elem().Size())
		}
		return spans
	}
	if n := len(spans); n > 0 && spans[n-1].to == at {
		spans[n-1].to += t.Size()
		return spans
	}
	return append(spans, span{at, at + t.Size()})
}

// identical reports whether the values at a and b, both of the identity's type, hold the same bits.
func (id identity) identical(a, b unsafe.Pointer) bool {
	for _, s := range id.spans {
		n := s.to - s.from
		if n%8 == 0 && n <= 64 { // most states and selected values by far: a loop is quicker than a call
			for at := s.from; at < s.to; at += 8 {
				if *(*[8]byte)(unsafe.Add(a, at)) != *(*[8]byte)(unsafe.Add(b, at)) {
					return false
				}
			}
			continue
		}
		x, y := unsafe.Slice((*byte)(unsafe.Add(a, s.from)), n), unsafe.Slice((*byte)(unsafe.Add(b, s.from)), n)
		if !bytes.Equal(x, y) {
			return false
		}
	}
	return true
}

// same reports whether a selected value counts as unchanged: identical, or equal by == where T has it.
func same[T any](id identity, a, b T) bool {
	return id.identical(unsafe.Pointer(&a), unsafe.Pointer(&b)) || id.loose && equal(a, b)
}

// equal is == for a T that is comparable by its type. It may still hold an interface whose value is not; such a comparison
// panics and counts as unequal.
func equal[T any](a, b T) (eq bool) {
	defer func() {
		if recover() != nil {
			eq = false
		}
	}()
	return any(a) == any(b)
}
