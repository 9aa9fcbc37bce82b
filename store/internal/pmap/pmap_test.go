package pmap_test

import (
	"fmt"
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"slate/store/internal/pmap"
)

func TestAgainstGoMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		model := map[int]int{}
		var m pmap.Map[int, int]
		type version struct {
			m     pmap.Map[int, int]
			model map[int]int
		}
		versions := []version{{m, maps.Clone(model)}}
		for range rapid.IntRange(0, 200).Draw(t, "steps") {
			k := rapid.IntRange(0, 60).Draw(t, "key")
			if rapid.Bool().Draw(t, "delete") {
				delete(model, k)
				m = m.Delete(k)
			} else {
				v := rapid.Int().Draw(t, "value")
				model[k] = v
				m = m.Set(k, v)
			}
			versions = append(versions, version{m, maps.Clone(model)})
		}
		for i, v := range versions {
			if got := maps.Collect(v.m.All()); len(got) != v.m.Len() || !maps.Equal(got, v.model) {
				t.Fatalf("version %d: %v", i, cmp.Diff(v.model, got))
			}
			for k := range 61 {
				got, ok := v.m.Get(k)
				want, wantOK := v.model[k]
				if got != want || ok != wantOK {
					t.Fatalf("version %d: Get(%d) = %d, %t, want %d, %t", i, k, got, ok, want, wantOK)
				}
			}
		}
		a := versions[rapid.IntRange(0, len(versions)-1).Draw(t, "from")]
		b := versions[rapid.IntRange(0, len(versions)-1).Draw(t, "to")]
		got := map[int]bool{}
		pmap.Diff(a.m, b.m, func(k int) {
			if got[k] {
				t.Fatalf("Diff names %d twice", k)
			}
			got[k] = true
		})
		for k := range 61 {
			va, oka := a.model[k]
			vb, okb := b.model[k]
			if (va != vb || oka != okb) && !got[k] {
				t.Fatalf("Diff misses %d", k)
			}
			if !oka && !okb && got[k] {
				t.Fatalf("Diff names %d, which neither has", k)
			}
		}
	})
}

func TestManyEntries(t *testing.T) {
	var m pmap.Map[string, int]
	const n = 20_000
	for i := range n {
		m = m.Set(fmt.Sprint(i), i)
	}
	before := m
	m = m.Set("17", -1)
	count := 0
	pmap.Diff(before, m, func(k string) { count++ })
	if count != 1 || m.Len() != n {
		t.Fatalf("one entry set: Diff names %d, %d entries", count, m.Len())
	}
	for i := range n {
		m = m.Delete(fmt.Sprint(i))
	}
	if m.Len() != 0 || before.Len() != n {
		t.Fatalf("after deleting all: %d entries, the old version has %d", m.Len(), before.Len())
	}
}
