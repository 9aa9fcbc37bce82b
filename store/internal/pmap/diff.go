package pmap

// Diff calls fn for each key whose entry differs between two maps: set, replaced or deleted. Parts that the maps share
// cost nothing, so the difference between two versions costs what changed between them and not what they hold.
func Diff[K comparable, V any](from, to Map[K, V], fn func(key K)) {
	d := differ{sameKey[K, V], func(l *Leaf) { fn(entryOf[K, V](l).key) }}
	d.diff(part{kid: from.trie.root}, part{kid: to.trie.root}, 0)
}

// differ calls fn for each leaf that only one side has, or that is another on the two sides; once for each key.
type differ struct {
	same Keys
	fn   func(*Leaf)
}

// part is what a node has for one of its branches: a child, a leaf, or nothing.
type part struct {
	kid  *node
	leaf *Leaf
}

func (n *node) part(bit uint32) (p part) {
	switch {
	case n.kidAt&bit != 0:
		p.kid = n.kids[rank(n.kidAt, bit)]
	case n.leafAt&bit != 0:
		p.leaf = n.leaves[rank(n.leafAt, bit)]
	}
	return p
}

func (d differ) diff(a, b part, shift uint) {
	switch {
	case a.kid != nil && a.kid == b.kid:
	case a.kid != nil && b.kid != nil && shift < depth:
		for i := range 1 << fan {
			d.diff(a.kid.part(1<<i), b.kid.part(1<<i), shift+fan)
		}
	default: // a leaf, a list of leaves or nothing on one side: few entries on that side
		a.each(func(l *Leaf) {
			if d.find(b, l, shift) != l {
				d.fn(l)
			}
		})
		b.each(func(l *Leaf) {
			if d.find(a, l, shift) == nil {
				d.fn(l)
			}
		})
	}
}

func (p part) each(fn func(*Leaf)) {
	switch {
	case p.kid != nil:
		p.kid.each(func(l *Leaf) bool { fn(l); return true })
	case p.leaf != nil:
		fn(p.leaf)
	}
}

// find returns the leaf that has l's key; nil where there is none.
func (d differ) find(p part, l *Leaf, shift uint) *Leaf {
	switch {
	case p.kid != nil:
		return p.kid.find(l.Hash, func(o *Leaf) bool { return d.same(o, l) }, shift)
	case p.leaf != nil && p.leaf.Hash == l.Hash && d.same(p.leaf, l):
		return p.leaf
	}
	return nil
}
