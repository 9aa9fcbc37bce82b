// Package pmap is a persistent hash map: setting and deleting return a new map that shares all but a few nodes with the
// old one, which never changes. It is a hash array mapped trie with 32 branches a level, so a change among 100,000 entries
// copies four small nodes.
package pmap

import (
	"hash/maphash"
	"iter"
	"math/bits"
)

// Map is an immutable map. The zero Map is empty. It is safe for concurrent use, like any value.
type Map[K comparable, V any] struct {
	root *node[K, V]
	len  int
}

const fan = 5 // bits of the hash that a level uses

// node holds a slot for each set bit of used, in the order of the bits.
type node[K comparable, V any] struct {
	used  uint32
	slots []slot[K, V]
}

// slot is either a child or a leaf.
type slot[K comparable, V any] struct {
	child *node[K, V]
	leaf  *leaf[K, V]
}

// leaf is one entry. Entries whose whole hashes are equal form a list.
type leaf[K comparable, V any] struct {
	hash uint64
	key  K
	val  V
	next *leaf[K, V]
}

var seed = maphash.MakeSeed()

// Len returns how many entries there are.
func (m Map[K, V]) Len() int { return m.len }

// Get returns the value of a key.
func (m Map[K, V]) Get(key K) (V, bool) {
	if m.root != nil {
		if l := m.root.find(maphash.Comparable(seed, key), 0); l != nil {
			for ; l != nil; l = l.next {
				if l.key == key {
					return l.val, true
				}
			}
		}
	}
	var none V
	return none, false
}

// Set returns the map with key set to val.
func (m Map[K, V]) Set(key K, val V) Map[K, V] {
	l := &leaf[K, V]{hash: maphash.Comparable(seed, key), key: key, val: val}
	root := m.root
	if root == nil {
		root = &node[K, V]{}
	}
	root, added := root.set(l, 0)
	if added {
		return Map[K, V]{root, m.len + 1}
	}
	return Map[K, V]{root, m.len}
}

// Delete returns the map without key; the map itself where it has no such key.
func (m Map[K, V]) Delete(key K) Map[K, V] {
	if m.root == nil {
		return m
	}
	root, removed := m.root.remove(maphash.Comparable(seed, key), key, 0)
	if !removed {
		return m
	}
	return Map[K, V]{root, m.len - 1}
}

// All yields every entry, in no particular order.
func (m Map[K, V]) All() iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		if m.root != nil {
			m.root.each(func(l *leaf[K, V]) bool { return yield(l.key, l.val) })
		}
	}
}

func index(hash uint64, shift uint) uint32 { return uint32(hash>>shift) & (1<<fan - 1) }

// at returns the position of the branch's slot and whether there is one.
func (n *node[K, V]) at(branch uint32) (int, bool) {
	bit := uint32(1) << branch
	return bits.OnesCount32(n.used & (bit - 1)), n.used&bit != 0
}

func (n *node[K, V]) find(hash uint64, shift uint) *leaf[K, V] {
	for {
		i, ok := n.at(index(hash, shift))
		if !ok {
			return nil
		}
		s := n.slots[i]
		if s.leaf != nil {
			if s.leaf.hash == hash {
				return s.leaf
			}
			return nil
		}
		n, shift = s.child, shift+fan
	}
}

// with returns a copy of n in which position i is s.
func (n *node[K, V]) with(i int, s slot[K, V]) *node[K, V] {
	slots := make([]slot[K, V], len(n.slots))
	copy(slots, n.slots)
	slots[i] = s
	return &node[K, V]{n.used, slots}
}

func (n *node[K, V]) set(l *leaf[K, V], shift uint) (_ *node[K, V], added bool) {
	branch := index(l.hash, shift)
	i, ok := n.at(branch)
	if !ok {
		slots := make([]slot[K, V], len(n.slots)+1)
		copy(slots, n.slots[:i])
		slots[i] = slot[K, V]{leaf: l}
		copy(slots[i+1:], n.slots[i:])
		return &node[K, V]{n.used | 1<<branch, slots}, true
	}
	s := n.slots[i]
	switch {
	case s.child != nil:
		child, added := s.child.set(l, shift+fan)
		return n.with(i, slot[K, V]{child: child}), added
	case s.leaf.hash == l.hash:
		chain, replaced := s.leaf.replace(l)
		return n.with(i, slot[K, V]{leaf: chain}), !replaced
	}
	return n.with(i, slot[K, V]{child: split(s.leaf, l, shift+fan)}), true
}

// split returns the node that holds two leaves whose hashes differ.
func split[K comparable, V any](a, b *leaf[K, V], shift uint) *node[K, V] {
	ia, ib := index(a.hash, shift), index(b.hash, shift)
	switch {
	case ia == ib:
		return &node[K, V]{1 << ia, []slot[K, V]{{child: split(a, b, shift+fan)}}}
	case ia > ib:
		a, b = b, a
	}
	return &node[K, V]{1<<ia | 1<<ib, []slot[K, V]{{leaf: a}, {leaf: b}}}
}

// replace returns the list of entries of one hash with l in it.
func (old *leaf[K, V]) replace(l *leaf[K, V]) (chain *leaf[K, V], replaced bool) {
	rest, replaced := old.without(l.key)
	head := *l
	head.next = rest
	return &head, replaced
}

func (old *leaf[K, V]) without(key K) (chain *leaf[K, V], removed bool) {
	if old == nil {
		return nil, false
	}
	if old.key == key {
		return old.next, true
	}
	rest, removed := old.next.without(key)
	if !removed {
		return old, false
	}
	head := *old
	head.next = rest
	return &head, true
}

func (n *node[K, V]) remove(hash uint64, key K, shift uint) (_ *node[K, V], removed bool) {
	branch := index(hash, shift)
	i, ok := n.at(branch)
	if !ok {
		return n, false
	}
	s := n.slots[i]
	if s.child != nil {
		child, removed := s.child.remove(hash, key, shift+fan)
		switch {
		case !removed:
			return n, false
		case child == nil:
			return n.drop(i, branch), true
		case len(child.slots) == 1 && child.slots[0].leaf != nil:
			return n.with(i, child.slots[0]), true // an only leaf moves up, so that equal maps have equal shapes
		}
		return n.with(i, slot[K, V]{child: child}), true
	}
	if s.leaf.hash != hash {
		return n, false
	}
	chain, removed := s.leaf.without(key)
	switch {
	case !removed:
		return n, false
	case chain == nil:
		return n.drop(i, branch), true
	}
	return n.with(i, slot[K, V]{leaf: chain}), true
}

// drop returns n without position i; nil where nothing is left.
func (n *node[K, V]) drop(i int, branch uint32) *node[K, V] {
	if len(n.slots) == 1 {
		return nil
	}
	slots := make([]slot[K, V], 0, len(n.slots)-1)
	slots = append(append(slots, n.slots[:i]...), n.slots[i+1:]...)
	return &node[K, V]{n.used &^ (1 << branch), slots}
}

func (n *node[K, V]) each(yield func(*leaf[K, V]) bool) bool {
	for _, s := range n.slots {
		if s.child != nil {
			if !s.child.each(yield) {
				return false
			}
			continue
		}
		for l := s.leaf; l != nil; l = l.next {
			if !yield(l) {
				return false
			}
		}
	}
	return true
}
