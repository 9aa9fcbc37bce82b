package store

import (
	"slices"
	"sync/atomic"
	"unsafe"
)

// Selector derives a T from a snapshot and knows which slices it reads. Make selectors with [Select] and combine them with
// [Derive], [Derive2] and so on (createSelector in Redux Toolkit), or by a key with [NewFamily].
//
// A selector remembers its last result and runs its function again only when an input changed; two inputs are the same when
// they are the same value or refer to the same memory. Reading one snapshot again, or one in which its slices are what
// they were, costs some comparisons of numbers. A function that panics is remembered as nothing: the next read runs it again,
// and the last good result stays.
//
// A selector is safe for concurrent use; the function it was made with must be pure.
type Selector[T any] struct{ node *node[T] }

// node is a selector's memory.
type node[T any] struct {
	inputs
	last  cell[memo[T]]
	runs  atomic.Uint64
	equal flag // an Equal is made of it
	next  func(state State, last *memo[T]) *memo[T]
}

// inputs are the slices that a selector reads.
type inputs struct {
	reads []*sliceCore
	all   bool // every slice
}

// memo is a result and what it was made of. It is small, since a selector that somebody subscribed to makes one for every
// change.
type memo[T any] struct {
	origin
	out T
}

// origin is what a result was made of.
type origin struct {
	version uint64         // of the snapshot
	slot    unsafe.Pointer // the first slice
	more    *moreSlots     // the others; nil where there are none, or too many
}

// moreSlots are the slices after the first that a result was made of.
type moreSlots [3]unsafe.Pointer

// Of returns the selected value of a snapshot.
func (s Selector[T]) Of(state State) T {
	if m := s.node.last.Load(); m != nil && m.version == state.Version() {
		return m.out
	}
	return *s.node.at(state)
}

// at returns where the selected value of a snapshot is.
func (n *node[T]) at(state State) *T {
	last := n.last.Load()
	if last != nil && (last.version == state.Version() || n.unchanged(state, &last.origin)) {
		return &last.out
	}
	m := n.next(state, last)
	n.note(state, &m.origin)
	n.last.Store(m)
	return &m.out
}

// note remembers what a result was made of.
func (in *inputs) note(state State, o *origin) {
	o.version = state.Version()
	if in.all {
		return
	}
	o.slot = state.slot(in.reads[0])
	others := in.reads[1:]
	if len(others) == 0 || len(others) > len(o.more) {
		o.more = nil
		return
	}
	if o.more == nil {
		o.more = new(moreSlots)
	}
	for i, c := range others {
		o.more[i] = state.slot(c)
	}
}

// unchanged reports whether all slices are what they were when the result was made, as far as it knows them.
func (in *inputs) unchanged(state State, o *origin) bool {
	if in.all || state.slot(in.reads[0]) != o.slot {
		return false
	}
	if len(in.reads) == 1 {
		return true
	}
	if o.more == nil {
		return false
	}
	for i, c := range in.reads[1:] {
		if state.slot(c) != o.more[i] {
			return false
		}
	}
	return true
}

// places are the slices as places in the state.
func (in *inputs) places() []int {
	var places []int
	for _, c := range in.reads {
		if !slices.Contains(places, c.index) { // a slice and its replacement share one
			places = append(places, c.index)
		}
	}
	return places
}

// Runs returns how often the function of a derived selector has run since the program began (recomputations in Reselect).
// The functions of [Select], which take a field out of a slice, are not counted.
func (s Selector[T]) Runs() uint64 { return s.node.runs.Load() }

// Clear forgets the last result: the next read runs the function, and what it keeps in memory can go.
func (s Selector[T]) Clear() { s.node.last.Store(nil) }

// Equal returns a selector of the same value that keeps the earlier result where eq says that the new one is equal to it
// (resultEqualityCheck in Reselect): a list that was filtered again to the same rows stays the same list for who watches it.
func (s Selector[T]) Equal(eq func(a, b T) bool) Selector[T] {
	s.node.equal.Store(true)
	n := &node[T]{inputs: s.node.inputs}
	n.next = func(state State, last *memo[T]) *memo[T] {
		n.runs.Add(1)
		m := &memo[T]{out: s.Of(state)}
		if last != nil && eq(last.out, m.out) {
			m.out = last.out
		}
		return m
	}
	return Selector[T]{n}
}

// Select returns the selector that reads f from a slice.
func Select[S, T any](s *Slice[S], f func(S) T) Selector[T] {
	n := &node[T]{inputs: inputs{reads: []*sliceCore{s.core}}}
	n.next = func(state State, last *memo[T]) *memo[T] {
		in := (*S)(state.slot(s.core))
		m := &memo[T]{out: f(*in)}
		if c := state.checks(); c != nil {
			f := f
			k := computation{code: codeOf(unsafe.Pointer(&f)), reads: n.reads, out: &m.out, again: func() any { v := f(*in); return &v }, guarded: n.equal.Load()}
			if last != nil {
				k.before = &last.out
			}
			c.computed(state, k)
		}
		return m
	}
	return Selector[T]{n}
}

// union returns all slices that selectors read.
func union(of ...inputs) inputs {
	out := inputs{reads: []*sliceCore{}}
	for _, in := range of {
		out.all = out.all || in.all
		for _, c := range in.reads {
			if !slices.Contains(out.reads, c) {
				out.reads = append(out.reads, c)
			}
		}
	}
	return out
}
