package entity

import (
	"bytes"
	"reflect"
	"slices"
	"unsafe"
)

// sameness decides whether an entity was changed: its numbers must be the same, its strings equal, and its slices, maps and
// pointers refer to the same memory. That costs the size of the entity and follows no pointer but those of strings.
type sameness[T any] struct{ layout *layout }

// layout says where the parts of a type are that are compared.
type layout struct {
	bits    []span    // padding and blank fields may hold anything, so that not all bits count
	strings []uintptr // offsets
}

type span struct{ from, to uintptr }

func samenessOf[T any]() sameness[T] {
	var l layout
	l.add(reflect.TypeFor[T](), 0)
	return sameness[T]{&l}
}

// of reports whether a and b are the same.
func (s sameness[T]) of(a, b *T) bool { return s.layout.same(unsafe.Pointer(a), unsafe.Pointer(b)) }

func (s sameness[T]) ofAll(a, b []T) bool {
	return slices.EqualFunc(a, b, func(x, y T) bool { return s.of(&x, &y) })
}

func (l *layout) add(t reflect.Type, at uintptr) {
	switch t.Kind() {
	case reflect.Struct:
		for f := range t.Fields() {
			if f.Name != "_" {
				l.add(f.Type, at+f.Offset)
			}
		}
	case reflect.Array:
		for i := range t.Len() {
			l.add(t.Elem(), at+uintptr(i)*t.Elem().Size())
		}
	case reflect.String:
		l.strings = append(l.strings, at)
	default:
		if n := len(l.bits); n > 0 && l.bits[n-1].to == at {
			l.bits[n-1].to += t.Size()
		} else {
			l.bits = append(l.bits, span{at, at + t.Size()})
		}
	}
}

func (l *layout) same(a, b unsafe.Pointer) bool {
	for _, p := range l.bits {
		n := p.to - p.from
		if !bytes.Equal(unsafe.Slice((*byte)(unsafe.Add(a, p.from)), n), unsafe.Slice((*byte)(unsafe.Add(b, p.from)), n)) {
			return false
		}
	}
	for _, at := range l.strings {
		if *(*string)(unsafe.Add(a, at)) != *(*string)(unsafe.Add(b, at)) {
			return false
		}
	}
	return true
}
