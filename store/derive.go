package store

import "unsafe"

// Derive returns the selector that computes a T from what another one selects.
func Derive[A, T any](a Selector[A], combine func(A) T) Selector[T] {
	sameA := sameness[A]()
	return derive(codeOf(unsafe.Pointer(&combine)), a.node.inputs, a.Of, sameA, combine)
}

// Derive2 is [Derive] with two inputs.
func Derive2[A, B, T any](a Selector[A], b Selector[B], combine func(A, B) T) Selector[T] {
	type args struct {
		a A
		b B
	}
	sameA, sameB := sameness[A](), sameness[B]()
	return derive(codeOf(unsafe.Pointer(&combine)), union(a.node.inputs, b.node.inputs),
		func(state State) args { return args{a.Of(state), b.Of(state)} },
		func(x, y args) bool { return sameA(x.a, y.a) && sameB(x.b, y.b) },
		func(in args) T { return combine(in.a, in.b) })
}

// Derive3 is [Derive] with three inputs.
func Derive3[A, B, C, T any](a Selector[A], b Selector[B], c Selector[C], combine func(A, B, C) T) Selector[T] {
	type args struct {
		a A
		b B
		c C
	}
	sameA, sameB, sameC := sameness[A](), sameness[B](), sameness[C]()
	return derive(codeOf(unsafe.Pointer(&combine)), union(a.node.inputs, b.node.inputs, c.node.inputs),
		func(state State) args { return args{a.Of(state), b.Of(state), c.Of(state)} },
		func(x, y args) bool { return sameA(x.a, y.a) && sameB(x.b, y.b) && sameC(x.c, y.c) },
		func(in args) T { return combine(in.a, in.b, in.c) })
}

// Derive4 is [Derive] with four inputs.
func Derive4[A, B, C, D, T any](a Selector[A], b Selector[B], c Selector[C], d Selector[D], combine func(A, B, C, D) T) Selector[T] {
	type args struct {
		a A
		b B
		c C
		d D
	}
	sameA, sameB, sameC, sameD := sameness[A](), sameness[B](), sameness[C](), sameness[D]()
	return derive(codeOf(unsafe.Pointer(&combine)), union(a.node.inputs, b.node.inputs, c.node.inputs, d.node.inputs),
		func(state State) args { return args{a.Of(state), b.Of(state), c.Of(state), d.Of(state)} },
		func(x, y args) bool {
			return sameA(x.a, y.a) && sameB(x.b, y.b) && sameC(x.c, y.c) && sameD(x.d, y.d)
		},
		func(in args) T { return combine(in.a, in.b, in.c, in.d) })
}

// Derive5 is [Derive] with five inputs.
func Derive5[A, B, C, D, E, T any](a Selector[A], b Selector[B], c Selector[C], d Selector[D], e Selector[E], combine func(A, B, C, D, E) T) Selector[T] {
	type args struct {
		a A
		b B
		c C
		d D
		e E
	}
	sameA, sameB, sameC, sameD, sameE := sameness[A](), sameness[B](), sameness[C](), sameness[D](), sameness[E]()
	return derive(codeOf(unsafe.Pointer(&combine)), union(a.node.inputs, b.node.inputs, c.node.inputs, d.node.inputs, e.node.inputs),
		func(state State) args {
			return args{a.Of(state), b.Of(state), c.Of(state), d.Of(state), e.Of(state)}
		},
		func(x, y args) bool {
			return sameA(x.a, y.a) && sameB(x.b, y.b) && sameC(x.c, y.c) && sameD(x.d, y.d) && sameE(x.e, y.e)
		},
		func(in args) T { return combine(in.a, in.b, in.c, in.d, in.e) })
}

// Derive6 is [Derive] with six inputs.
func Derive6[A, B, C, D, E, F, T any](a Selector[A], b Selector[B], c Selector[C], d Selector[D], e Selector[E], f Selector[F], combine func(A, B, C, D, E, F) T) Selector[T] {
	type args struct {
		a A
		b B
		c C
		d D
		e E
		f F
	}
	sameA, sameB, sameC, sameD, sameE, sameF := sameness[A](), sameness[B](), sameness[C](), sameness[D](), sameness[E](), sameness[F]()
	return derive(codeOf(unsafe.Pointer(&combine)), union(a.node.inputs, b.node.inputs, c.node.inputs, d.node.inputs, e.node.inputs, f.node.inputs),
		func(state State) args {
			return args{a.Of(state), b.Of(state), c.Of(state), d.Of(state), e.Of(state), f.Of(state)}
		},
		func(x, y args) bool {
			return sameA(x.a, y.a) && sameB(x.b, y.b) && sameC(x.c, y.c) && sameD(x.d, y.d) && sameE(x.e, y.e) && sameF(x.f, y.f)
		},
		func(in args) T { return combine(in.a, in.b, in.c, in.d, in.e, in.f) })
}

// derived is the memo of a derived selector, with the inputs and all that it remembers of the state in one allocation.
type derived[I, T any] struct {
	memo[T]
	others moreSlots
	in     I
}

// derive returns the selector that runs f only when the input changed. Code is that of the function that f calls.
func derive[I, T any](code uintptr, from inputs, input func(State) I, unchanged func(a, b I) bool, f func(I) T) Selector[T] {
	n := &node[T]{inputs: from}
	n.next = func(state State, last *memo[T]) *memo[T] {
		m := &derived[I, T]{in: input(state)}
		m.more = &m.others
		if last != nil {
			before := (*derived[I, T])(unsafe.Pointer(last)) // this function made it; memo is its first field
			if unchanged(before.in, m.in) {
				m.out = last.out
				return &m.memo
			}
		}
		n.runs.Add(1)
		m.out = f(m.in)
		if c := state.checks(); c != nil {
			k := computation{code: code, reads: n.reads, out: &m.out, again: func() any { v := f(m.in); return &v }, input: &m.in, guarded: n.equal.Load()}
			if last != nil {
				k.before = &last.out
			}
			if !n.all {
				k.steady = func(state State) bool { return unchanged(m.in, input(state)) }
			}
			c.computed(state, k)
		}
		return &m.memo
	}
	return Selector[T]{n}
}

// sameness returns the comparison of two inputs.
func sameness[T any]() func(a, b T) bool {
	id := identityOf[T]()
	return func(a, b T) bool { return same(id, a, b) }
}
