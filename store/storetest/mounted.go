package storetest

import (
	"reflect"

	"slate/store"
)

// mounted is what every slice offers, whatever its type.
type mounted interface {
	Name() string
	Changed(before, after store.State) bool
}

// valueIn reads a slice of an unknown type from a snapshot.
func valueIn(slice mounted, state store.State) any {
	of := reflect.ValueOf(slice).MethodByName("Of")
	return of.Call([]reflect.Value{reflect.ValueOf(state)})[0].Interface()
}
