package storetest

import (
	"errors"
	"reflect"

	"github.com/google/go-cmp/cmp"
)

// diff returns how got differs from want; empty where it does not.
func diff(want, got any, more cmp.Options) string { return cmp.Diff(want, got, usual, more) }

// usual is how values are compared unless their type says otherwise.
var usual = cmp.Options{
	cmp.Exporter(func(reflect.Type) bool { return true }),
	cmp.FilterValues(func(a, b error) bool { return a != nil && b != nil }, cmp.Comparer(sameError)),
	cmp.FilterValues(bothOf(reflect.Func), cmp.Comparer(sameFunc)),
	cmp.FilterValues(func(a, b any) bool { return isCollection(a) && isCollection(b) }, cmp.Transformer("All", members)),
}

func sameError(a, b error) bool {
	return errors.Is(a, b) || errors.Is(b, a) || reflect.DeepEqual(a, b)
}

func bothOf(kind reflect.Kind) func(a, b any) bool {
	return func(a, b any) bool { return reflect.ValueOf(a).Kind() == kind && reflect.ValueOf(b).Kind() == kind }
}

// sameFunc compares functions by their code: a state may hold one, and go-cmp finds any two different.
func sameFunc(a, b any) bool { return reflect.ValueOf(a).Pointer() == reflect.ValueOf(b).Pointer() }

// member is what a collection's All yields once.
type member struct{ Key, Value any }

// isCollection reports whether a value shows what it holds by a method All and nothing else. How such a collection is laid
// out in memory is no part of its value, and may be more than a comparison of fields can see.
func isCollection(v any) bool {
	t := reflect.TypeOf(v)
	if t == nil || t.Kind() != reflect.Struct {
		return false
	}
	for i := range t.NumField() {
		if t.Field(i).IsExported() {
			return false
		}
	}
	if _, custom := t.MethodByName("Equal"); custom {
		return false
	}
	all, ok := t.MethodByName("All")
	if !ok || all.Type.NumIn() != 1 || all.Type.NumOut() != 1 {
		return false
	}
	return all.Type.Out(0).CanSeq() || all.Type.Out(0).CanSeq2()
}

// members lists what a collection holds, in its order.
func members(collection any) []member {
	var list []member
	all := reflect.ValueOf(collection).MethodByName("All").Call(nil)[0]
	if all.Type().CanSeq2() {
		for k, v := range all.Seq2() {
			list = append(list, member{k.Interface(), v.Interface()})
		}
		return list
	}
	for v := range all.Seq() {
		list = append(list, member{Value: v.Interface()})
	}
	return list
}
