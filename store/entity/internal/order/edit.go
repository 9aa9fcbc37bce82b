package order

import (
	"slices"

	"slate/store/internal/pmap"
)

// change is what the steps of one change need on their way through the tree.
type change struct {
	ed      pmap.Edit
	compare Compare
}

// Append returns the tree with an item after all others.
func (t Tree) Append(ed pmap.Edit, item *pmap.Leaf) Tree {
	if t.root == nil {
		return Tree{&node{owner: ed, items: []*pmap.Leaf{item}}}
	}
	left, right := t.root.append(ed, item)
	return join(ed, left, right)
}

// Put returns the tree with an item in its place: in place of the item that compares equal to it, where there is one.
func (t Tree) Put(ed pmap.Edit, item *pmap.Leaf, compare Compare) Tree {
	if t.root == nil {
		return t.Append(ed, item)
	}
	left, right := change{ed, compare}.put(t.root, item)
	return join(ed, left, right)
}

// Set returns the tree with the item at a position in [0, Len()) replaced by one that belongs in the same place.
func (t Tree) Set(ed pmap.Edit, i int, item *pmap.Leaf) Tree { return Tree{t.root.set(ed, i, item)} }

// Remove returns the tree without the item that compares equal; the tree itself where there is none.
func (t Tree) Remove(ed pmap.Edit, item *pmap.Leaf, compare Compare) Tree {
	if t.root == nil {
		return t
	}
	root := change{ed, compare}.remove(t.root, item)
	for len(root.kids) == 1 {
		root = root.kids[0].node
	}
	if root.kids == nil && len(root.items) == 0 {
		root = nil
	}
	return Tree{root}
}

func join(ed pmap.Edit, left, right *node) Tree {
	if right == nil {
		return Tree{left}
	}
	return Tree{&node{owner: ed, kids: []kid{kidOf(left), kidOf(right)}}}
}

// own returns the node that ed may write to: n, or a copy with room for one more.
func (n *node) own(ed pmap.Edit) *node {
	switch {
	case ed.Owns(n.owner):
		return n
	case n.kids == nil:
		return &node{owner: ed, items: append(make([]*pmap.Leaf, 0, len(n.items)+1), n.items...)}
	}
	return &node{owner: ed, kids: append(make([]kid, 0, len(n.kids)+1), n.kids...)}
}

func (n *node) append(ed pmap.Edit, item *pmap.Leaf) (left, right *node) {
	if n.kids == nil {
		if len(n.items) == maxItems { // a full leaf stays full: nothing comes before what is last
			return n, &node{owner: ed, items: []*pmap.Leaf{item}}
		}
		n = n.own(ed)
		n.items = append(n.items, item)
		return n, nil
	}
	last := len(n.kids) - 1
	left, right = n.kids[last].node.append(ed, item)
	if right != nil && len(n.kids) == maxKids {
		return n, &node{owner: ed, kids: []kid{kidOf(right)}}
	}
	n = n.own(ed)
	if right != nil {
		n.kids = append(n.kids, kidOf(right))
	} else {
		n.kids[last].node = left
		n.kids[last].size++
	}
	return n, nil
}

func (n *node) set(ed pmap.Edit, i int, item *pmap.Leaf) *node {
	n = n.own(ed)
	if n.kids == nil {
		n.items[i] = item
		return n
	}
	k := 0
	for i >= n.kids[k].size {
		i -= n.kids[k].size
		k++
	}
	n.kids[k] = kidOf(n.kids[k].node.set(ed, i, item))
	return n
}

func (c change) put(n *node, item *pmap.Leaf) (left, right *node) {
	if n.kids == nil {
		i, found := slices.BinarySearchFunc(n.items, item, c.compare)
		n = n.own(c.ed)
		if found {
			n.items[i] = item
			return n, nil
		}
		n.items = slices.Insert(n.items, i, item)
		if len(n.items) <= maxItems {
			return n, nil
		}
		var rest []*pmap.Leaf
		n.items, rest = halve(n.items)
		return n, &node{owner: c.ed, items: rest}
	}
	i := c.kid(n, item)
	left, right = c.put(n.kids[i].node, item)
	n = n.own(c.ed)
	n.kids[i] = kidOf(left)
	if right == nil {
		return n, nil
	}
	n.kids = slices.Insert(n.kids, i+1, kidOf(right))
	if len(n.kids) <= maxKids {
		return n, nil
	}
	var rest []kid
	n.kids, rest = halve(n.kids)
	return n, &node{owner: c.ed, kids: rest}
}

// remove returns n without the item; n itself where it is not there.
func (c change) remove(n *node, item *pmap.Leaf) *node {
	if n.kids == nil {
		i, found := slices.BinarySearchFunc(n.items, item, c.compare)
		if !found {
			return n
		}
		n = n.own(c.ed)
		n.items = slices.Delete(n.items, i, i+1)
		return n
	}
	i := c.kid(n, item)
	old := n.kids[i]
	left := c.remove(old.node, item)
	if left.size() == old.size {
		return n
	}
	n = n.own(c.ed)
	if old.size == 1 {
		n.kids = slices.Delete(n.kids, i, i+1)
		return n
	}
	n.kids[i] = kidOf(left)
	if i > 0 && c.merge(n, i-1) {
		i--
	}
	if i+1 < len(n.kids) {
		c.merge(n, i)
	}
	return n
}

// kid returns the position of the subtree in which the item belongs.
func (c change) kid(n *node, item *pmap.Leaf) int {
	lo, hi := 0, len(n.kids)-1
	for lo < hi {
		mid := int(uint(lo+hi+1) / 2)
		if c.compare(n.kids[mid].first, item) <= 0 {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	return lo
}

// merge joins the subtrees i and i+1 of n, which the edit owns, where both together fill no more than half a node.
func (c change) merge(n *node, i int) bool {
	left, right := n.kids[i].node, n.kids[i+1].node
	if len(left.items)+len(right.items) > maxItems/2 || len(left.kids)+len(right.kids) > maxKids/2 {
		return false
	}
	left = left.own(c.ed)
	left.items = append(left.items, right.items...)
	left.kids = append(left.kids, right.kids...)
	n.kids[i] = kidOf(left)
	n.kids = slices.Delete(n.kids, i+1, i+2)
	return true
}

// halve splits a list; the second half has memory of its own, and the first keeps nothing of it.
func halve[E any](list []E) (first, second []E) {
	half := len(list) / 2
	second = append(make([]E, 0, half+2), list[half:]...)
	clear(list[half:])
	return list[:half], second
}
