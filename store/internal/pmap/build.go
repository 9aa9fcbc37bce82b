package pmap

import (
	"math/bits"
	"slices"
)

// Build returns the trie of many leaves at once, which is several times as fast as putting one after the other. Of leaves
// with the same key it holds the first; again is told of each further one, in their order. It reorders the list.
func Build(leaves []*Leaf, same Keys, again func(first, again *Leaf)) Trie {
	if len(leaves) == 0 {
		return Trie{}
	}
	b := builder{same, again}
	return Trie{b.node(leaves, make([]*Leaf, len(leaves)), 0)}
}

type builder struct {
	same  Keys
	again func(first, again *Leaf)
}

// node returns the node of leaves, which all take the same branches above. It uses spare, which is as long, and leaves both
// lists in another order.
func (b builder) node(leaves, spare []*Leaf, shift uint) *node {
	if shift >= depth {
		return &node{leaves: slices.Clone(leaves)}
	}
	n := &node{}
	for _, l := range leaves {
		bit := branch(l.Hash, shift)
		n.kidAt |= n.leafAt & bit
		n.leafAt |= bit
	}
	n.leafAt &^= n.kidAt
	n.leaves = make([]*Leaf, bits.OnesCount32(n.leafAt))
	var ends [1<<fan + 1]int // where the leaves of each child end in spare; first, where they begin
	for _, l := range leaves {
		if bit := branch(l.Hash, shift); n.kidAt&bit != 0 {
			ends[rank(n.kidAt, bit)+1]++
		}
	}
	count := bits.OnesCount32(n.kidAt)
	for i := range count {
		ends[i+1] += ends[i]
	}
	for _, l := range leaves {
		if bit := branch(l.Hash, shift); n.kidAt&bit == 0 {
			n.leaves[rank(n.leafAt, bit)] = l
		} else {
			i := rank(n.kidAt, bit)
			spare[ends[i]] = l
			ends[i]++
		}
	}
	n.kids = make([]*node, 0, count)
	from := 0
	for i, rest := 0, n.kidAt; i < count; i++ {
		bit := rest & -rest
		rest &^= bit
		part := b.distinct(spare[from:ends[i]])
		if len(part) > 1 {
			n.kids = append(n.kids, b.node(part, leaves[from:from+len(part)], shift+fan))
		} else {
			n.kidAt &^= bit
			n.addLeaf(bit, part[0])
		}
		from = ends[i]
	}
	return n
}

// distinct leaves out the leaves with the key of an earlier one, where all have the same hash. Where they do not, those
// with the same hash meet again further down.
func (b builder) distinct(leaves []*Leaf) []*Leaf {
	hash := leaves[0].Hash
	for _, l := range leaves[1:] {
		if l.Hash != hash {
			return leaves
		}
	}
	kept := leaves[:1]
	for _, l := range leaves[1:] {
		if i := slices.IndexFunc(kept, func(k *Leaf) bool { return b.same(k, l) }); i >= 0 {
			b.again(kept[i], l)
		} else {
			kept = append(kept, l)
		}
	}
	return kept
}
