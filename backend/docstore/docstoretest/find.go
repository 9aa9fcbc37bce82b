package docstoretest

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slate/backend/docstore"
)

func ensure(t testing.TB, s docstore.Store, name string, fields ...string) {
	t.Helper()
	if err := s.Ensure(t.Context(), db, docstore.Index{Name: name, Fields: fields}); err != nil {
		t.Fatal(err)
	}
}

func find(t testing.TB, s docstore.Store, q docstore.Query) []string {
	t.Helper()
	ids := []string{}
	for row, err := range s.Find(t.Context(), db, q) {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, row.ID)
	}
	return ids
}

func expect(t testing.TB, s docstore.Store, q docstore.Query, want ...string) {
	t.Helper()
	if want == nil {
		want = []string{}
	}
	if diff := cmp.Diff(want, find(t, s, q)); diff != "" {
		t.Errorf("%+v: %s", q, diff)
	}
}

// fill creates the documents d000, d001, … in one call.
func fill(t testing.TB, s docstore.Store, n int, body func(int) string) {
	t.Helper()
	docs := make([]docstore.Doc, n)
	for i := range docs {
		docs[i] = docstore.Doc{ID: fmt.Sprintf("d%03d", i), Body: []byte(body(i))}
	}
	outcomes, err := s.Bulk(t.Context(), db, docs)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range outcomes {
		if o.Err != nil {
			t.Fatal(o.Err)
		}
	}
}

func findKinds(t *testing.T, s docstore.Store) {
	ensure(t, s, "v", "v")
	put(t, s, "text", "", `{"v":"1"}`)
	put(t, s, "nul", "", `{"v":"1\u0000"}`)
	put(t, s, "longer", "", `{"v":"10"}`)
	put(t, s, "number", "", `{"v":1}`)
	put(t, s, "minus", "", `{"v":-2.5}`)
	put(t, s, "true", "", `{"v":true}`)
	put(t, s, "false", "", `{"v":false}`)
	put(t, s, "null", "", `{"v":null}`)
	put(t, s, "object", "", `{"v":{}}`)
	put(t, s, "missing", "", `{"w":1}`)
	expect(t, s, docstore.Query{Index: "v"}, "false", "true", "minus", "number", "text", "nul", "longer")
	expect(t, s, docstore.Query{Index: "v", Equal: []docstore.Key{docstore.Text("1")}}, "text")
	expect(t, s, docstore.Query{Index: "v", Equal: []docstore.Key{docstore.Number(1)}}, "number")
	expect(t, s, docstore.Query{Index: "v", Equal: []docstore.Key{docstore.Bool(true)}}, "true")
	expect(t, s, docstore.Query{Index: "v", Prefix: "1"}, "text", "nul", "longer")
	expect(t, s, docstore.Query{Index: "v", Equal: []docstore.Key{docstore.Text("2")}})
}

func findRanges(t *testing.T, s docstore.Store) {
	ensure(t, s, "owner_date", "owner.id", "date")
	fill(t, s, 500, func(i int) string { return fmt.Sprintf(`{"owner":{"id":"o%d"},"date":%d}`, i%2, i/2*2-100) })
	odd := []docstore.Key{docstore.Text("o1")}
	expect(t, s, docstore.Query{Index: "owner_date", Equal: odd, From: docstore.Number(-4), To: docstore.Number(2)}, "d097", "d099", "d101")
	expect(t, s, docstore.Query{Index: "owner_date", Equal: odd, To: docstore.Number(-94)}, "d001", "d003", "d005")
	expect(t, s, docstore.Query{Index: "owner_date", Equal: odd, From: docstore.Number(396)}, "d497", "d499")
	expect(t, s, docstore.Query{Index: "owner_date", Equal: odd, From: docstore.Number(390), Reverse: true, Limit: 2}, "d499", "d497")
	for _, reverse := range []bool{false, true} {
		whole := find(t, s, docstore.Query{Index: "owner_date", Equal: odd, Reverse: reverse})
		if len(whole) != 250 {
			t.Fatalf("%d rows, want 250", len(whole))
		}
		var paged []string
		q := docstore.Query{Index: "owner_date", Equal: odd, Reverse: reverse, Limit: 7}
		for {
			n := len(paged)
			for row, err := range s.Find(t.Context(), db, q) {
				if err != nil {
					t.Fatal(err)
				}
				paged, q.After = append(paged, row.ID), row.Cursor
			}
			if len(paged) == n {
				break
			}
		}
		if diff := cmp.Diff(whole, paged); diff != "" {
			t.Errorf("pages of seven, reverse=%t: %s", reverse, diff)
		}
	}
	for name, q := range map[string]docstore.Query{
		"no such index":      {Index: "nobody"},
		"a key of no value":  {Index: "owner_date", Equal: []docstore.Key{{}}},
		"a bad cursor":       {Index: "owner_date", After: "!"},
		"a negative limit":   {Index: "owner_date", Limit: -1},
		"a prefix and bound": {Index: "owner_date", Prefix: "x", From: docstore.Text("a")},
	} {
		rows := 0
		for _, err := range s.Find(t.Context(), db, q) {
			if rows++; !errors.Is(err, docstore.ErrInvalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if rows != 1 {
			t.Errorf("%s: %d rows, want the error only", name, rows)
		}
	}
}

func findArrays(t *testing.T, s docstore.Store) {
	ensure(t, s, "tag", "kind", "tags[]")
	a := put(t, s, "a", "", `{"kind":"k","tags":["x","y","x",7,{}]}`)
	put(t, s, "b", "", `{"kind":"k","tags":["y"]}`)
	put(t, s, "c", "", `{"kind":"k","tags":[]}`)
	put(t, s, "d", "", `{"kind":"k","tags":"x"}`)
	by := func(tag string) docstore.Query {
		return docstore.Query{Index: "tag", Equal: []docstore.Key{docstore.Text("k"), docstore.Text(tag)}}
	}
	expect(t, s, by("x"), "a")
	expect(t, s, by("y"), "a", "b")
	a = put(t, s, "a", a, `{"kind":"k","tags":["z"]}`)
	expect(t, s, by("x"))
	expect(t, s, by("y"), "b")
	expect(t, s, by("z"), "a")
	remove(t, s, "a", a)
	expect(t, s, by("z"))
}

func ensureLate(t *testing.T, s docstore.Store) {
	put(t, s, "a", "", `{"n":1,"m":2}`)
	put(t, s, "b", "", `{"n":2,"m":1}`)
	remove(t, s, "c", put(t, s, "c", "", `{"n":3,"m":3}`))
	ensure(t, s, "n", "n")
	expect(t, s, docstore.Query{Index: "n"}, "a", "b")
	ensure(t, s, "n", "n")
	expect(t, s, docstore.Query{Index: "n"}, "a", "b")
	ensure(t, s, "n", "m")
	expect(t, s, docstore.Query{Index: "n"}, "b", "a")
	for _, bad := range []docstore.Index{{Name: "x"}, {Name: "X y", Fields: []string{"n"}}, {Name: "x", Fields: []string{"a[].b"}}, {Name: "x", Fields: []string{"a[]", "b[]"}}} {
		if err := s.Ensure(t.Context(), db, bad); !errors.Is(err, docstore.ErrInvalid) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

func findIDs(t *testing.T, s docstore.Store) {
	put(t, s, "b", "", `{}`)
	a := put(t, s, "a", "", `{}`)
	put(t, s, "é/ü", "", `{}`)
	expect(t, s, docstore.Query{}, "a", "b", "é/ü")
	expect(t, s, docstore.Query{From: docstore.Text("b")}, "b", "é/ü")
	a = remove(t, s, "a", a)
	expect(t, s, docstore.Query{}, "b", "é/ü")
	put(t, s, "a", a, `{}`)
	expect(t, s, docstore.Query{Reverse: true, Limit: 2}, "é/ü", "b")
	expect(t, s, docstore.Query{Prefix: "a"}, "a")
}

func findAndWrite(t *testing.T, s docstore.Store) {
	fill(t, s, 250, func(int) string { return `{"n":0}` })
	var seen []string
	for row, err := range s.Find(t.Context(), db, docstore.Query{}) {
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Get(t.Context(), db, row.ID); err != nil {
			t.Fatal(err)
		}
		put(t, s, row.ID, row.Rev, `{"n":1}`)
		seen = append(seen, row.ID)
	}
	if len(seen) != 250 || !slices.IsSorted(seen) {
		t.Errorf("%d rows, sorted %t", len(seen), slices.IsSorted(seen))
	}
}
