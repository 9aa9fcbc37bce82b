package pmap

import "slices"

// own returns the node that ed may write to: n, or a copy with room for some more leaves and children.
func (n *node) own(ed Edit, leaves, kids int) *node {
	if ed.Owns(n.owner) {
		return n
	}
	return &node{ed, n.leafAt, n.kidAt, grown(n.leaves, leaves), grown(n.kids, kids)}
}

func grown[E any](list []E, extra int) []E {
	if len(list)+extra == 0 {
		return nil
	}
	return append(make([]E, 0, len(list)+extra), list...)
}

func (n *node) put(ed Edit, leaf *Leaf, same Keys, shift uint) (_ *node, replaced bool) {
	if shift >= depth {
		i := slices.IndexFunc(n.leaves, func(l *Leaf) bool { return same(l, leaf) })
		n = n.own(ed, 1, 0)
		if i < 0 {
			n.leaves = append(n.leaves, leaf)
			return n, false
		}
		n.leaves[i] = leaf
		return n, true
	}
	bit := branch(leaf.Hash, shift)
	if n.kidAt&bit != 0 {
		i := rank(n.kidAt, bit)
		kid, replaced := n.kids[i].put(ed, leaf, same, shift+fan)
		if kid != n.kids[i] { // else it was changed in place, and n is the edit's own too
			n = n.own(ed, 0, 0)
			n.kids[i] = kid
		}
		return n, replaced
	}
	if n.leafAt&bit == 0 {
		n = n.own(ed, 1, 0)
		n.addLeaf(bit, leaf)
		return n, false
	}
	i := rank(n.leafAt, bit)
	old := n.leaves[i]
	if old.Hash == leaf.Hash && same(old, leaf) {
		n = n.own(ed, 0, 0)
		n.leaves[i] = leaf
		return n, true
	}
	n = n.own(ed, 0, 1)
	n.dropLeaf(bit)
	n.addKid(bit, split(ed, old, leaf, shift+fan))
	return n, false
}

// split returns the node that holds two leaves with different keys.
func split(ed Edit, a, b *Leaf, shift uint) *node {
	if shift >= depth {
		return &node{owner: ed, leaves: []*Leaf{a, b}}
	}
	ia, ib := branch(a.Hash, shift), branch(b.Hash, shift)
	switch {
	case ia == ib:
		return &node{owner: ed, kidAt: ia, kids: []*node{split(ed, a, b, shift+fan)}}
	case ia > ib:
		a, b = b, a
	}
	return &node{owner: ed, leafAt: ia | ib, leaves: []*Leaf{a, b}}
}

func (n *node) remove(ed Edit, hash uint64, is func(*Leaf) bool, shift uint) (_ *node, removed bool) {
	if shift >= depth {
		i := slices.IndexFunc(n.leaves, is)
		if i < 0 {
			return n, false
		}
		n = n.own(ed, 0, 0)
		n.leaves = slices.Delete(n.leaves, i, i+1)
		return n, true
	}
	bit := branch(hash, shift)
	if n.kidAt&bit != 0 {
		i := rank(n.kidAt, bit)
		kid, removed := n.kids[i].remove(ed, hash, is, shift+fan)
		if !removed {
			return n, false
		}
		if len(kid.kids) == 0 && len(kid.leaves) == 1 { // an only leaf moves up, so that equal tries have equal shapes
			n = n.own(ed, 1, 0)
			n.dropKid(bit)
			n.addLeaf(bit, kid.leaves[0])
		} else if kid != n.kids[i] {
			n = n.own(ed, 0, 0)
			n.kids[i] = kid
		}
		return n, true
	}
	if n.leafAt&bit == 0 {
		return n, false
	}
	if leaf := n.leaves[rank(n.leafAt, bit)]; leaf.Hash != hash || !is(leaf) {
		return n, false
	}
	n = n.own(ed, 0, 0)
	n.dropLeaf(bit)
	return n, true
}

// The node is the edit's own for the following.

func (n *node) addLeaf(bit uint32, leaf *Leaf) {
	n.leaves = slices.Insert(n.leaves, rank(n.leafAt, bit), leaf)
	n.leafAt |= bit
}

func (n *node) dropLeaf(bit uint32) {
	n.leafAt &^= bit
	i := rank(n.leafAt, bit)
	n.leaves = slices.Delete(n.leaves, i, i+1)
}

func (n *node) addKid(bit uint32, kid *node) {
	n.kids = slices.Insert(n.kids, rank(n.kidAt, bit), kid)
	n.kidAt |= bit
}

func (n *node) dropKid(bit uint32) {
	n.kidAt &^= bit
	i := rank(n.kidAt, bit)
	n.kids = slices.Delete(n.kids, i, i+1)
}
