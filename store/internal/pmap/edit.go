package pmap

import "sync/atomic"

// Edit is the right to change in place the nodes that were made under it, and no others. A sequence of changes that nobody
// sees the middle of takes one Edit and so copies each node at most once. Who keeps using an Edit after its result was
// handed out breaks the promise that a map never changes. The zero Edit owns nothing: every change copies.
type Edit uint64

var edits atomic.Uint64

// NewEdit returns an Edit that owns nothing yet.
func NewEdit() Edit { return Edit(edits.Add(1)) }

// Owns reports whether a node that was made under owner may be changed in place.
func (e Edit) Owns(owner Edit) bool { return e != 0 && e == owner }
