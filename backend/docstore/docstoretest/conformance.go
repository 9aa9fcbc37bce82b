// Package docstoretest checks that a [docstore.Store] keeps what the interface
// promises. Every implementation runs the same suite in its own tests:
//
//	func TestConformance(t *testing.T) {
//		docstoretest.Run(t, func(t testing.TB) docstore.Store { return open(t) })
//	}
//
// [Model] drives a store at random beside a plain map and compares.
package docstoretest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slate/backend/docstore"
)

const db = "things"

// Run checks one store after the other, each fresh and empty from open, which also
// sees to it that the store is closed when its test ends.
func Run(t *testing.T, open func(testing.TB) docstore.Store) {
	tests := []struct {
		name string
		run  func(*testing.T, docstore.Store)
	}{
		{"a document lives through its revisions", lifecycle},
		{"a tombstone goes on counting", tombstone},
		{"what is refused, and by which error", refusals},
		{"the same edit has the same revision", sameName},
		{"of sixteen rivals one wins", rivals},
		{"a conflict in bulk undoes no neighbour", bulk},
		{"databases are apart", apart},
		{"find by text, number and truth value", findKinds},
		{"find in ranges, pages and both directions", findRanges},
		{"find by the elements of an array", findArrays},
		{"an index over existing documents, and declared anew", ensureLate},
		{"the ids are an index", findIDs},
		{"find may write while it lists", findAndWrite},
		{"the changes feed", changes},
		{"a context that has ended", contexts},
		{"a closed store", closed},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { test.run(t, open(t)) })
	}
}

func put(t testing.TB, s docstore.Store, id, rev, body string) string {
	t.Helper()
	next, err := s.Put(t.Context(), db, docstore.Doc{ID: id, Rev: rev, Body: json.RawMessage(body)})
	if err != nil {
		t.Fatalf("put %s: %v", id, err)
	}
	return next
}

func remove(t testing.TB, s docstore.Store, id, rev string) string {
	t.Helper()
	next, err := s.Put(t.Context(), db, docstore.Doc{ID: id, Rev: rev, Deleted: true})
	if err != nil {
		t.Fatalf("delete %s: %v", id, err)
	}
	return next
}

func lifecycle(t *testing.T, s docstore.Store) {
	first := put(t, s, "a", "", `{ "n": 1 }`)
	second := put(t, s, "a", first, `{"n":2}`)
	if ok, _ := regexp.MatchString(`^1-[0-9a-f]{32}$`, first); !ok {
		t.Errorf("the first revision is %q", first)
	}
	if !strings.HasPrefix(second, "2-") {
		t.Errorf("the second revision is %q", second)
	}
	got, err := s.Get(t.Context(), db, "a")
	if err != nil {
		t.Fatal(err)
	}
	want := docstore.Doc{ID: "a", Rev: second, Body: json.RawMessage(`{"n":2}`)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func tombstone(t *testing.T, s docstore.Store) {
	first := put(t, s, "a", "", `{"n":1}`)
	second := remove(t, s, "a", first)
	_, err := s.Get(t.Context(), db, "a")
	gone, ok := errors.AsType[*docstore.NotFoundError](err)
	if !ok || !errors.Is(err, docstore.ErrNotFound) || gone.Rev != second {
		t.Fatalf("get of a tombstone: %v", err)
	}
	third := put(t, s, "a", "", `{"n":1}`)
	if !strings.HasPrefix(third, "3-") {
		t.Errorf("created over the tombstone %s: %s", second, third)
	}
	fourth := remove(t, s, "a", third)
	if fifth := put(t, s, "a", fourth, `{}`); !strings.HasPrefix(fifth, "5-") {
		t.Errorf("revived by the tombstone's revision %s: %s", fourth, fifth)
	}
}

func refusals(t *testing.T, s docstore.Store) {
	rev := put(t, s, "live", "", `{"n":1}`)
	stale := rev
	rev = put(t, s, "live", rev, `{"n":2}`)
	dead := remove(t, s, "dead", put(t, s, "dead", "", `{}`))
	body := json.RawMessage(`{}`)
	for name, c := range map[string]struct {
		doc  docstore.Doc
		want error
	}{
		"create what exists":          {docstore.Doc{ID: "live", Body: body}, &docstore.ConflictError{DB: db, ID: "live", Current: rev}},
		"change a stale revision":     {docstore.Doc{ID: "live", Rev: stale, Body: body}, &docstore.ConflictError{DB: db, ID: "live", Given: stale, Current: rev}},
		"change what does not exist":  {docstore.Doc{ID: "no", Rev: stale, Body: body}, &docstore.ConflictError{DB: db, ID: "no", Given: stale}},
		"delete a stale revision":     {docstore.Doc{ID: "live", Rev: stale, Deleted: true}, &docstore.ConflictError{DB: db, ID: "live", Given: stale, Current: rev}},
		"delete without a revision":   {docstore.Doc{ID: "live", Deleted: true}, &docstore.ConflictError{DB: db, ID: "live", Current: rev}},
		"delete what does not exist":  {docstore.Doc{ID: "no", Deleted: true}, &docstore.NotFoundError{DB: db, ID: "no"}},
		"delete twice":                {docstore.Doc{ID: "dead", Rev: dead, Deleted: true}, &docstore.NotFoundError{DB: db, ID: "dead", Rev: dead}},
		"no id":                       {docstore.Doc{Body: body}, docstore.ErrInvalid},
		"an id of the store's own":    {docstore.Doc{ID: "_design", Body: body}, docstore.ErrInvalid},
		"an id too long":              {docstore.Doc{ID: strings.Repeat("x", 513), Body: body}, docstore.ErrInvalid},
		"no body":                     {docstore.Doc{ID: "x"}, docstore.ErrInvalid},
		"a body that is no object":    {docstore.Doc{ID: "x", Body: json.RawMessage(`[1]`)}, docstore.ErrInvalid},
		"a body that is null":         {docstore.Doc{ID: "x", Body: json.RawMessage(`null`)}, docstore.ErrInvalid},
		"a body with two values":      {docstore.Doc{ID: "x", Body: json.RawMessage(`{}{}`)}, docstore.ErrInvalid},
		"a member of the store's own": {docstore.Doc{ID: "x", Body: json.RawMessage(`{"_id":1}`)}, docstore.ErrInvalid},
		"malformed JSON":              {docstore.Doc{ID: "x", Body: json.RawMessage(`{"n":`)}, docstore.ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := s.Put(t.Context(), db, c.doc)
			switch want := c.want.(type) {
			case *docstore.ConflictError:
				e, _ := errors.AsType[*docstore.ConflictError](err)
				if diff := cmp.Diff(want, e); diff != "" || !errors.Is(err, docstore.ErrConflict) {
					t.Errorf("%v\n%s", err, diff)
				}
			case *docstore.NotFoundError:
				e, _ := errors.AsType[*docstore.NotFoundError](err)
				if diff := cmp.Diff(want, e); diff != "" || !errors.Is(err, docstore.ErrNotFound) {
					t.Errorf("%v\n%s", err, diff)
				}
			default:
				if !errors.Is(err, want) {
					t.Errorf("%v, want %v", err, want)
				}
			}
			if got != "" {
				t.Errorf("a refused write has the revision %q", got)
			}
		})
	}
	if _, err := s.Put(t.Context(), "No Name", docstore.Doc{ID: "x", Body: body}); !errors.Is(err, docstore.ErrInvalid) {
		t.Errorf("a bad database name: %v", err)
	}
	got, err := s.Get(t.Context(), db, "live")
	if err != nil || got.Rev != rev || string(got.Body) != `{"n":2}` {
		t.Errorf("after all refusals: %+v, %v", got, err)
	}
}

func sameName(t *testing.T, s docstore.Store) {
	a, b := put(t, s, "a", "", `{"n":1,"m":[ ]}`), put(t, s, "b", "", "{\"n\": 1,\n\"m\":[]}")
	if a != b {
		t.Errorf("one body in two spellings: %s and %s", a, b)
	}
	if a, c := put(t, s, "a", a, `{"n":2}`), put(t, s, "c", "", `{"n":2}`); a == c {
		t.Error("two different parents lead to one revision")
	}
}

func rivals(t *testing.T, s docstore.Store) {
	rev := put(t, s, "a", "", `{"n":0}`)
	var wg sync.WaitGroup
	revs, errs := make([]string, 16), make([]error, 16)
	for i := range revs {
		wg.Go(func() {
			body := json.RawMessage(fmt.Sprintf(`{"n":%d}`, i+1))
			revs[i], errs[i] = s.Put(t.Context(), db, docstore.Doc{ID: "a", Rev: rev, Body: body})
		})
	}
	wg.Wait()
	winner := -1
	for i, err := range errs {
		switch {
		case err == nil && winner >= 0:
			t.Errorf("%d and %d both won", winner, i)
		case err == nil:
			winner = i
		case !errors.Is(err, docstore.ErrConflict):
			t.Errorf("rival %d: %v", i, err)
		}
	}
	if winner < 0 {
		t.Fatal("nobody won")
	}
	got, err := s.Get(t.Context(), db, "a")
	if want := fmt.Sprintf(`{"n":%d}`, winner+1); err != nil || got.Rev != revs[winner] || string(got.Body) != want {
		t.Errorf("stored is %+v, %v; the winner wrote %s", got, err, want)
	}
}

func bulk(t *testing.T, s docstore.Store) {
	put(t, s, "b", "", `{"old":true}`)
	got, err := s.Bulk(t.Context(), db, []docstore.Doc{
		{ID: "a", Body: json.RawMessage(`{}`)},
		{ID: "b", Body: json.RawMessage(`{"old":false}`)},
		{ID: "c", Body: json.RawMessage(`!`)},
		{ID: "d", Body: json.RawMessage(`{}`)},
	})
	if err != nil || len(got) != 4 {
		t.Fatalf("%v, %v", got, err)
	}
	if got[0].Err != nil || got[3].Err != nil || got[0].Rev == "" {
		t.Errorf("the good ones: %+v, %+v", got[0], got[3])
	}
	if !errors.Is(got[1].Err, docstore.ErrConflict) || !errors.Is(got[2].Err, docstore.ErrInvalid) {
		t.Errorf("the bad ones: %v, %v", got[1].Err, got[2].Err)
	}
	if _, err := s.Get(t.Context(), db, "d"); err != nil {
		t.Error(err)
	}
	if none, err := s.Bulk(t.Context(), db, nil); err != nil || len(none) != 0 {
		t.Errorf("nothing in bulk: %v, %v", none, err)
	}
}

func apart(t *testing.T, s docstore.Store) {
	put(t, s, "a", "", `{}`)
	if _, err := s.Get(t.Context(), "others", "a"); !errors.Is(err, docstore.ErrNotFound) {
		t.Errorf("%v", err)
	}
	if c, err := s.Changes(t.Context(), "others", "", 0); err != nil || len(c) != 0 {
		t.Errorf("%v, %v", c, err)
	}
}

func changes(t *testing.T, s docstore.Store) {
	a := put(t, s, "a", "", `{}`)
	put(t, s, "b", "", `{}`)
	a = put(t, s, "a", a, `{"n":2}`)
	c := remove(t, s, "c", put(t, s, "c", "", `{}`))
	all, err := s.Changes(t.Context(), db, "", 0)
	if err != nil || len(all) != 3 {
		t.Fatalf("%+v, %v", all, err)
	}
	if all[0].ID != "b" || all[1].ID != "a" || all[1].Rev != a || all[2].ID != "c" || all[2].Rev != c || !all[2].Deleted {
		t.Errorf("%+v", all)
	}
	first, err := s.Changes(t.Context(), db, "", 1)
	if err != nil || len(first) != 1 {
		t.Fatalf("%+v, %v", first, err)
	}
	rest, err := s.Changes(t.Context(), db, first[0].Seq, 0)
	if diff := cmp.Diff(all[1:], rest); diff != "" || err != nil {
		t.Error(diff, err)
	}
	none, err := s.Changes(t.Context(), db, all[2].Seq, 0)
	if err != nil || len(none) != 0 {
		t.Errorf("behind the last change: %v, %v", none, err)
	}
	put(t, s, "b", func() string { d, _ := s.Get(t.Context(), db, "b"); return d.Rev }(), `{"n":9}`)
	if more, err := s.Changes(t.Context(), db, all[2].Seq, 0); err != nil || len(more) != 1 || more[0].ID != "b" {
		t.Errorf("after one more: %v, %v", more, err)
	}
}

func contexts(t *testing.T, s docstore.Store) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Put(ended, db, docstore.Doc{ID: "a", Body: json.RawMessage(`{}`)}); !errors.Is(err, context.Canceled) {
		t.Errorf("put: %v", err)
	}
	if _, err := s.Get(t.Context(), db, "a"); !errors.Is(err, docstore.ErrNotFound) {
		t.Errorf("the cancelled write happened: %v", err)
	}
	if _, err := s.Get(ended, db, "a"); !errors.Is(err, context.Canceled) {
		t.Errorf("get: %v", err)
	}
	for _, err := range s.Find(ended, db, docstore.Query{}) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("find: %v", err)
		}
	}
}

func closed(t *testing.T, s docstore.Store) {
	put(t, s, "a", "", `{}`)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("the second Close: %v", err)
	}
	_, getErr := s.Get(t.Context(), db, "a")
	_, putErr := s.Put(t.Context(), db, docstore.Doc{ID: "b", Body: json.RawMessage(`{}`)})
	_, changesErr := s.Changes(t.Context(), db, "", 0)
	var findErr error
	for _, findErr = range s.Find(t.Context(), db, docstore.Query{}) {
		break
	}
	ensureErr := s.Ensure(t.Context(), db, docstore.Index{Name: "n", Fields: []string{"n"}})
	for i, err := range []error{getErr, putErr, changesErr, findErr, ensureErr} {
		if !errors.Is(err, docstore.ErrClosed) {
			t.Errorf("call %d on a closed store: %v", i, err)
		}
	}
}
