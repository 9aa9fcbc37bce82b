package entity_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"unsafe"

	"slate/store/entity"
)

func TestChanges(t *testing.T) {
	finish := func(b book) book { b.Title = "Zebra"; return b }
	rename := func(id string) func(book) book {
		return func(b book) book { b.ID = id; return b }
	}
	pages := func(n int) func(book) book {
		return func(b book) book { b.Pages = b.Pages*10 + n; return b }
	}
	other := func(b book) book { b.Title = "Another " + b.Title; return b }
	change := func(b book, recipe func(book) book) book { return recipe(b) }

	for _, tc := range []struct {
		name   string
		start  []book
		do     func(a *adapter, e library) library
		want   []book
		same   bool // the version is the one that it was
		before bool // the list of ids is the one that it was
	}{
		{name: "B415 Add takes one", do: func(a *adapter, e library) library { return a.Add(e, aesop) }, want: []book{aesop}},
		{name: "B415 Add leaves what is there alone", start: []book{aesop},
			do: func(a *adapter, e library) library { return a.Add(e, other(aesop)) }, want: []book{aesop}, same: true},
		{name: "B415 AddMany adds what is new", start: []book{aesop},
			do:   func(a *adapter, e library) library { return a.AddMany(e, []book{other(aesop), bronte, carroll}) },
			want: []book{aesop, bronte, carroll}},
		{name: "B415 AddMany: the first of duplicates wins", start: []book{aesop},
			do: func(a *adapter, e library) library { return a.AddMany(e, []book{bronte, other(bronte)}) }, want: []book{aesop, bronte}},
		{name: "B415 AddMany to nothing: the first of duplicates wins",
			do: func(a *adapter, e library) library { return a.AddMany(e, []book{bronte, other(bronte)}) }, want: []book{bronte}},
		{name: "B415 AddMany of nothing new", start: []book{aesop, bronte},
			do: func(a *adapter, e library) library { return a.AddMany(e, []book{bronte, aesop}) }, want: []book{aesop, bronte}, same: true},

		{name: "B416 Set adds", do: func(a *adapter, e library) library { return a.Set(e, aesop) }, want: []book{aesop}},
		{name: "B416 Set replaces", start: []book{aesop, bronte},
			do: func(a *adapter, e library) library { return a.Set(e, other(aesop)) }, want: []book{other(aesop), bronte}},
		{name: "B416 SetMany: the last of duplicates wins", start: []book{aesop},
			do: func(a *adapter, e library) library {
				return a.SetMany(e, []book{bronte, other(aesop), other(bronte), carroll})
			}, want: []book{other(aesop), other(bronte), carroll}},
		{name: "B416 SetMany to nothing: the last of duplicates wins",
			do: func(a *adapter, e library) library { return a.SetMany(e, []book{bronte, aesop, other(bronte)}) }, want: []book{other(bronte), aesop}},
		{name: "B416 SetAll replaces all", start: []book{aesop, bronte},
			do: func(a *adapter, e library) library { return a.SetAll(e, []book{carroll, bronte}) }, want: []book{carroll, bronte}},
		{name: "B416 SetAll: the last of duplicates wins", start: []book{aesop},
			do: func(a *adapter, e library) library { return a.SetAll(e, []book{bronte, carroll, other(bronte)}) }, want: []book{other(bronte), carroll}},
		{name: "B416 SetAll with what is there", start: []book{aesop, bronte},
			do: func(a *adapter, e library) library { return a.SetAll(e, []book{aesop, bronte}) }, want: []book{aesop, bronte}, same: true},
		{name: "B416 SetAll with a change of one", start: []book{aesop, bronte},
			do: func(a *adapter, e library) library { return a.SetAll(e, []book{aesop, change(bronte, pages(3))}) }, want: []book{aesop, change(bronte, pages(3))}, before: true},
		{name: "B416 SetAll with nothing", start: []book{aesop},
			do: func(a *adapter, e library) library { return a.SetAll(e, nil) }},
		{name: "B416 Set with the same entity", start: []book{aesop},
			do: func(a *adapter, e library) library { return a.Set(e, aesop) }, want: []book{aesop}, same: true},

		{name: "B417 Upsert inserts", do: func(a *adapter, e library) library { return a.Upsert(e, aesop) }, want: []book{aesop}},
		{name: "B417 Upsert replaces where there is no merge", start: []book{aesop},
			do: func(a *adapter, e library) library { return a.Upsert(e, change(aesop, pages(3))) }, want: []book{change(aesop, pages(3))}},
		{name: "B417 UpsertMany does both", start: []book{aesop},
			do: func(a *adapter, e library) library { return a.UpsertMany(e, []book{bronte, change(aesop, pages(3))}) }, want: []book{change(aesop, pages(3)), bronte}},

		{name: "B418 Update changes one", start: []book{aesop, bronte},
			do: func(a *adapter, e library) library { return a.Update(e, "a", pages(3)) }, want: []book{change(aesop, pages(3)), bronte}, before: true},
		{name: "B418 Update of an unknown id", start: []book{aesop},
			do: func(a *adapter, e library) library { return a.Update(e, "x", pages(3)) }, want: []book{aesop}, same: true},
		{name: "B418 Update that changes nothing", start: []book{aesop},
			do: func(a *adapter, e library) library { return a.Update(e, "a", func(b book) book { return b }) }, want: []book{aesop}, same: true},
		{name: "B418 Update with an equal string from elsewhere", start: []book{aesop},
			do: func(a *adapter, e library) library {
				return a.Update(e, "a", func(b book) book { b.Title = string([]byte(b.Title)); return b })
			}, want: []book{aesop}, same: true},
		{name: "B418 UpdateMany ignores unknown ids", start: []book{aesop, bronte},
			do: func(a *adapter, e library) library {
				return a.UpdateMany(e, []entity.Change[string, book]{{ID: "x", Recipe: pages(1)}, {ID: "b", Recipe: pages(2)}})
			}, want: []book{aesop, change(bronte, pages(2))}, before: true},
		{name: "B418 UpdateMany of nothing known", start: []book{aesop},
			do: func(a *adapter, e library) library {
				return a.UpdateMany(e, []entity.Change[string, book]{{ID: "x", Recipe: pages(1)}})
			}, want: []book{aesop}, same: true},
		{name: "B418 UpdateMany: several changes of one entity in order", start: []book{aesop, bronte},
			do: func(a *adapter, e library) library {
				return a.UpdateMany(e, []entity.Change[string, book]{{ID: "a", Recipe: pages(1)}, {ID: "b", Recipe: pages(2)}, {ID: "a", Recipe: pages(3)}})
			}, want: []book{change(aesop, pages(13)), change(bronte, pages(2))}, before: true},
		{name: "B418 UpdateAll changes all", start: []book{aesop, bronte},
			do: func(a *adapter, e library) library { return a.UpdateAll(e, pages(3)) }, want: []book{change(aesop, pages(3)), change(bronte, pages(3))}, before: true},
		{name: "B418 UpdateAll of nothing", do: func(a *adapter, e library) library { return a.UpdateAll(e, pages(3)) }, same: true},

		{name: "B419 Update of the id moves the entity", start: []book{aesop, bronte},
			do: func(a *adapter, e library) library { return a.Update(e, "a", rename("z")) }, want: []book{change(aesop, rename("z")), bronte}},
		{name: "B419 Update to an id that is taken overwrites", start: []book{aesop, bronte, carroll},
			do: func(a *adapter, e library) library { return a.Update(e, "a", rename("c")) }, want: []book{change(aesop, rename("c")), bronte}},
		{name: "B419 several new ids of one entity: the last, and none in between", start: []book{aesop, bronte},
			do: func(a *adapter, e library) library {
				return a.UpdateMany(e, []entity.Change[string, book]{{ID: "a", Recipe: rename("x")}, {ID: "a", Recipe: rename("y")}, {ID: "a", Recipe: pages(3)}})
			}, want: []book{change(change(aesop, rename("y")), pages(3)), bronte}},

		{name: "B420 Remove takes one out", start: []book{aesop, bronte},
			do: func(a *adapter, e library) library { return a.Remove(e, "a") }, want: []book{bronte}},
		{name: "B420 Remove of an unknown id", start: []book{aesop},
			do: func(a *adapter, e library) library { return a.Remove(e, "x") }, want: []book{aesop}, same: true},
		{name: "B420 RemoveMany", start: []book{aesop, bronte, carroll},
			do: func(a *adapter, e library) library { return a.RemoveMany(e, []string{"c", "x", "a"}) }, want: []book{bronte}},
		{name: "B420 RemoveMany of unknown ids", start: []book{aesop},
			do: func(a *adapter, e library) library { return a.RemoveMany(e, []string{"x", "y"}) }, want: []book{aesop}, same: true},
		{name: "B420 RemoveAll", start: []book{aesop, bronte}, do: func(a *adapter, e library) library { return a.RemoveAll(e) }},
		{name: "B420 RemoveAll of nothing", do: func(a *adapter, e library) library { return a.RemoveAll(e) }, same: true},

		{name: "B422 AddMany of an empty list", start: []book{aesop}, do: func(a *adapter, e library) library { return a.AddMany(e, nil) }, want: []book{aesop}, same: true},
		{name: "B422 SetMany of an empty list", start: []book{aesop}, do: func(a *adapter, e library) library { return a.SetMany(e, nil) }, want: []book{aesop}, same: true},
		{name: "B422 UpsertMany of an empty list", start: []book{aesop}, do: func(a *adapter, e library) library { return a.UpsertMany(e, []book{}) }, want: []book{aesop}, same: true},
		{name: "B422 UpdateMany of an empty list", start: []book{aesop}, do: func(a *adapter, e library) library { return a.UpdateMany(e, nil) }, want: []book{aesop}, same: true},
		{name: "B422 RemoveMany of an empty list", start: []book{aesop}, do: func(a *adapter, e library) library { return a.RemoveMany(e, nil) }, want: []book{aesop}, same: true},

		{name: "B427 several changes in one draft", start: []book{aesop, bronte},
			do: func(a *adapter, e library) library {
				return a.Edit(e, func(d *entity.Draft[string, book]) {
					d.Add(carroll)
					d.Update("c", finish)
					d.Remove("a")
					d.Set(change(bronte, pages(1)))
					d.Upsert(aesop)
				})
			}, want: []book{change(bronte, pages(1)), change(carroll, finish), aesop}},
		{name: "B427 a draft goes on after it was emptied", start: []book{aesop, bronte},
			do: func(a *adapter, e library) library {
				return a.Edit(e, func(d *entity.Draft[string, book]) {
					d.RemoveAll()
					d.Add(carroll)
					d.Add(bronte)
				})
			}, want: []book{carroll, bronte}},
		{name: "B427 a draft that is not changed", start: []book{aesop},
			do: func(a *adapter, e library) library {
				return a.Edit(e, func(d *entity.Draft[string, book]) { d.Add(aesop); d.Remove("x") })
			}, want: []book{aesop}, same: true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			eachOrder(t, func(t *testing.T, a *adapter) {
				e := a.Of(tc.start...)
				ids := e.IDs()
				got := tc.do(a, e)
				wantBooks(t, got, tc.want...)
				wantBooks(t, e, tc.start...)
				if (got == e) != tc.same {
					t.Errorf("the same version: %t, want %t", got == e, tc.same)
				}
				if tc.before && unsafe.SliceData(got.IDs()) != unsafe.SliceData(ids) {
					t.Error("there is another list of ids, though their order did not change")
				}
			})
		})
	}
}

// Where an update of all gives one entity the id of the next, that one is gone and the first is not changed twice.
func TestB419_UpdateAllChangesNothingTwice(t *testing.T) {
	eachOrder(t, func(t *testing.T, a *adapter) {
		e := a.UpdateAll(a.Of(aesop, bronte), func(b book) book { b.ID = "b"; b.Pages++; return b })
		wantBooks(t, e, book{ID: "b", Title: "Fables", Pages: 1})
	})
}

func TestB417_UpsertMerges(t *testing.T) {
	a := entity.NewAdapter(bookID, entity.Options[book]{Merge: func(old, incoming book) book {
		if incoming.Title == "" {
			incoming.Title = old.Title
		}
		incoming.Pages += old.Pages
		return incoming
	}})
	wantBooks(t, a.Upsert(a.Of(aesop), book{ID: "a", Author: "Aesop"}), book{ID: "a", Title: "Fables", Author: "Aesop"})

	batch := []book{{ID: "a", Pages: 1}, bronte, {ID: "a", Pages: 2}}
	wantBooks(t, a.UpsertMany(a.Of(aesop), batch), book{ID: "a", Title: "Fables", Pages: 3}, bronte)
	wantBooks(t, a.UpsertMany(library{}, batch), book{ID: "a", Pages: 3}, bronte)
}

func TestB424_SortedAndStable(t *testing.T) {
	byAuthor := entity.NewAdapter(bookID, entity.Options[book]{Compare: func(a, b book) int { return len(a.Author) - len(b.Author) }})
	of := func(id, author string) book { return book{ID: id, Author: author} }
	e := byAuthor.Of(of("1", "bb"), of("2", "a"), of("3", "bb"), of("4", "a"))
	for _, step := range []struct {
		name string
		do   func()
		want []string
	}{
		{"at first", func() {}, []string{"2", "4", "1", "3"}},
		{"one more comes last among its equals", func() { e = byAuthor.Add(e, of("0", "bb")) }, []string{"2", "4", "1", "3", "0"}},
		{"one moves to where it was inserted", func() { e = byAuthor.Set(e, of("1", "a")) }, []string{"1", "2", "4", "3", "0"}},
		{"and back", func() { e = byAuthor.Set(e, of("1", "bb")) }, []string{"2", "4", "1", "3", "0"}},
		{"several more", func() { e = byAuthor.AddMany(e, []book{of("6", "a"), of("5", "bb")}) }, []string{"2", "4", "6", "1", "3", "0", "5"}},
	} {
		step.do()
		if !slices.Equal(e.IDs(), step.want) {
			t.Errorf("%s: %q, want %q", step.name, e.IDs(), step.want)
		}
	}
}

// Among equals, SetAll takes the order of its list also where the order was there by other means before.
func TestB424_SetAllOfNewEquals(t *testing.T) {
	byPages := entity.NewAdapter(bookID, entity.Options[book]{Compare: func(a, b book) int { return a.Pages - b.Pages }})
	e := byPages.Of(book{ID: "b", Pages: 2}, book{ID: "a", Pages: 1})
	e = byPages.SetAll(e, []book{{ID: "a", Pages: 2}, {ID: "b", Pages: 2}})
	if got := e.IDs(); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("ids are %q", got)
	}
}

func TestB425_OrderKeepsItsIdentity(t *testing.T) {
	byPages := entity.NewAdapter(bookID, entity.Options[book]{Compare: func(a, b book) int { return a.Pages - b.Pages }})
	e := byPages.Of(book{ID: "a", Pages: 10}, book{ID: "b", Pages: 20}, book{ID: "c", Pages: 30})
	ids := e.IDs()
	pages := func(n int) func(book) book {
		return func(b book) book { b.Pages = n; return b }
	}
	between := byPages.Update(e, "b", pages(25))
	if unsafe.SliceData(between.IDs()) != unsafe.SliceData(ids) {
		t.Error("b stays between a and c, and the list of ids is another")
	}
	moved := byPages.Update(e, "b", pages(40))
	if !slices.Equal(moved.IDs(), []string{"a", "c", "b"}) || !slices.Equal(ids, []string{"a", "b", "c"}) {
		t.Errorf("ids are %q and were %q", moved.IDs(), ids)
	}
}

// The bounds are those that Redux Toolkit tests itself by, save that one update costs O(log n) instead of O(n).
func TestB426_ComparisonsAreBounded(t *testing.T) {
	compared := 0
	a := entity.NewAdapter(bookID, entity.Options[book]{Compare: func(a, b book) int { compared++; return a.Pages - b.Pages }})
	const n = 10_000
	books := func(prefix string, n int) []book {
		out := make([]book, n)
		for i := range out {
			out[i] = book{ID: prefix + fmt.Sprint(i), Pages: i * 7919 % n * 3}
		}
		return out
	}
	var e library
	for _, step := range []struct {
		name string
		most int
		do   func()
	}{
		{"10,000 at once", 20 * n, func() { e = a.SetAll(library{}, books("a", n)) }},
		{"10,000 into nothing, one by one", 20 * n, func() {
			a.Edit(library{}, func(d *entity.Draft[string, book]) {
				for _, b := range books("a", n) {
					d.Add(b)
				}
			})
		}},
		{"one more", 50, func() { e = a.Add(e, book{ID: "more", Pages: n}) }},
		{"1,000 more", 20 * 1000, func() { e = a.AddMany(e, books("b", 1000)) }},
		{"an update in place", 40, func() { e = a.Update(e, "a77", func(b book) book { b.Title = "new"; return b }) }},
		{"an update that moves", 60, func() { e = a.Update(e, "a77", func(b book) book { b.Pages = 0; return b }) }},
		{"a removal", 40, func() { e = a.Remove(e, "a78") }},
		{"a position", 40, func() { e.Position("a79") }},
	} {
		compared = 0
		step.do()
		if compared > step.most {
			t.Errorf("%s: %d comparisons, want at most %d", step.name, compared, step.most)
		} else {
			t.Logf("%s: %d comparisons", step.name, compared)
		}
	}
}

func TestB429_InitialEntitiesBesideOtherFields(t *testing.T) {
	type state struct {
		Books   library
		Loading bool
	}
	a := entity.NewAdapter(bookID, entity.Options[book]{})
	s := state{Books: a.Of(aesop, bronte), Loading: true}
	s.Books = a.RemoveAll(s.Books) // B420: fields beside the entities stay
	if s.Books.Len() != 0 || !s.Loading {
		t.Errorf("state is %v", s)
	}
}

// A draft is no way around immutability.
func TestDraftEndsWithItsCall(t *testing.T) {
	a := entity.NewAdapter(bookID, entity.Options[book]{})
	var kept *entity.Draft[string, book]
	e := a.Edit(a.Of(aesop), func(d *entity.Draft[string, book]) { d.Add(bronte); kept = d })
	for name, do := range map[string]func(){
		"Add":       func() { kept.Add(carroll) },
		"Set":       func() { kept.Set(carroll) },
		"Upsert":    func() { kept.Upsert(carroll) },
		"Update":    func() { kept.Update("a", func(b book) book { return carroll }) },
		"Remove":    func() { kept.Remove("a") },
		"RemoveAll": func() { kept.RemoveAll() },
	} {
		if panics(do) == nil {
			t.Errorf("%s after Edit returned does not panic", name)
		}
	}
	wantBooks(t, e, aesop, bronte)
}

func TestRecipeMustNotEditTheDraft(t *testing.T) {
	a := entity.NewAdapter(bookID, entity.Options[book]{})
	start := a.Of(aesop, bronte)
	v := panics(func() {
		a.Edit(start, func(d *entity.Draft[string, book]) {
			d.Update("a", func(b book) book { d.Remove("a"); return b })
		})
	})
	if v == nil {
		t.Error("a recipe removed its entity, and nothing was said")
	}
	wantBooks(t, start, aesop, bronte)
}

// A panic in a recipe is the caller's; the collection is as it was.
func TestPanicInARecipe(t *testing.T) {
	a := entity.NewAdapter(bookID, entity.Options[book]{Compare: byTitle})
	start := a.Of(aesop, bronte)
	boom := errors.New("boom")
	if v := panics(func() {
		a.UpdateAll(start, func(b book) book {
			if b.ID == "b" {
				panic(boom)
			}
			b.Title = "changed"
			return b
		})
	}); v != boom {
		t.Errorf("panic is %v", v)
	}
	wantBooks(t, start, aesop, bronte)
}

func panics(fn func()) (v any) {
	defer func() { v = recover() }()
	fn()
	return nil
}
