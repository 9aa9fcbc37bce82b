package order_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"unsafe"

	"pgregory.net/rapid"

	"slate/store/entity/internal/order"
	"slate/store/internal/pmap"
)

// item is a record as a tree holds them: its place is decided by n, and what distinguishes two of one place is text.
type item struct {
	pmap.Leaf
	n    int
	text string
}

func itemOf(l *pmap.Leaf) *item { return (*item)(unsafe.Pointer(l)) }

func compare(a, b *pmap.Leaf) int { return cmp.Compare(itemOf(a).n, itemOf(b).n) }

func check(t *rapid.T, what string, tree order.Tree, want []*item) {
	if tree.Len() != len(want) {
		t.Fatalf("%s: %d items, want %d", what, tree.Len(), len(want))
	}
	from := rapid.IntRange(0, len(want)).Draw(t, "from")
	to := rapid.IntRange(from, len(want)).Draw(t, "to")
	for _, part := range [][2]int{{0, len(want)}, {from, to}} {
		at := part[0]
		tree.Walk(part[0], part[1], func(l *pmap.Leaf) bool {
			if itemOf(l) != want[at] {
				t.Fatalf("%s: item %d is %v, want %v", what, at, itemOf(l), want[at])
			}
			at++
			return true
		})
		if at != part[1] {
			t.Fatalf("%s: Walk(%d, %d) ends at %d", what, part[0], part[1], at)
		}
		tree.WalkBack(part[0], part[1], func(l *pmap.Leaf) bool {
			at--
			if itemOf(l) != want[at] {
				t.Fatalf("%s: backward, item %d is %v, want %v", what, at, itemOf(l), want[at])
			}
			return true
		})
		if at != part[0] {
			t.Fatalf("%s: WalkBack(%d, %d) ends at %d", what, part[0], part[1], at)
		}
	}
	for i := 0; i < len(want); i += 1 + len(want)/50 {
		if itemOf(tree.At(i)) != want[i] {
			t.Fatalf("%s: At(%d) is %v, want %v", what, i, itemOf(tree.At(i)), want[i])
		}
		if at := firstOf(tree, i); at != 1 {
			t.Fatalf("%s: a walk from %d that is to stop at once sees %d items", what, i, at)
		}
		if at := tree.Search(func(l *pmap.Leaf) bool { return itemOf(l).n >= want[i].n }); at != i {
			t.Fatalf("%s: Search finds item %d at %d", what, i, at)
		}
	}
	if at := tree.Search(func(*pmap.Leaf) bool { return false }); at != len(want) {
		t.Fatalf("%s: Search for nothing ends at %d of %d", what, at, len(want))
	}
}

// firstOf counts what a walk in each direction calls a function for that ends it at once; they must agree.
func firstOf(tree order.Tree, i int) int {
	forth, back := 0, 0
	tree.Walk(i, tree.Len(), func(*pmap.Leaf) bool { forth++; return false })
	tree.WalkBack(0, tree.Len()-i, func(*pmap.Leaf) bool { back++; return false })
	return max(forth, back)
}

// Runs of changes, each of one kind, grow and shrink trees of several levels. Versions that were kept stay what they were.
func TestAgainstSlice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		var (
			tree  order.Tree
			model []*item
		)
		type version struct {
			tree  order.Tree
			model []*item
		}
		var kept []version
		if rapid.Bool().Draw(t, "build") {
			var items []*pmap.Leaf
			for n := range rapid.IntRange(0, 5000).Draw(t, "built") {
				model = append(model, &item{n: 10 * n, text: "built"})
				items = append(items, &model[n].Leaf)
			}
			tree = order.Build(items, rapid.Bool().Draw(t, "at end"))
		}
		for step := range rapid.IntRange(1, 8).Draw(t, "runs") {
			ed := pmap.NewEdit()
			kind := rapid.IntRange(0, 3).Draw(t, "kind")
			for i := range rapid.IntRange(0, 1500).Draw(t, "changes") {
				if i%100 == 0 {
					kept = append(kept, version{tree, slices.Clone(model)})
					ed = pmap.NewEdit()
				}
				switch it := (&item{n: random.IntN(50_000), text: fmt.Sprint(step, i)}); {
				case kind == 0:
					if len(model) > 0 {
						it.n = model[len(model)-1].n + 1
					}
					model = append(model, it)
					tree = tree.Append(ed, &it.Leaf)
				case kind == 1:
					at, found := slices.BinarySearchFunc(model, it, func(a, b *item) int { return cmp.Compare(a.n, b.n) })
					if found {
						model[at] = it
					} else {
						model = slices.Insert(model, at, it)
					}
					tree = tree.Put(ed, &it.Leaf, compare)
				case kind == 2 && len(model) > 0:
					at := random.IntN(len(model))
					tree = tree.Remove(ed, &(&item{n: model[at].n}).Leaf, compare)
					model = slices.Delete(model, at, at+1)
					if absent := tree.Remove(ed, &(&item{n: -1}).Leaf, compare); absent != tree {
						t.Fatal("removing what is not there made another tree")
					}
				case kind == 3 && len(model) > 0:
					at := random.IntN(len(model))
					it.n = model[at].n
					model[at] = it
					tree = tree.Set(ed, at, &it.Leaf)
				}
			}
			check(t, fmt.Sprintf("after run %d", step), tree, model)
		}
		for i, v := range kept {
			check(t, fmt.Sprintf("version %d at the end", i), v.tree, v.model)
		}
	})
}
