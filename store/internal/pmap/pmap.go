// Package pmap is a persistent hash map: setting and deleting return a new map that shares all but a few nodes with the
// old one, which never changes. It is a hash array mapped trie with 32 branches a level, so a change among 100,000 entries
// copies four small nodes.
//
// [Map] is the map. [Trie] is what it is made of, for those whose values know their keys; an [Edit] makes many changes as
// one.
package pmap

import (
	"hash/maphash"
	"iter"
	"unsafe"
)

// Map is an immutable map. The zero Map is empty. It is safe for concurrent use, like any value.
type Map[K comparable, V any] struct {
	trie Trie
	len  int
}

// entry is a key with its value.
type entry[K comparable, V any] struct {
	Leaf
	key K
	val V
}

func entryOf[K comparable, V any](l *Leaf) *entry[K, V] { return (*entry[K, V])(unsafe.Pointer(l)) }

func sameKey[K comparable, V any](a, b *Leaf) bool {
	return entryOf[K, V](a).key == entryOf[K, V](b).key
}

var seed = maphash.MakeSeed()

// Hash returns the hash of a key, for the leaves of a [Trie]. It differs between runs of the program.
func Hash[K comparable](key K) uint64 { return maphash.Comparable(seed, key) }

// Len returns how many entries there are.
func (m Map[K, V]) Len() int { return m.len }

// Get returns the value of a key.
func (m Map[K, V]) Get(key K) (V, bool) {
	if m.len > 0 {
		if l := m.trie.Find(Hash(key), func(l *Leaf) bool { return entryOf[K, V](l).key == key }); l != nil {
			return entryOf[K, V](l).val, true
		}
	}
	var none V
	return none, false
}

// Set returns the map with key set to val.
func (m Map[K, V]) Set(key K, val V) Map[K, V] { return m.SetIn(0, key, val) }

// SetIn is [Map.Set] as part of an edit, which may change m itself where the edit made it.
func (m Map[K, V]) SetIn(ed Edit, key K, val V) Map[K, V] {
	e := &entry[K, V]{Leaf{Hash(key)}, key, val}
	trie, replaced := m.trie.Put(ed, &e.Leaf, sameKey[K, V])
	if replaced {
		return Map[K, V]{trie, m.len}
	}
	return Map[K, V]{trie, m.len + 1}
}

// Delete returns the map without key; the map itself where it has no such key.
func (m Map[K, V]) Delete(key K) Map[K, V] { return m.DeleteIn(0, key) }

// DeleteIn is [Map.Delete] as part of an edit, which may change m itself where the edit made it.
func (m Map[K, V]) DeleteIn(ed Edit, key K) Map[K, V] {
	trie, removed := m.trie.Remove(ed, Hash(key), func(l *Leaf) bool { return entryOf[K, V](l).key == key })
	if !removed {
		return m
	}
	return Map[K, V]{trie, m.len - 1}
}

// All yields every entry, in no particular order.
func (m Map[K, V]) All() iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		m.trie.Each(func(l *Leaf) bool { return yield(entryOf[K, V](l).key, entryOf[K, V](l).val) })
	}
}
