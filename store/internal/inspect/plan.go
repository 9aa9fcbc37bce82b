package inspect

import (
	"reflect"
	"sync"
	"time"
	"unsafe"

	"slate/store/internal/pmap"
)

// plan is how values of a type are walked. There is one for each type.
type plan struct {
	typ    reflect.Type
	opaque bool // not looked into: takes care of itself
	walk   func(w *walker, p unsafe.Pointer) bool
}

var (
	plansMu sync.RWMutex
	plans   = map[reflect.Type]*plan{}
)

func planOf(t reflect.Type) *plan {
	plansMu.RLock()
	p := plans[t]
	plansMu.RUnlock()
	if p != nil {
		return p
	}
	plansMu.Lock()
	defer plansMu.Unlock()
	return makePlan(t)
}

// makePlan returns the plan of a type. The caller holds plansMu. A plan is known before it is complete: types may contain
// themselves.
func makePlan(t reflect.Type) *plan {
	if p := plans[t]; p != nil {
		return p
	}
	p := &plan{typ: t, opaque: opaque(t)}
	plans[t] = p
	if p.opaque {
		p.walk = func(*walker, unsafe.Pointer) bool { return true }
		return p
	}
	switch t.Kind() {
	case reflect.String:
		p.walk = walkString
	case reflect.Pointer:
		p.walk = walkPointer(makePlan(t.Elem()), byAddress(t))
	case reflect.Slice:
		p.walk = walkSlice(p, makePlan(t.Elem()))
	case reflect.Array:
		p.walk = walkArray(t, makePlan(t.Elem()))
	case reflect.Map:
		p.walk = walkMap(p, makePlan(t.Elem()))
	case reflect.Struct:
		p.walk = walkStruct(t)
	case reflect.Interface:
		p.walk = walkInterface(t)
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		p.walk = func(w *walker, p unsafe.Pointer) bool { return w.address(*(*unsafe.Pointer)(p)) }
	default:
		p.walk = walkBits(t.Size())
	}
	return p
}

// opaque reports whether a type is not looked into: a struct with a lock, a once or an atomic, which may be written to at
// any time, and what describes types.
func opaque(t reflect.Type) bool {
	switch t.PkgPath() {
	case "sync", "sync/atomic", "reflect":
		return true
	}
	if t.Kind() != reflect.Struct {
		return false
	}
	for i := range t.NumField() {
		if path := t.Field(i).Type.PkgPath(); path == "sync" || path == "sync/atomic" {
			return true
		}
	}
	return false
}

var (
	errorType    = reflect.TypeFor[error]()
	locationType = reflect.TypeFor[*time.Location]()
	leafType     = reflect.TypeFor[*pmap.Leaf]()
)

// byAddress reports whether values of a type are not followed: errors, which may hold anything that was at hand when
// something failed; locations, which package time completes when they are first used; and leaves, which begin a record of
// a type that they do not tell.
func byAddress(t reflect.Type) bool {
	return t == locationType || t == leafType || t.Implements(errorType)
}
