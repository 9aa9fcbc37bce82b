package entity_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"

	"slate/store/entity"
)

// Many goroutines read one version, and make others from it, at the same time. The race detector and the comparison at the
// end see to it that none of them notices.
func TestManyDeriveFromOneVersion(t *testing.T) {
	eachOrder(t, func(t *testing.T, a *adapter) {
		byTag := entity.NewMultiIndex(a, tagsOf)
		var start []book
		for i := range 500 {
			start = append(start, book{ID: fmt.Sprint(i), Title: fmt.Sprint(i * 7919 % 500), Tags: fmt.Sprintf("t%d,all", i%7)})
		}
		made := a.Of(start...)
		data, err := json.Marshal(made)
		if err != nil {
			t.Fatal(err)
		}
		var decoded library
		if err := json.Unmarshal(data, &decoded); err != nil {
			t.Fatal(err)
		}
		want := made.Values()
		for name, shared := range map[string]library{"made": made, "decoded": decoded} {
			var wg sync.WaitGroup
			for g := range 8 {
				wg.Go(func() {
					mine := shared
					for i := range 60 {
						id := fmt.Sprint((i*13 + g) % 500)
						mine = a.Update(mine, id, func(b book) book { b.Pages = g; b.Title += "x"; return b })
						mine = a.Add(mine, book{ID: fmt.Sprint("new", i), Tags: "all", Title: id})
						mine = a.Remove(mine, fmt.Sprint(i))
						if n := byTag.Of(mine, "all").Len(); n != 500 {
							t.Errorf("%s: %d with the tag, want 500", name, n)
							return
						}
						if shared.Len() != 500 || byTag.Of(shared, "all").Len() != 500 || len(shared.IDs()) != 500 || shared.Has("new1") {
							t.Errorf("%s: the shared version has changed", name)
							return
						}
					}
				})
			}
			wg.Wait()
			if !slices.Equal(shared.Values(), want) {
				t.Errorf("%s: the shared version has changed", name)
			}
		}
	})
}
