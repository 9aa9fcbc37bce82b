package store

import (
	"fmt"
	"reflect"
	"sync/atomic"
	"unsafe"
)

// Slice is the handle of one part of the state, of type S: its name, its initial value and the reducers that answer to
// actions (createSlice in Redux Toolkit). Declare slices as package variables. A handle holds no state of its own, so any
// number of stores can mount the same slice.
//
// All methods are safe for concurrent use.
type Slice[S any] struct{ core *sliceCore }

// Mountable is what a store can hold: a *Slice[S] for any S, and what embeds one, such as a query API. Tools that do not know
// a slice's type see it as one.
type Mountable interface {
	Name() string
	Changed(before, after State) bool
	Value(state State) any
	mount() *sliceCore
}

// sliceCore is the part of a slice that does not depend on its type. Generic code is compiled once for each shape of S and
// P; keeping it to the thin faces below keeps a WebAssembly program small. Values of the slice are pointers to S.
type sliceCore struct {
	name      string
	index     int // place in every store's state
	initial   unsafe.Pointer
	typ       reflect.Type // S
	cases     map[*kind]reducer
	matchers  []matcher
	fallback  func(state unsafe.Pointer, a Action) unsafe.Pointer
	restored  *kind // the action of Restore
	identity  identity
	transient bool // not written by Encode
	sealed    flag // set when a store mounts it: no reducer can be added after that
}

// sliceCount numbers the slices of the program, so that reading one from a snapshot is two index operations.
var sliceCount atomic.Int64

// NewSlice declares a slice. The name is its key in saved state and the prefix of its action types; it must be unique in
// a store. The initial value must not be changed afterwards.
//
// NewSlice panics if the name is empty: it is called while the program's packages are initialised.
func NewSlice[S any](name string, initial S) *Slice[S] {
	return newSlice(name, int(sliceCount.Add(1)-1), initial)
}

func newSlice[S any](name string, index int, initial S) *Slice[S] {
	return &Slice[S]{newCore(name, index, unsafe.Pointer(&initial), reflect.TypeFor[S](), identityOf[S]())}
}

func newCore(name string, index int, initial unsafe.Pointer, typ reflect.Type, id identity) *sliceCore {
	if name == "" {
		panic("store: NewSlice needs a name")
	}
	c := &sliceCore{name: name, index: index, initial: initial, typ: typ, identity: id, cases: map[*kind]reducer{}}
	c.restored = newKind(name+"/@restore", func(data []byte) (any, error) { return c.decode(data) })
	c.cases[c.restored] = func(state unsafe.Pointer, payload any) unsafe.Pointer {
		next := reflect.ValueOf(payload).UnsafePointer()
		if c.identity.identical(state, next) {
			return state
		}
		return next
	}
	return c
}

// Transient keeps the slice out of what [Store.Encode] writes, and returns it: its state belongs to this run. Call it where
// the slice is declared; it panics where the slice is in a store.
func (s *Slice[S]) Transient() *Slice[S] {
	s.core.declare("Transient")
	s.core.transient = true
	return s
}

// Replacement declares a slice that takes the place of s in a store, with another initial value and reducers of its own:
// a stand-in for tests, or new code for a running program. Selectors and subscribers of s read it. Mount it instead of s,
// or exchange the two with [Store.Replace]. It answers to the actions of s with [On]: a [Case] of its own makes another action,
// which nobody who knows s dispatches.
func (s *Slice[S]) Replacement(initial S) *Slice[S] {
	r := newSlice(s.core.name, s.core.index, initial)
	r.core.transient = s.core.transient
	return r
}

// Name returns the name that the slice was declared with.
func (s *Slice[S]) Name() string { return s.core.name }

func (c *sliceCore) Name() string { return c.name }

// Initial returns the value that the slice has before any action.
func (s *Slice[S]) Initial() S { return *(*S)(s.core.initial) }

// Of reads the slice from a snapshot. Where the slice is not in the store (yet), it reads as its initial value.
func (s *Slice[S]) Of(state State) S { return *(*S)(state.slot(s.core)) }

// Changed reports whether the slice differs between two snapshots. It compares what [Slice.Of] would read from them by
// identity, so it costs the same for a slice of any size: a reducer that returned its input changed nothing.
func (s *Slice[S]) Changed(before, after State) bool { return s.core.Changed(before, after) }

func (c *sliceCore) Changed(before, after State) bool { return before.slot(c) != after.slot(c) }

// Value reads the slice from a snapshot as [Slice.Of] does, for tools that do not know its type.
func (s *Slice[S]) Value(state State) any { return s.Of(state) }

func (c *sliceCore) Value(state State) any {
	return reflect.NewAt(c.typ, state.slot(c)).Elem().Interface()
}

// typed returns a value of the slice as a *S.
func (c *sliceCore) typed(v unsafe.Pointer) any { return reflect.NewAt(c.typ, v).Interface() }

// decode reads a saved slice: a *S.
func (c *sliceCore) decode(data []byte) (any, error) {
	start := reflect.New(c.typ)
	start.Elem().Set(reflect.NewAt(c.typ, c.initial).Elem())
	return restore(start.Interface(), reflect.New(c.typ).Interface(), data)
}

func (s *Slice[S]) mount() *sliceCore { return s.core }

func (c *sliceCore) mount() *sliceCore { return c }

// declare panics where a reducer comes too late to take part in every store alike.
func (c *sliceCore) declare(what string) {
	if c.sealed.Load() {
		panic(fmt.Sprintf("store: %s is declared after slice %q was mounted in a store; declare reducers as package variables, beside the slice", what, c.name))
	}
}
