// Package inspect looks into values of any type, unexported fields included: it notices that a value was changed in place
// and names the place, and it knows which types cannot be written as JSON. It is what the development checks of package
// store are made of.
//
// A [Print] is taken of a value and compared with the value later:
//
//	var r inspect.Reader
//	before := r.Print(&state)
//	reduce(state)
//	if place, changed := r.Compare(&state, before); changed {
//		fmt.Println("todos" + place.Path) // todos.Items[3].Done
//	}
//
// # What is looked into
//
// Pointers, slices, arrays, maps, structs and interfaces are followed, each piece of memory once, so that shared parts cost
// nothing and cycles end. What takes care of itself is not: a struct with a field of package sync or sync/atomic may be
// written to at any time by design, so of it only the address counts, as of functions, channels, unsafe pointers,
// locations of time and errors. No method of a value is called.
//
// Nothing is locked: the value must not be written to meanwhile, which is what an immutable value promises.
package inspect

import "reflect"

// DefaultLimit is how many parts of a value are looked at where [Reader.Limit] is zero: 2 MB of memory for a [Print].
const DefaultLimit = 1 << 18

// Reader reads values. The zero Reader is ready for use. A Reader is safe for concurrent use.
type Reader struct {
	// Skip leaves out the fields of structs for which it is true. It is given the pattern of the field's place, such as
	// ".Items[].Done". Where nil, none is left out, which is quicker.
	Skip func(pattern string) bool

	// Loose reads of functions, channels and all else that counts by its address only whether it is there: two values that
	// were made alike are then equal.
	Loose bool

	// Limit is how many parts of a value are looked at: numbers, strings, lengths. The rest counts as unchanged.
	// DefaultLimit where zero.
	Limit int
}

// Print is what a value was like. The zero Print is that of a value without parts.
type Print struct {
	parts []uint64
	full  bool // the limit was reached
}

// Len returns how many parts were looked at.
func (p Print) Len() int { return len(p.parts) }

// Print takes the print of what ptr points to.
func (r Reader) Print(ptr any) Print { return r.Reprint(ptr, Print{}) }

// Reprint is [Reader.Print] in the memory of an earlier print, which is of no more use then.
func (r Reader) Reprint(ptr any, old Print) Print {
	w := r.walker()
	w.parts = old.parts[:0]
	w.read(ptr)
	return Print{w.parts, w.full}
}

// Compare reports whether what ptr points to differs from a print that the same Reader took, and where.
func (r Reader) Compare(ptr any, with Print) (_ Place, changed bool) {
	w := r.walker()
	w.comparing, w.parts, w.full = true, with.parts, with.full
	w.read(ptr)
	return w.place, w.differs
}

// Equal reports whether what two pointers of one type point to is alike.
func (r Reader) Equal(a, b any) bool {
	if reflect.TypeOf(a) != reflect.TypeOf(b) {
		return false
	}
	_, differs := r.Compare(b, r.Print(a))
	return !differs
}
