package pmap_test

import (
	"maps"
	"testing"
	"unsafe"

	"pgregory.net/rapid"

	"slate/store/internal/pmap"
)

// record is what a trie of these tests holds. The hash is so bad that many records share one, and that others differ in
// their last bits only.
type record struct {
	pmap.Leaf
	key, val int
}

func newRecord(key, val int) *record {
	return &record{pmap.Leaf{Hash: badHash(key)}, key, val}
}

func badHash(key int) uint64 { return uint64(key%7) << 62 * uint64(key%3) }

func recordOf(l *pmap.Leaf) *record { return (*record)(unsafe.Pointer(l)) }

func sameKey(a, b *pmap.Leaf) bool { return recordOf(a).key == recordOf(b).key }

func contents(t *rapid.T, trie pmap.Trie) map[int]int {
	out := map[int]int{}
	trie.Each(func(l *pmap.Leaf) bool {
		r := recordOf(l)
		if _, twice := out[r.key]; twice {
			t.Fatalf("key %d is there twice", r.key)
		}
		out[r.key] = r.val
		found := trie.Find(l.Hash, func(o *pmap.Leaf) bool { return recordOf(o).key == r.key })
		if found != l {
			t.Fatalf("Find(%d) = %v, want %v", r.key, found, r)
		}
		return true
	})
	return out
}

func TestTrieWithEqualHashes(t *testing.T) {
	const keys = 40
	rapid.Check(t, func(t *rapid.T) {
		type version struct {
			trie  pmap.Trie
			model map[int]int
		}
		var (
			trie  pmap.Trie
			model = map[int]int{}
			kept  []version
			ed    pmap.Edit
		)
		var first []*pmap.Leaf
		again := map[int]int{}
		for range rapid.IntRange(0, 60).Draw(t, "built") {
			r := newRecord(rapid.IntRange(0, keys).Draw(t, "key"), rapid.Int().Draw(t, "value"))
			first = append(first, &r.Leaf)
			if _, ok := model[r.key]; ok {
				again[r.key]++
			} else {
				model[r.key] = r.val
			}
		}
		trie = pmap.Build(first, sameKey, func(first, second *pmap.Leaf) {
			again[recordOf(second).key]--
			if recordOf(first).val != model[recordOf(second).key] {
				t.Fatalf("Build keeps %v before %v", recordOf(first), recordOf(second))
			}
		})
		for key, n := range again {
			if n != 0 {
				t.Fatalf("Build was silent about %d of key %d", n, key)
			}
		}
		for range rapid.IntRange(0, 100).Draw(t, "steps") {
			r := newRecord(rapid.IntRange(0, keys).Draw(t, "key"), rapid.Int().Draw(t, "value"))
			_, there := model[r.key]
			switch rapid.IntRange(0, 5).Draw(t, "step") {
			case 0: // from here on, nothing may be changed in place that was made before
				kept = append(kept, version{trie, maps.Clone(model)})
				ed = pmap.NewEdit()
			case 1, 2:
				before := trie
				removed := false
				trie, removed = trie.Remove(ed, r.Hash, func(o *pmap.Leaf) bool { return recordOf(o).key == r.key })
				if removed != there || !removed && trie != before {
					t.Fatalf("Remove(%d) reports %t; it was there: %t", r.key, removed, there)
				}
				delete(model, r.key)
			default:
				replaced := false
				trie, replaced = trie.Put(ed, &r.Leaf, sameKey)
				if replaced != there {
					t.Fatalf("Put(%d) reports %t; it was there: %t", r.key, replaced, there)
				}
				model[r.key] = r.val
			}
		}
		for key := range keys + 1 {
			found := trie.Find(badHash(key), func(l *pmap.Leaf) bool { return recordOf(l).key == key })
			if _, there := model[key]; (found != nil) != there {
				t.Fatalf("Find(%d) = %v; it is there: %t", key, found, there)
			}
		}
		seen := 0
		trie.Each(func(*pmap.Leaf) bool { seen++; return seen < 3 })
		if want := min(3, len(model)); seen != want {
			t.Fatalf("Each saw %d of %d and was to stop at 3", seen, len(model))
		}
		kept = append(kept, version{trie, model})
		for i, v := range kept {
			if got := contents(t, v.trie); !maps.Equal(got, v.model) {
				t.Fatalf("version %d is %v, want %v", i, got, v.model)
			}
		}
	})
}
