package entity_test

import (
	"slices"
	"testing"

	"slate/store"
	"slate/store/entity"
)

func open(t testing.TB, opts store.Options, slices ...store.Mountable) *store.Store {
	t.Helper()
	st, err := store.New(opts, slices...)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return st
}

func dispatch(t testing.TB, st *store.Store, actions ...store.Action) {
	t.Helper()
	for _, a := range actions {
		if err := st.Dispatch(a); err != nil {
			t.Fatalf("Dispatch(%s): %v", a.Type(), err)
		}
	}
}

// shop is a slice whose state is a collection, with the adapter's methods as its reducers.
type shop struct {
	slice    *store.Slice[library]
	set      store.Creator[book]
	remove   store.Creator[string]
	removed  store.Signal
	received store.Creator[[]book]
	books    entity.Selectors[string, book]
	byTag    *entity.Index[string, book, string]
	from     store.Selector[library]
}

func newShop(opts entity.Options[book]) shop {
	books := entity.NewAdapter(bookID, opts)
	slice := store.NewSlice("books", library{})
	from := store.Select(slice, func(l library) library { return l })
	return shop{
		slice:    slice,
		set:      store.Case(slice, "set", books.Set),
		remove:   store.Case(slice, "remove", books.Remove),
		removed:  store.CaseSignal(slice, "removeAll", books.RemoveAll),
		received: store.Case(slice, "received", books.SetAll),
		books:    books.Select(from),
		byTag:    entity.NewMultiIndex(books, tagsOf),
		from:     from,
	}
}

func TestB421_MethodsAreReducers(t *testing.T) {
	s := newShop(entity.Options[book]{})
	st := open(t, store.Options{}, s.slice)
	dispatch(t, st, s.received([]book{aesop, bronte}), s.set(carroll), s.remove("a"))
	wantBooks(t, s.slice.Of(st.State()), bronte, carroll)
	dispatch(t, st, s.removed())
	wantBooks(t, s.slice.Of(st.State()))
}

func TestB428_Selectors(t *testing.T) {
	s := newShop(entity.Options[book]{Compare: byTitle})
	st := open(t, store.Options{}, s.slice)
	dispatch(t, st, s.received([]book{aesop, bronte, carroll}))
	state := st.State()
	if got := s.books.IDs().Of(state); !slices.Equal(got, []string{"c", "a", "b"}) {
		t.Errorf("ids: %q", got)
	}
	if got := s.books.All().Of(state); !slices.Equal(got, []book{carroll, aesop, bronte}) {
		t.Errorf("all: %v", got)
	}
	if got := s.books.List().Of(state).Values(); !slices.Equal(got, []book{carroll, aesop, bronte}) {
		t.Errorf("list: %v", got)
	}
	if got := s.books.Len().Of(state); got != 3 {
		t.Errorf("total: %d", got)
	}
	if got := s.books.ByID("a").Of(state); got == nil || *got != aesop {
		t.Errorf("by id: %v", got)
	}
	if got := s.books.ByID("x").Of(state); got != nil {
		t.Errorf("by an id that is not there: %v", got)
	}
	if got := s.books.Page(1, 1).Of(state); !slices.Equal(got, []book{aesop}) {
		t.Errorf("second page of one: %v", got)
	}
	if got := s.byTag.Select(s.from, "x").Of(state); got.Len() != 0 {
		t.Errorf("by a tag that none has: %v", got.Values())
	}
}

// A subscriber hears only of what its selector selects, also where the whole collection was received again.
func TestSelectorsWakeWhomTheyMust(t *testing.T) {
	s := newShop(entity.Options[book]{Compare: byTitle})
	st := open(t, store.Options{}, s.slice)
	tagged := func(b book, tags string) book { b.Tags = tags; return b }
	dispatch(t, st, s.received([]book{aesop, bronte, tagged(carroll, "short")}))

	heard := map[string]int{}
	watch(t, st, s.books.Len(), func() { heard["len"]++ })
	watch(t, st, s.books.IDs(), func() { heard["ids"]++ })
	watch(t, st, s.books.All(), func() { heard["all"]++ })
	watch(t, st, s.books.List(), func() { heard["list"]++ })
	watch(t, st, s.books.ByID("b"), func() { heard["b"]++ })
	watch(t, st, s.books.Page(0, 2), func() { heard["page"]++ }) // Alice, Fables
	watch(t, st, s.byTag.Select(s.from, "short"), func() { heard["short"]++ })

	for _, step := range []struct {
		name   string
		action store.Action
		heard  []string
	}{
		{"the same again", s.received([]book{aesop, bronte, tagged(carroll, "short")}), nil},
		{"one that is the same", s.set(aesop), nil},
		{"b inside", s.set(tagged(bronte, "long")), []string{"all", "b", "list"}},
		{"all again, a inside", s.received([]book{tagged(aesop, "old"), tagged(bronte, "long"), tagged(carroll, "short")}), []string{"all", "list", "page"}},
		{"a gets the tag", s.set(tagged(aesop, "short")), []string{"all", "list", "page", "short"}},
		{"all again in another order, which sorts the same", s.received([]book{tagged(carroll, "short"), tagged(aesop, "short"), tagged(bronte, "long")}), nil},
		{"a fourth, after the page", s.set(book{ID: "d", Title: "Zadig"}), []string{"all", "ids", "len", "list"}},
		{"b is gone", s.remove("b"), []string{"all", "b", "ids", "len", "list"}},
	} {
		clear(heard)
		dispatch(t, st, step.action)
		var got []string
		for _, name := range []string{"all", "b", "ids", "len", "list", "page", "short"} {
			if heard[name] > 0 {
				got = append(got, name)
			}
		}
		if !slices.Equal(got, step.heard) {
			t.Errorf("%s: heard by %q, want %q", step.name, got, step.heard)
		}
	}
}

func watch[T any](t *testing.T, st *store.Store, sel store.Selector[T], heard func()) {
	t.Cleanup(store.Subscribe(t.Context(), st, sel, func(T) { heard() }))
}
