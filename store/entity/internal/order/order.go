// Package order is a persistent ordered sequence: inserting, replacing and removing return a new tree that shares all but a
// few nodes with the old one, which never changes. Items are found by comparison and by position, both in O(log n). It is
// a B+ tree whose branches know how many items lie below them.
//
// A tree does not hold its comparison: every method that needs one is given it, and must be given the same one. Its items
// are those of a pmap.Trie, of which it looks at nothing: the comparison knows what they are.
package order

import (
	"slices"

	"slate/store/internal/pmap"
)

// Tree is an immutable sequence of items in order. The zero Tree is empty. Two trees are equal (==) when they are the same
// version. It is safe for concurrent use.
type Tree struct{ root *node }

// Compare is negative where a comes before b, and 0 only where they take the same place.
type Compare func(a, b *pmap.Leaf) int

const (
	maxItems = 64 // in a leaf
	maxKids  = 32 // of a branch
)

// node is a leaf where kids is nil, else a branch. Neighbours with few items are joined: any two together fill half a
// node, which bounds the depth.
type node struct {
	owner pmap.Edit
	items []*pmap.Leaf
	kids  []kid
}

// kid is a subtree with what a search needs to know of it.
type kid struct {
	node  *node
	first *pmap.Leaf
	size  int
}

// Build returns the tree of items that are in order. Where it is going to grow at its end only, its nodes are full.
func Build(items []*pmap.Leaf, atEnd bool) Tree {
	if len(items) == 0 {
		return Tree{}
	}
	leaf, branch := maxItems, maxKids
	if !atEnd {
		leaf, branch = leaf*3/4, branch*3/4
	}
	var level []kid
	for part := range slices.Chunk(items, leaf) {
		level = append(level, kidOf(&node{items: slices.Clone(part)}))
	}
	for len(level) > 1 {
		var up []kid
		for part := range slices.Chunk(level, branch) {
			up = append(up, kidOf(&node{kids: slices.Clone(part)}))
		}
		level = up
	}
	return Tree{level[0].node}
}

// Len returns the number of items.
func (t Tree) Len() int {
	if t.root == nil {
		return 0
	}
	return t.root.size()
}

// At returns the item at a position in [0, Len()).
func (t Tree) At(i int) *pmap.Leaf {
	n := t.root
	for n.kids != nil {
		k := 0
		for i >= n.kids[k].size {
			i -= n.kids[k].size
			k++
		}
		n = n.kids[k].node
	}
	return n.items[i]
}

// Search returns the position of the first item for which from reports true; Len() where there is none. Once it reports
// true for an item, it must do so for all that follow.
func (t Tree) Search(from func(*pmap.Leaf) bool) int {
	n, at := t.root, 0
	if n == nil {
		return 0
	}
	for n.kids != nil {
		k := 0
		for lo, hi := 0, len(n.kids); lo < hi; { // the last kid that begins before
			mid := int(uint(lo+hi) / 2)
			if from(n.kids[mid].first) {
				hi = mid
			} else {
				k, lo = mid, mid+1
			}
		}
		for i := range k {
			at += n.kids[i].size
		}
		n = n.kids[k].node
	}
	lo, hi := 0, len(n.items)
	for lo < hi {
		mid := int(uint(lo+hi) / 2)
		if from(n.items[mid]) {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return at + lo
}

// Walk calls yield for the items at the positions [from, to), in order, until it returns false.
func (t Tree) Walk(from, to int, yield func(*pmap.Leaf) bool) {
	if from < to {
		t.root.walk(from, to, yield)
	}
}

// WalkBack is [Tree.Walk] from the last item to the first.
func (t Tree) WalkBack(from, to int, yield func(*pmap.Leaf) bool) {
	if from < to {
		t.root.walkBack(from, to, yield)
	}
}

func (n *node) walk(from, to int, yield func(*pmap.Leaf) bool) bool {
	if n.kids == nil {
		for _, item := range n.items[from:to] {
			if !yield(item) {
				return false
			}
		}
		return true
	}
	for _, k := range n.kids {
		if to <= 0 {
			break
		}
		if from < k.size && !k.node.walk(max(from, 0), min(to, k.size), yield) {
			return false
		}
		from, to = from-k.size, to-k.size
	}
	return true
}

func (n *node) walkBack(from, to int, yield func(*pmap.Leaf) bool) bool {
	if n.kids == nil {
		for _, item := range slices.Backward(n.items[from:to]) {
			if !yield(item) {
				return false
			}
		}
		return true
	}
	at := n.size()
	for _, k := range slices.Backward(n.kids) {
		at -= k.size
		if from >= at+k.size {
			break
		}
		if to > at && !k.node.walkBack(max(from-at, 0), min(to-at, k.size), yield) {
			return false
		}
	}
	return true
}

func kidOf(n *node) kid { return kid{n, n.first(), n.size()} }

func (n *node) first() *pmap.Leaf {
	if n.kids == nil {
		return n.items[0]
	}
	return n.kids[0].first
}

func (n *node) size() int {
	if n.kids == nil {
		return len(n.items)
	}
	size := 0
	for i := range n.kids {
		size += n.kids[i].size
	}
	return size
}
