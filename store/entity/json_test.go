package entity_test

import (
	"encoding/json"
	"errors"
	"maps"
	"net/netip"
	"slices"
	"testing"

	"slate/store"
	"slate/store/entity"
)

func TestJSON(t *testing.T) {
	books := entity.NewAdapter(bookID, entity.Options[book]{Compare: byTitle})
	for _, tc := range []struct {
		name string
		e    library
		want string
	}{
		{"nothing", library{}, `{"ids":[],"entities":{}}`},
		{"in order", books.Of(aesop, bronte, carroll),
			`{"ids":["c","a","b"],"entities":{"c":{"id":"c","title":"Alice"},"a":{"id":"a","title":"Fables"},"b":{"id":"b","title":"Jane Eyre"}}}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			data, err := json.Marshal(tc.e)
			if err != nil || string(data) != tc.want {
				t.Fatalf("JSON is %s, %v, want %s", data, err, tc.want)
			}
			back := books.Of(aesop) // what was there is replaced
			if err := json.Unmarshal(data, &back); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(back.Values(), tc.e.Values()) || !slices.Equal(back.IDs(), tc.e.IDs()) {
				t.Errorf("read back: %v, want %v", back.Values(), tc.e.Values())
			}
			for i, id := range tc.e.IDs() {
				if at, ok := back.Position(id); !ok || at != i {
					t.Errorf("%q is at %d, %t, want %d", id, at, ok, i)
				}
			}
		})
	}
}

// Ids that are no strings are written as text where they are keys, as encoding/json does it for maps.
func TestJSONOfOtherIDs(t *testing.T) {
	for _, tc := range []struct {
		name, want string
		roundTrip  func() (data []byte, same bool, err error)
	}{
		{"numbers", `{"ids":[5,-2],"entities":{"5":{"N":5},"-2":{"N":-2}}}`, roundTrip(func(n int) int { return n }, 5, -2)},
		{"text", `{"ids":["0.0.0.5","0.0.0.2"],"entities":{"0.0.0.5":{"N":5},"0.0.0.2":{"N":2}}}`,
			roundTrip(func(n int) netip.Addr { return netip.AddrFrom4([4]byte{3: byte(n)}) }, 5, 2)},
		{"fractions", "", roundTrip(func(n int) float64 { return float64(n) }, 5, 2)},
		{"structs", "", roundTrip(func(n int) struct{ A int } { return struct{ A int }{n} }, 5, 2)},
	} {
		data, same, err := tc.roundTrip()
		if _, unsupported := errors.AsType[*json.UnsupportedTypeError](err); unsupported != (tc.want == "") {
			t.Errorf("%s: %v", tc.name, err)
		}
		if tc.want != "" && (string(data) != tc.want || !same) {
			t.Errorf("%s: JSON is %s and comes back the same: %t, want %s", tc.name, data, same, tc.want)
		}
	}
}

func roundTrip[K comparable](id func(int) K, ns ...int) func() ([]byte, bool, error) {
	type numbered struct{ N int }
	a := entity.NewAdapter(func(v numbered) K { return id(v.N) }, entity.Options[numbered]{})
	return func() (data []byte, same bool, err error) {
		var e, back entity.Entities[K, numbered]
		for _, n := range ns {
			e = a.Add(e, numbered{n})
		}
		if data, err = e.MarshalJSON(); err == nil {
			err = json.Unmarshal(data, &back)
		}
		return data, slices.Equal(back.Values(), e.Values()), err
	}
}

func TestJSONThatDoesNotAgree(t *testing.T) {
	for _, tc := range []struct {
		name, data, id string
		err            error
	}{
		{"an id twice", `{"ids":["a","b","a"],"entities":{"a":{},"b":{}}}`, "a", entity.ErrDuplicateID},
		{"an id without entity", `{"ids":["a","b"],"entities":{"a":{}}}`, "b", entity.ErrNoEntity},
		{"an entity without id", `{"ids":["a"],"entities":{"a":{},"b":{}}}`, "b", entity.ErrNotListed},
		{"no ids at all", `{"entities":{"b":{}}}`, "b", entity.ErrNotListed},
		{"no entities at all", `{"ids":["a"]}`, "a", entity.ErrNoEntity},
	} {
		t.Run(tc.name, func(t *testing.T) {
			before := entity.NewAdapter(bookID, entity.Options[book]{}).Of(aesop)
			e := before
			err := json.Unmarshal([]byte(tc.data), &e)
			if !errors.Is(err, tc.err) {
				t.Errorf("error is %v, want %v", err, tc.err)
			}
			if wrong, ok := errors.AsType[*entity.DecodeError](err); !ok || wrong.ID != tc.id {
				t.Errorf("error is %v, want one about %q", err, tc.id)
			}
			if e != before {
				t.Error("the collection was changed")
			}
		})
	}
	for _, data := range []string{`[]`, `"a"`, `{"ids":"a"}`, `{"ids":[1],"entities":{}}`, `{"ids":["a"],"entities":{"a":1}}`, `{`} {
		var e library
		if err := json.Unmarshal([]byte(data), &e); err == nil {
			t.Errorf("%s was read as %v", data, e.Values())
		}
	}
	var e library
	if err := json.Unmarshal([]byte(`null`), &e); err != nil || e.Len() != 0 {
		t.Errorf("null is %v, %v, want nothing", e.Values(), err)
	}
}

// What was decoded knows neither order nor indexes until an adapter meets it.
func TestDecodedIsAdopted(t *testing.T) {
	books := entity.NewAdapter(bookID, entity.Options[book]{Compare: byTitle})
	byTag := entity.NewMultiIndex(books, tagsOf)
	decode := func() (e library) {
		t.Helper()
		err := json.Unmarshal([]byte(`{"ids":["b","a","c"],"entities":{
			"a":{"id":"a","title":"Fables","tags":"old,short"},"b":{"id":"b","title":"Jane Eyre"},"c":{"id":"c","title":"Alice","tags":"short"}}}`), &e)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	e := decode()
	if got := byTag.Of(e, "short").IDs(); !slices.Equal(got, []string{"c", "a"}) {
		t.Errorf("short ones are %q", got)
	}
	if first, again := byTag.Of(e, "short"), byTag.Of(e, "short"); first != again {
		t.Error("it is indexed anew each time")
	}
	if got := e.IDs(); !slices.Equal(got, []string{"b", "a", "c"}) {
		t.Errorf("reading it without the adapter gives %q, want the saved order", got)
	}
	if same := books.Add(e, aesop); same != e {
		t.Error("nothing was added, and the collection is another")
	}
	e = books.Add(decode(), book{ID: "d", Title: "Beowulf"})
	if got := e.IDs(); !slices.Equal(got, []string{"c", "d", "a", "b"}) {
		t.Errorf("after a change the order is %q", got)
	}
	if data, err := json.Marshal(books.RemoveAll(decode())); err != nil || string(data) != `{"ids":[],"entities":{}}` {
		t.Errorf("emptied: %s, %v", data, err)
	}
}

// An index that is declared late covers what was there before.
func TestLateIndex(t *testing.T) {
	books := entity.NewAdapter(bookID, entity.Options[book]{})
	e := books.Of(aesop, bronte)
	byTitleLength := entity.NewIndex(books, func(b book) int { return len(b.Title) })
	if got := byTitleLength.Of(e, len(aesop.Title)).Values(); !slices.Equal(got, []book{aesop}) {
		t.Errorf("found %v", got)
	}
	e = books.Add(e, carroll)
	if got := byTitleLength.Of(e, len(carroll.Title)).Values(); !slices.Equal(got, []book{carroll}) {
		t.Errorf("found %v", got)
	}
	if got := byTitleLength.Of(library{}, 5); got.Len() != 0 {
		t.Errorf("found %v in nothing", got.Values())
	}
}

// A slice that holds entities is saved and restored like any other, and its new state is in the adapter's order.
func TestSaveAndRestore(t *testing.T) {
	type state struct {
		Books   library
		Loading bool
	}
	books := entity.NewAdapter(bookID, entity.Options[book]{Compare: byTitle})
	newSlice := func() (*store.Slice[state], store.Creator[book]) {
		s := store.NewSlice("shop", state{Books: books.Of(bronte)})
		return s, store.Case(s, "added", func(s state, b book) state { s.Books = books.Add(s.Books, b); return s })
	}
	slice, added := newSlice()
	first := open(t, store.Options{}, slice)
	dispatch(t, first, added(aesop))
	saved, err := first.Encode(first.State())
	if err != nil {
		t.Fatal(err)
	}
	slice, added = newSlice()
	second := open(t, store.Options{Saved: saved}, slice)
	dispatch(t, second, added(carroll))
	wantIDs := []string{"c", "a", "b"}
	if got := slice.Of(second.State()).Books.IDs(); !slices.Equal(got, wantIDs) {
		t.Errorf("restored and one more: %q, want %q", got, wantIDs)
	}
}

func FuzzUnmarshalJSON(f *testing.F) {
	for _, seed := range []string{
		`{"ids":["a","b"],"entities":{"a":{"id":"a","title":"A"},"b":{"id":"b"}}}`, `{"ids":["a","a"],"entities":{"a":{}}}`, `{"ids":["a"],"entities":{"b":{}}}`,
		`{"ids":[""],"entities":{"":{"id":"x"}}}`, `{"ids":[],"entities":{"b":null}}`, `{"ids":null,"entities":null}`, `null`, `{}`, `[]`, `{"ids":["a"],"entities":{"a":{},"a":{"pages":1}}}`,
	} {
		f.Add([]byte(seed))
	}
	books := entity.NewAdapter(bookID, entity.Options[book]{Compare: byTitle})
	byTag := entity.NewMultiIndex(books, tagsOf)
	f.Fuzz(func(t *testing.T, data []byte) {
		var e library
		if err := json.Unmarshal(data, &e); err != nil {
			if e.Len() != 0 {
				t.Fatalf("an error (%v) and %d books", err, e.Len())
			}
			return
		}
		again, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		var back library
		if err := json.Unmarshal(again, &back); err != nil || !slices.Equal(back.IDs(), e.IDs()) || !maps.Equal(maps.Collect(back.All()), maps.Collect(e.All())) {
			t.Fatalf("%s read back is %v (%v), want %v", again, back.Values(), err, e.Values())
		}
		for _, id := range e.IDs() {
			if b, ok := e.Get(id); !ok || byTag.Of(e, b.Tags).Len() > e.Len() {
				t.Fatalf("%q is listed and not found", id)
			}
		}
		if e = books.Set(e, book{ID: "new", Title: "new"}); !e.Has("new") {
			t.Fatal("a decoded collection cannot be added to")
		}
	})
}
