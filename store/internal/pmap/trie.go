package pmap

import "math/bits"

// Leaf is the part that a [Trie] knows of the immutable records that it holds. It is the first field of such a record, so
// that a pointer to one can be converted to a pointer to the other. Records of all types thus share the code of the trie,
// which is compiled once and calls nothing to learn a hash.
type Leaf struct {
	Hash uint64 // of the record's key
}

// Keys reports whether two leaves have the same key. It is asked only of leaves that have the same hash.
type Keys func(a, b *Leaf) bool

// Trie is an immutable set of leaves with distinct keys: a hash array mapped trie with 32 branches a level, in which leaves
// whose whole hashes are equal share a node at the end. The zero Trie is empty.
type Trie struct{ root *node }

const (
	fan   = 5  // bits of the hash that a level uses
	depth = 64 // the shift at which the hash is used up, and nodes are plain lists of leaves
)

// node holds a leaf or a child for some of its branches, each kind in the order of the branches.
type node struct {
	owner  Edit
	leafAt uint32 // the branches with a leaf
	kidAt  uint32 // the branches with a child
	leaves []*Leaf
	kids   []*node
}

// Find returns the leaf with the hash for which is reports true; nil where there is none.
func (t Trie) Find(hash uint64, is func(*Leaf) bool) *Leaf {
	if t.root == nil {
		return nil
	}
	return t.root.find(hash, is, 0)
}

// Put returns the trie with the leaf in it, in place of the one with the same key; replaced is false where there was none.
func (t Trie) Put(ed Edit, leaf *Leaf, same Keys) (_ Trie, replaced bool) {
	root := t.root
	if root == nil {
		root = &node{owner: ed}
	}
	root, replaced = root.put(ed, leaf, same, 0)
	return Trie{root}, replaced
}

// Remove returns the trie without the leaf with the hash for which is reports true; the trie itself where it has none.
func (t Trie) Remove(ed Edit, hash uint64, is func(*Leaf) bool) (_ Trie, removed bool) {
	if t.root == nil {
		return t, false
	}
	root, removed := t.root.remove(ed, hash, is, 0)
	if len(root.leaves)+len(root.kids) == 0 {
		root = nil
	}
	return Trie{root}, removed
}

// Each calls yield for every leaf, in no particular order, until it returns false.
func (t Trie) Each(yield func(*Leaf) bool) {
	if t.root != nil {
		t.root.each(yield)
	}
}

// branch returns the bit of the branch that a hash takes.
func branch(hash uint64, shift uint) uint32 { return 1 << (uint32(hash>>shift) & (1<<fan - 1)) }

// rank returns the position of a branch among those of a set.
func rank(set, bit uint32) int { return bits.OnesCount32(set & (bit - 1)) }

func (n *node) find(hash uint64, is func(*Leaf) bool, shift uint) *Leaf {
	for ; shift < depth; shift += fan {
		bit := branch(hash, shift)
		if n.kidAt&bit != 0 {
			n = n.kids[rank(n.kidAt, bit)]
			continue
		}
		if n.leafAt&bit != 0 {
			if leaf := n.leaves[rank(n.leafAt, bit)]; leaf.Hash == hash && is(leaf) {
				return leaf
			}
		}
		return nil
	}
	for _, leaf := range n.leaves {
		if is(leaf) {
			return leaf
		}
	}
	return nil
}

func (n *node) each(yield func(*Leaf) bool) bool {
	for _, leaf := range n.leaves {
		if !yield(leaf) {
			return false
		}
	}
	for _, kid := range n.kids {
		if !kid.each(yield) {
			return false
		}
	}
	return true
}
