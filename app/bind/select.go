package bind

import (
	"context"
	"reflect"

	"slate/store"
)

// Select reads a value from the store's state: the view is drawn again when it has changed. All that a view reads while it
// draws comes from one snapshot. The selector may be made on the spot: Select(s, doctors.ByID(id)).
func Select[T any](s *Scope, sel store.Selector[T]) T {
	value := sel.Of(s.state)
	use(s, &selection[T]{sel: sel, value: value})
	return value
}

// selection is a value that a view has read.
type selection[T any] struct {
	sel   store.Selector[T]
	value T
	done  func()
}

// same is always false: selectors cannot be compared, so each drawing subscribes with its own.
func (*selection[T]) same(binding) bool { return false }

func (b *selection[T]) start(s *Scope) {
	b.done = store.Subscribe(context.Background(), s.page.store, b.sel, func(T) { s.mark() })
}

func (b *selection[T]) stop() { b.done() }

func (b *selection[T]) fresh(s *Scope) bool {
	return unchanged(b.value, b.sel.Of(s.page.store.State()))
}

// unchanged reports whether two values are the same. It may say no of two that are, which costs a drawing.
func unchanged[T any](a, b T) bool {
	x, y := reflect.ValueOf(&a).Elem(), reflect.ValueOf(&b).Elem()
	switch x.Kind() {
	case reflect.Slice:
		return x.Len() == y.Len() && x.UnsafePointer() == y.UnsafePointer()
	case reflect.Map, reflect.Func:
		return x.UnsafePointer() == y.UnsafePointer()
	default:
		return x.Comparable() && y.Comparable() && x.Equal(y)
	}
}
