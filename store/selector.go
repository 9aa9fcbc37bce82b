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
	last  cell[memo[T]]
	runs  atomic.Uint64
	reads []*sliceCore
	all   bool // reads every slice
	equal flag // an Equal is made of it
	next  func(state State, last *memo[T]) *memo[T]
}

// memo is a result and what it was made of. It is small, since a selector that somebody subscribed to makes one for every
// change.
type memo[T any] struct {
	version uint64         // of the snapshot
	slot    unsafe.Pointer // the first slice
	more    *moreSlots     // the others; nil where there are none, or too many
	out     T
}

// moreSlots are the slices after the first that a result was made of.
type moreSlots [3]unsafe.Pointer

func newNode[T any](reads []*sliceCore, next func(State, *memo[T]) *memo[T]) *node[T] {
	return &node[T]{reads: reads, all: reads == nil, next: next}
}

// Of returns the selected value of a snapshot.
func (s Selector[T]) Of(state State) T {
	if m := s.node.last.Load(); m != nil && m.version == state.Version() {
		return m.out
	}
	return s.node.read(state)
}

func (n *node[T]) read(state State) T {
	last := n.last.Load()
	if last != nil && n.unchanged(state, last) {
		return last.out
	}
	m := n.next(state, last)
	m.version = state.Version()
	if !n.all {
		n.note(state, m)
	}
	n.last.Store(m)
	return m.out
}

// note remembers the slices that a result was made of.
func (n *node[T]) note(state State, m *memo[T]) {
	m.slot = state.slot(n.reads[0])
	others := n.reads[1:]
	if len(others) == 0 || len(others) > len(m.more) {
		m.more = nil
		return
	}
	if m.more == nil {
		m.more = new(moreSlots)
	}
	for i, c := range others {
		m.more[i] = state.slot(c)
	}
}

// unchanged reports whether all slices are what they were when the memo was made, as far as it knows them.
func (n *node[T]) unchanged(state State, m *memo[T]) bool {
	if n.all || state.slot(n.reads[0]) != m.slot {
		return false
	}
	if len(n.reads) == 1 {
		return true
	}
	if m.more == nil {
		return false
	}
	for i, c := range n.reads[1:] {
		if state.slot(c) != m.more[i] {
			return false
		}
	}
	return true
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
	n := &node[T]{reads: s.node.reads, all: s.node.all}
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

// places are the slices that the selector reads, as places in the state.
func (n *node[T]) places() []int {
	places := make([]int, len(n.reads))
	for i, c := range n.reads {
		places[i] = c.index
	}
	return places
}

// Select returns the selector that reads f from a slice.
func Select[S, T any](s *Slice[S], f func(S) T) Selector[T] {
	n := newNode[T]([]*sliceCore{s.core}, nil)
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

func union(all ...[]*sliceCore) []*sliceCore {
	out := []*sliceCore{}
	for _, reads := range all {
		for _, c := range reads {
			if !slices.Contains(out, c) {
				out = append(out, c)
			}
		}
	}
	return out
}
