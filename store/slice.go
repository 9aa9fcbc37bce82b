package store

import (
	"fmt"
	"sync/atomic"
)

// Slice is the handle of one part of the state, of type S: its name, its initial value and the reducers that answer to
// actions (createSlice in Redux Toolkit). Declare slices as package variables. A handle holds no state of its own, so any
// number of stores can mount the same slice.
//
// All methods are safe for concurrent use.
type Slice[S any] struct{ core *sliceCore }

// Mountable is what a store can hold: a *Slice[S] for any S, and what embeds one, such as a query API.
type Mountable interface{ mount() *sliceCore }

// sliceCore is the part of a slice that does not depend on its type. Generic code is compiled once for each shape of S and
// P; keeping it to the thin faces below keeps a WebAssembly program small.
type sliceCore struct {
	name      string
	index     int // place in every store's state
	initial   any // *S
	cases     map[*kind]reducer
	matchers  []matcher
	fallback  func(state any, a Action) any
	identity  identity
	transient bool                      // not written by Encode
	decode    func([]byte) (any, error) // JSON → *S
	sealed    atomic.Bool               // set when a store mounts it: no reducer can be added after that
}

// sliceCount numbers the slices of the program, so that reading one from a snapshot is two index operations.
var sliceCount atomic.Int64

// NewSlice declares a slice. The name is its key in saved state and the prefix of its action types; it must be unique in
// a store. The initial value must not be changed afterwards.
//
// NewSlice panics if the name is empty: it is called while the program's packages are initialised.
func NewSlice[S any](name string, initial S) *Slice[S] {
	if name == "" {
		panic("store: NewSlice needs a name")
	}
	return &Slice[S]{&sliceCore{
		name:     name,
		index:    int(sliceCount.Add(1) - 1),
		initial:  &initial,
		cases:    map[*kind]reducer{},
		identity: identityOf[S](),
		decode: func(data []byte) (any, error) {
			start := initial
			return restore(&start, new(S), data)
		},
	}}
}

// Transient keeps the slice out of what [Store.Encode] writes, and returns it: its state belongs to this run. Call it where
// the slice is declared; it panics where the slice is in a store.
func (s *Slice[S]) Transient() *Slice[S] {
	s.core.declare("Transient")
	s.core.transient = true
	return s
}

// Name returns the name that the slice was declared with.
func (s *Slice[S]) Name() string { return s.core.name }

// Initial returns the value that the slice has before any action.
func (s *Slice[S]) Initial() S { return *s.core.initial.(*S) }

// Of reads the slice from a snapshot. Where the slice is not in the store (yet), it reads as its initial value.
func (s *Slice[S]) Of(state State) S { return *state.slot(s.core).(*S) }

func (s *Slice[S]) mount() *sliceCore { return s.core }

// declare panics where a reducer comes too late to take part in every store alike.
func (c *sliceCore) declare(what string) {
	if c.sealed.Load() {
		panic(fmt.Sprintf("store: %s is declared after slice %q was mounted in a store; declare reducers as package variables, beside the slice", what, c.name))
	}
}
