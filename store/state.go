package store

// chunkSize is how many slices share an array in the state. A dispatch copies the array of the slice that changes and
// the list of arrays: with 16, one slice among 50 costs no more than one among 10.
const chunkSize = 16

type chunk [chunkSize]any

// root is one version of the whole state. It never changes once published.
type root struct {
	version uint64
	chunks  []*chunk
}

// State is an immutable snapshot of all slices, taken with [Store.State]. Read a slice from it with [Slice.Of] and a
// derived value with [Selector.Of]. It stays what it is while the store goes on. The zero State has every slice at its
// initial value. Two snapshots are equal (==) when no dispatch changed anything between them.
type State struct{ root *root }

// Version counts the changes: a later snapshot of the same store never has a smaller one.
func (s State) Version() uint64 {
	if s.root == nil {
		return 0
	}
	return s.root.version
}

func (s State) slot(c *sliceCore) any {
	if v := s.root.get(c.index); v != nil {
		return v
	}
	return c.initial
}

func (r *root) get(index int) any {
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

func (d *draft) get(index int) any {
	if d.next != nil {
		return d.next.get(index)
	}
	return d.base.get(index)
}

func (d *draft) set(index int, v any) {
	n := index / chunkSize
	if d.next == nil {
		size := max(len(d.base.chunks), n+1)
		d.next = &root{version: d.base.version + 1, chunks: make([]*chunk, size)}
		copy(d.next.chunks, d.base.chunks)
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
