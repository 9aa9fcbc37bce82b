package store

import (
	"slices"
	"sync/atomic"
)

// Selector derives a T from a snapshot and knows which slices it reads. Make selectors with [Select] and combine them with
// [Derive], [Derive2] and [Derive3] (createSelector in Redux Toolkit). A selector remembers its last result and runs its
// function again only when an input changed; two inputs are the same when they are the same value or refer to the same
// memory. It is safe for concurrent use; the function it was made with must be pure.
type Selector[T any] struct {
	of    func(State) T
	reads []*sliceCore
}

// Of returns the selected value of a snapshot.
func (s Selector[T]) Of(state State) T { return s.of(state) }

// Select returns the selector that reads f from a slice.
func Select[S, T any](s *Slice[S], f func(S) T) Selector[T] {
	type memo struct {
		in  *S
		out T
	}
	var last atomic.Pointer[memo]
	core := s.core
	return Selector[T]{
		reads: []*sliceCore{core},
		of: func(state State) T {
			in := state.slot(core).(*S)
			if m := last.Load(); m != nil && m.in == in {
				return m.out
			}
			m := &memo{in, f(*in)}
			last.Store(m)
			return m.out
		},
	}
}

// Derive returns the selector that computes a T from what another one selects.
func Derive[A, T any](a Selector[A], f func(A) T) Selector[T] {
	idA := identityOf[A]()
	return derive(a.reads, a.of, func(x, y A) bool { return same(idA, x, y) }, f)
}

// Derive2 is [Derive] with two inputs.
func Derive2[A, B, T any](a Selector[A], b Selector[B], f func(A, B) T) Selector[T] {
	type inputs struct {
		a A
		b B
	}
	idA, idB := identityOf[A](), identityOf[B]()
	return derive(union(a.reads, b.reads),
		func(state State) inputs { return inputs{a.of(state), b.of(state)} },
		func(x, y inputs) bool { return same(idA, x.a, y.a) && same(idB, x.b, y.b) },
		func(in inputs) T { return f(in.a, in.b) })
}

// Derive3 is [Derive] with three inputs.
func Derive3[A, B, C, T any](a Selector[A], b Selector[B], c Selector[C], f func(A, B, C) T) Selector[T] {
	type inputs struct {
		a A
		b B
		c C
	}
	idA, idB, idC := identityOf[A](), identityOf[B](), identityOf[C]()
	return derive(union(union(a.reads, b.reads), c.reads),
		func(state State) inputs { return inputs{a.of(state), b.of(state), c.of(state)} },
		func(x, y inputs) bool { return same(idA, x.a, y.a) && same(idB, x.b, y.b) && same(idC, x.c, y.c) },
		func(in inputs) T { return f(in.a, in.b, in.c) })
}

// derive returns the selector that runs f only when the input changed.
func derive[I, T any](reads []*sliceCore, input func(State) I, unchanged func(a, b I) bool, f func(I) T) Selector[T] {
	type memo struct {
		in  I
		out T
	}
	var last atomic.Pointer[memo]
	return Selector[T]{
		reads: reads,
		of: func(state State) T {
			in := input(state)
			if m := last.Load(); m != nil && unchanged(m.in, in) {
				return m.out
			}
			m := &memo{in, f(in)}
			last.Store(m)
			return m.out
		},
	}
}

func union(a, b []*sliceCore) []*sliceCore {
	out := slices.Clone(a)
	for _, c := range b {
		if !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}
