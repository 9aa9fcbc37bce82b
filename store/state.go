package store

import (
	"slices"
	"sync/atomic"
	"unsafe"
)

// chunkSize is how many slices share an array in the state.
const chunkSize = 8

// chunk holds for each slice a pointer to its value: *S without its type, which the slice's handle knows. An interface
// would say the type again and make each copy twice as large.
type chunk [chunkSize]unsafe.Pointer

// root is one version of the whole state. It never changes once published.
//
// The chunk of the slice that changed last is part of it, the others are shared with the version before. So a dispatch that
// changes what the one before it changed, and any dispatch in a store of a few slices, costs one small allocation, with 50
// slices as with one.
type root struct {
	version uint64
	checks  *checker // what watches over selectors; nil: nobody
	hot     int      // which chunk is in slots
	slots   chunk
	cold    *[]*chunk // the other chunks; nil where there are none
}

// A version is unique in the program, so that a selector, which belongs to no store, can tell by a number that it sees the
// same snapshot again, without keeping that snapshot alive. A store takes versions by the block, so that stores do not
// contend for a counter; imagined states, which no store published, have the upper half of the numbers.
const versionBlock = 1 << 20

var (
	blocks   atomic.Uint64
	imagined atomic.Uint64
)

// after returns the version after v in a store.
func after(v uint64) uint64 {
	if v++; v%versionBlock == 0 {
		v = blocks.Add(1) * versionBlock
	}
	return v
}

// imaginedVersion returns a version that no store will have.
func imaginedVersion() uint64 { return 1<<63 | imagined.Add(1) }

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
	n, at := index/chunkSize, uint(index)%chunkSize
	if n == r.hot {
		return r.slots[at]
	}
	if r.cold == nil || n >= len(*r.cold) || (*r.cold)[n] == nil {
		return nil
	}
	return (*r.cold)[n][at]
}

// draft is a root under construction.
type draft struct {
	base    *root
	version uint64 // of next
	next    *root
	own     []int // cold chunks that are the draft's own and may be written to
}

func (d *draft) get(c *sliceCore) unsafe.Pointer {
	if d.next != nil {
		return State{d.next}.slot(c)
	}
	return State{d.base}.slot(c)
}

func (d *draft) set(index int, v unsafe.Pointer) {
	n, at := index/chunkSize, uint(index)%chunkSize
	if d.next == nil {
		d.next = &root{version: d.version, checks: d.base.checks, hot: d.base.hot, slots: d.base.slots, cold: d.base.cold}
		if n != d.next.hot {
			d.heat(n)
		}
	}
	if n == d.next.hot {
		d.next.slots[at] = v
		return
	}
	list := d.ownList(n + 1)
	if !slices.Contains(d.own, n) {
		c := new(chunk)
		if list[n] != nil {
			*c = *list[n]
		}
		list[n] = c
		d.own = append(d.own, n)
	}
	list[n][at] = v
}

// heat makes n the hot chunk. The one that was joins the others.
func (d *draft) heat(n int) {
	was := d.next.hot
	list := d.ownList(max(n, was) + 1)
	cooled := d.next.slots
	list[was] = &cooled
	d.next.hot, d.next.slots = n, chunk{}
	if list[n] != nil {
		d.next.slots = *list[n]
		list[n] = nil
	}
	d.own = append(d.own, was)
}

// ownList returns the list of cold chunks, of at least the given length, for writing.
func (d *draft) ownList(size int) []*chunk {
	if d.next.cold != d.base.cold && len(*d.next.cold) >= size {
		return *d.next.cold
	}
	var old []*chunk
	if d.next.cold != nil {
		old = *d.next.cold
	}
	list := make([]*chunk, max(size, len(old)))
	copy(list, old)
	d.next.cold = &list
	return list
}
