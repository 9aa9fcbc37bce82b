package store

import (
	"sync/atomic"
	"unsafe"
)

// chunkSize is how many slices share an array in the state. A dispatch copies the array of the slice that changes and
// the list of arrays: with 16, one slice among 50 costs no more than one among 10.
const chunkSize = 16

// chunk holds for each slice a pointer to its value: *S without its type, which the slice's handle knows. An interface
// would say the type again and make each copy twice as large.
type chunk [chunkSize]unsafe.Pointer

// root is one version of the whole state. It never changes once published.
type root struct {
	version uint64
	checks  *checker // what watches over selectors; nil: nobody
	chunks  []*chunk
	room    [4]*chunk // where chunks are, up to 64 slices: one allocation fewer
}

// versions numbers the states of all stores, so that a selector, which belongs to no store, can tell by a number that it
// sees the same snapshot again, without keeping that snapshot alive.
var versions atomic.Uint64

// State is an immutable snapshot of all slices, taken with [Store.State]. Read a slice from it with [Slice.Of] and a
// derived value with [Selector.Of]. It stays what it is while the store goes on. The zero State has every slice at its
// initial value. Two snapshots are equal (==) when no dispatch changed anything between them.
type State struct{ root *root }

// Version tells snapshots apart: no two that differ have the same, and a later one of the same store has a greater one.
// The zero State has version 0.
func (s State) Version() uint64 {
	if s.root == nil {
		return 0
	}
	return s.root.version
}

// slot returns the slice's value in the snapshot, or its initial value.
func (s State) slot(c *sliceCore) unsafe.Pointer {
	if v := s.root.get(c.index); v != nil {
		return v
	}
	return c.initial
}

func (r *root) get(index int) unsafe.Pointer {
	if r == nil {
		return nil
	}
	n, at := uint(index)/chunkSize, uint(index)%chunkSize
	if n >= uint(len(r.chunks)) || r.chunks[n] == nil {
		return nil
	}
	return r.chunks[n][at]
}

// draft is a root under construction. It copies each chunk at most once.
type draft struct {
	base *root
	next *root
}

func (d *draft) get(index int) unsafe.Pointer {
	if d.next != nil {
		return d.next.get(index)
	}
	return d.base.get(index)
}

func (d *draft) set(index int, v unsafe.Pointer) {
	n := index / chunkSize
	if d.next == nil {
		d.next = d.base.successor(n + 1)
	}
	if n >= len(d.next.chunks) {
		d.next.chunks = append(d.next.chunks, make([]*chunk, n+1-len(d.next.chunks))...)
	}
	var old *chunk
	if n < len(d.base.chunks) {
		old = d.base.chunks[n]
	}
	if d.next.chunks[n] == old { // not copied yet
		c := new(chunk)
		if old != nil {
			*c = *old
		}
		d.next.chunks[n] = c
	}
	d.next.chunks[n][index%chunkSize] = v
}

// successor returns a root with the same chunks, and room for at least so many.
func (r *root) successor(chunks int) *root {
	next := &root{version: versions.Add(1), checks: r.checks}
	chunks = max(chunks, len(r.chunks))
	if chunks <= len(next.room) {
		next.chunks = next.room[:chunks]
	} else {
		next.chunks = make([]*chunk, chunks)
	}
	copy(next.chunks, r.chunks)
	return next
}
