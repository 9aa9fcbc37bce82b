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
	spans      []span // the bytes that carry meaning: padding between fields may hold anything
	comparable bool
}

type span struct{ from, to uintptr }

func identityOf[T any]() identity {
	t := reflect.TypeFor[T]()
	return identity{appendSpans(nil, t, 0), t.Comparable()}
}

func appendSpans(spans []span, t reflect.Type, at uintptr) []span {
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
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
		if !bytes.Equal(unsafe.Slice((*byte)(unsafe.Add(a, s.from)), n), unsafe.Slice((*byte)(unsafe.Add(b, s.from)), n)) {
			return false
		}
	}
	return true
}

// same reports whether a selected value counts as unchanged: identical, or equal by == where T has it.
func same[T any](id identity, a, b *T) (eq bool) {
	if id.identical(unsafe.Pointer(a), unsafe.Pointer(b)) {
		return true
	}
	if !id.comparable {
		return false
	}
	// A comparable T may hold an interface whose dynamic value is not comparable; such a comparison panics.
	defer func() {
		if recover() != nil {
			eq = false
		}
	}()
	return any(*a) == any(*b)
}
