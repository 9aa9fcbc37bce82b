package docstoretest

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"slate/backend/docstore"
)

// Model drives a store at random (create, change, delete, with revisions right,
// stale, foreign or missing) and compares every outcome, every document, the index
// and the changes feed with a plain map. One store serves all runs, each in a
// database of its own.
func Model(t *testing.T, open func(testing.TB) docstore.Store) {
	s, run := open(t), 0
	rapid.Check(t, func(r *rapid.T) {
		run++
		m := &model{t: r, ctx: t, s: s, db: fmt.Sprintf("model%d", run), docs: map[string]docstore.Doc{}}
		if err := s.Ensure(t.Context(), m.db, docstore.Index{Name: "n", Fields: []string{"n"}}); err != nil {
			r.Fatal(err)
		}
		r.Repeat(map[string]func(*rapid.T){"write": m.write, "delete": m.remove})
		m.compare(r)
	})
}

type model struct {
	t    *rapid.T
	ctx  testing.TB
	s    docstore.Store
	db   string
	docs map[string]docstore.Doc // newest revision of each id, tombstones included
	past []string                // every revision there ever was
	feed []string                // ids by their newest change
}

func (m *model) write(r *rapid.T) {
	n := rapid.IntRange(0, 4).Draw(r, "n")
	m.put(r, docstore.Doc{Body: json.RawMessage(fmt.Sprintf(`{"n":%d}`, n))})
}

func (m *model) remove(r *rapid.T) { m.put(r, docstore.Doc{Deleted: true}) }

func (m *model) put(r *rapid.T, d docstore.Doc) {
	d.ID = rapid.SampledFrom([]string{"a", "b", "c"}).Draw(r, "id")
	current := m.docs[d.ID]
	d.Rev = rapid.SampledFrom(append(slices.Clone(m.past), "", "1-00000000000000000000000000000000", current.Rev, current.Rev, current.Rev)).Draw(r, "rev")
	rev, err := m.s.Put(m.ctx.Context(), m.db, d)

	gone := current.Rev == "" || current.Deleted
	switch {
	case d.Deleted && gone:
		if !errors.Is(err, docstore.ErrNotFound) {
			r.Fatalf("deleting %s, which is gone: %v", d.ID, err)
		}
	case d.Rev == current.Rev || d.Rev == "" && gone:
		if err != nil {
			r.Fatalf("a write on the current revision: %v", err)
		}
		if want := docstore.NextRev(current.Rev, d.Deleted, d.Body); rev != want || docstore.Generation(rev) != docstore.Generation(current.Rev)+1 {
			r.Fatalf("after %q comes %q, want %q", current.Rev, rev, want)
		}
		d.Rev = rev
		m.docs[d.ID], m.past = d, append(m.past, rev)
		m.feed = append(slices.DeleteFunc(m.feed, func(id string) bool { return id == d.ID }), d.ID)
	default:
		if !errors.Is(err, docstore.ErrConflict) {
			r.Fatalf("a write on %q while %q is current: %v", d.Rev, current.Rev, err)
		}
	}
}

func (m *model) compare(r *rapid.T) {
	for _, id := range []string{"a", "b", "c"} {
		want := m.docs[id]
		got, err := m.s.Get(m.ctx.Context(), m.db, id)
		if want.Rev == "" || want.Deleted {
			if !errors.Is(err, docstore.ErrNotFound) {
				r.Fatalf("get %s: %v", id, err)
			}
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			r.Fatal(diff, err)
		}
	}
	m.compareIndex(r)
	changes, err := m.s.Changes(m.ctx.Context(), m.db, "", 0)
	if err != nil {
		r.Fatal(err)
	}
	var feed []string
	for _, c := range changes {
		feed = append(feed, c.ID)
		if d := m.docs[c.ID]; d.Rev != c.Rev || d.Deleted != c.Deleted {
			r.Fatalf("the feed has %+v, stored is %+v", c, d)
		}
	}
	if !slices.Equal(feed, m.feed) {
		r.Fatalf("the feed has %v, want %v", feed, m.feed)
	}
}

// compareIndex compares the index with the living documents sorted by body and id;
// all bodies are {"n":<one digit>}, so their texts order as their numbers.
func (m *model) compareIndex(r *rapid.T) {
	living := slices.DeleteFunc(slices.Collect(maps.Values(m.docs)), func(d docstore.Doc) bool { return d.Deleted })
	slices.SortFunc(living, func(a, b docstore.Doc) int {
		return slices.Compare([]byte(string(a.Body)+a.ID), []byte(string(b.Body)+b.ID))
	})
	var found []docstore.Doc
	for row, err := range m.s.Find(m.ctx.Context(), m.db, docstore.Query{Index: "n"}) {
		if err != nil {
			r.Fatal(err)
		}
		found = append(found, row.Doc)
	}
	if len(living)+len(found) > 0 && !cmp.Equal(living, found) {
		r.Fatal(cmp.Diff(living, found))
	}
}
