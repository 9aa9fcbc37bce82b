package entity_test

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"slate/store/entity"
)

// handleEvent is the goroutine through which JavaScript calls into a WebAssembly program; it never ends.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("runtime.handleEvent"))
}

// book is the entity of the tests, after the book shop in the tests of Redux Toolkit.
type book struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Author string `json:"author,omitempty"`
	Tags   string `json:"tags,omitempty"` // separated by commas
	Pages  int    `json:"pages,omitempty"`
}

type (
	library = entity.Entities[string, book]
	adapter = entity.Adapter[string, book]
)

func bookID(b book) string { return b.ID }

func byTitle(a, b book) int { return cmp.Compare(a.Title, b.Title) }

func tagsOf(b book) []string {
	if b.Tags == "" {
		return nil
	}
	return strings.Split(b.Tags, ",")
}

var (
	aesop   = book{ID: "a", Title: "Fables"}
	bronte  = book{ID: "b", Title: "Jane Eyre"}
	carroll = book{ID: "c", Title: "Alice"}
)

// eachOrder runs a test for a collection in the order of insertion and for one that is sorted by title.
func eachOrder(t *testing.T, test func(t *testing.T, books *adapter)) {
	t.Run("unsorted", func(t *testing.T) { test(t, entity.NewAdapter(bookID, entity.Options[book]{})) })
	t.Run("sorted", func(t *testing.T) { test(t, entity.NewAdapter(bookID, entity.Options[book]{Compare: byTitle})) })
}

// inOrder returns books as an adapter of the test keeps them.
func inOrder(t *testing.T, books ...book) []book {
	if strings.HasSuffix(t.Name(), "/sorted") {
		books = slices.Clone(books)
		slices.SortStableFunc(books, byTitle)
	}
	return books
}

func wantBooks(t *testing.T, got library, want ...book) {
	t.Helper()
	if want = inOrder(t, want...); !slices.Equal(got.Values(), want) {
		t.Errorf("books are %v, want %v", got.Values(), want)
	}
	ids := make([]string, len(want))
	for i, b := range want {
		ids[i] = b.ID
		if found, ok := got.Get(b.ID); !ok || found != b {
			t.Errorf("Get(%q) = %v, %t, want %v", b.ID, found, ok, b)
		}
	}
	if !slices.Equal(got.IDs(), ids) {
		t.Errorf("ids are %q, want %q", got.IDs(), ids)
	}
	if got.Len() != len(want) {
		t.Errorf("Len is %d, want %d", got.Len(), len(want))
	}
}
