package bench

import (
	"runtime"
	"strconv"
	"testing"

	"slate/store"
)

// The state of each slice: as many fields as a form has, of which one changes.
type state struct {
	Name, Mail, Phone string
	N                 int
}

// part is one slice with its action and its selector.
type part struct {
	slice *store.Slice[state]
	add   store.Creator[int]
	n     store.Selector[int]
}

func newPart(name string) part {
	s := store.NewSlice(name, state{Name: "Ada", Mail: "ada@example.org", Phone: "1"})
	return part{
		slice: s,
		add:   store.Case(s, "add", func(s state, by int) state { s.N += by; return s }),
		n:     store.Select(s, func(s state) int { return s.N }),
	}
}

// declared are the parts of the program, as package variables would be: a second run of a benchmark mounts the same ones
// in another store.
var declared []part

// open returns a store of so many parts, which ends with the benchmark.
func open(b *testing.B, slices int) (*store.Store, []part) {
	b.Helper()
	for len(declared) < slices {
		declared = append(declared, newPart("slice"+strconv.Itoa(len(declared))))
	}
	mount := make([]store.Mountable, slices)
	for i := range mount {
		mount[i] = declared[i].slice
	}
	return newStore(b, mount...), declared[:slices]
}

func newStore(b *testing.B, mount ...store.Mountable) *store.Store {
	b.Helper()
	st, err := store.New(store.Options{}, mount...)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = st.Close() })
	return st
}

// dispatch is Dispatch for an action that cannot fail.
func dispatch(b *testing.B, st *store.Store, a store.Action) {
	if err := st.Dispatch(a); err != nil {
		b.Fatal(err)
	}
}

// sink keeps what a benchmark computes, so that the compiler cannot leave the computing out.
var sink int

// breathe pauses the loop of a benchmark after every so many times, about once in a millisecond, as every program does
// between two events. WebAssembly has one thread and no preemption: a loop that never pauses keeps the garbage collector
// from finishing, and all that time each write of a pointer is slow.
func breathe(times, every int) {
	if times%every == 0 {
		runtime.Gosched()
	}
}
