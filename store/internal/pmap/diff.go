package pmap

// Diff calls fn for each key whose entry differs between two maps: set, replaced or deleted. Parts that the maps share
// cost nothing, so the difference between two versions costs what changed between them and not what they hold.
func Diff[K comparable, V any](from, to Map[K, V], fn func(key K)) {
	diff(slot[K, V]{child: from.root}, slot[K, V]{child: to.root}, 0, fn)
}

func diff[K comparable, V any](a, b slot[K, V], shift uint, fn func(K)) {
	switch {
	case a == b:
	case a.child != nil && b.child != nil:
		for branch := range uint32(1 << fan) {
			var sa, sb slot[K, V]
			if i, ok := a.child.at(branch); ok {
				sa = a.child.slots[i]
			}
			if i, ok := b.child.at(branch); ok {
				sb = b.child.slots[i]
			}
			diff(sa, sb, shift+fan, fn)
		}
	default: // a leaf or nothing on one side: few entries on that side
		a.each(func(l *leaf[K, V]) bool {
			if b.entry(l, shift) != l {
				fn(l.key)
			}
			return true
		})
		b.each(func(l *leaf[K, V]) bool {
			if a.entry(l, shift) == nil {
				fn(l.key)
			}
			return true
		})
	}
}

func (s slot[K, V]) each(yield func(*leaf[K, V]) bool) {
	if s.child != nil {
		s.child.each(yield)
		return
	}
	for l := s.leaf; l != nil; l = l.next {
		if !yield(l) {
			return
		}
	}
}

// entry returns the leaf that has l's key; nil where there is none.
func (s slot[K, V]) entry(l *leaf[K, V], shift uint) *leaf[K, V] {
	found := s.leaf
	if s.child != nil {
		found = s.child.find(l.hash, shift)
	}
	for ; found != nil; found = found.next {
		if found.hash == l.hash && found.key == l.key {
			return found
		}
	}
	return nil
}
