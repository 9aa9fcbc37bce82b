package entity_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"slate/store/entity"
)

func TestReadingWhatIsNotThere(t *testing.T) {
	a := entity.NewAdapter(bookID, entity.Options[book]{})
	for name, e := range map[string]library{"nothing": {}, "one": a.Of(aesop)} {
		if b, ok := e.Get("x"); ok || b != (book{}) {
			t.Errorf("%s: Get gives %v, %t", name, b, ok)
		}
		if at, ok := e.Position("x"); ok || at != 0 {
			t.Errorf("%s: Position gives %d, %t", name, at, ok)
		}
		if e.Has("x") {
			t.Errorf("%s: Has finds it", name)
		}
		for _, i := range []int{-1, e.Len()} {
			v := panics(func() { e.List().At(i) })
			if text, ok := v.(string); !ok || !strings.HasPrefix(text, "entity: ") {
				t.Errorf("%s: At(%d) panics with %v", name, i, v)
			}
		}
	}
	if page := a.Of(aesop, bronte).List().Page(0, 1); panics(func() { page.At(1) }) == nil {
		t.Error("a page reaches beyond its end")
	}
}

// A loop may be left at any time.
func TestLeavingALoop(t *testing.T) {
	a := entity.NewAdapter(bookID, entity.Options[book]{})
	byTitle := entity.NewIndex(a, func(b book) string { return b.Title })
	e := a.Of(aesop, bronte, carroll)
	var seen []string
	for id := range e.All() {
		seen = append(seen, id)
		break
	}
	for id := range e.List().Backward() {
		seen = append(seen, id)
		break
	}
	if !slices.Equal(seen, []string{"a", "c"}) {
		t.Errorf("seen %q", seen)
	}
	groups := 0
	for range byTitle.All(e) {
		groups++
		break
	}
	if groups != 1 {
		t.Errorf("%d groups after a break", groups)
	}
}

// Two lists are equal while nothing in their part of the collection changed.
func TestListIdentity(t *testing.T) {
	a := entity.NewAdapter(bookID, entity.Options[book]{})
	byAuthor := entity.NewIndex(a, func(b book) string { return b.Author })
	e := a.Of(book{ID: "1", Author: "Ada"}, book{ID: "2", Author: "Alan"})
	after := a.Update(e, "2", func(b book) book { b.Pages = 7; return b })
	if byAuthor.Of(e, "Ada") != byAuthor.Of(after, "Ada") {
		t.Error("Ada's books did not change, and their list did")
	}
	if byAuthor.Of(e, "Alan") == byAuthor.Of(after, "Alan") || e.List() == after.List() {
		t.Error("one of Alan's books changed, and a list with it did not")
	}
	if byAuthor.Of(e, "Grace") != (entity.List[string, book]{}) || e.List().Page(2, 1) != (entity.List[string, book]{}) {
		t.Error("an empty list is not the zero List")
	}
}

type refuses struct {
	ID   unspeakable
	Text unspeakable
}

// unspeakable is text that cannot be written as JSON where it is "no".
type unspeakable string

var errUnspeakable = errors.New("unspeakable")

func (u unspeakable) MarshalText() ([]byte, error) {
	if u == "no" {
		return nil, errUnspeakable
	}
	return []byte(u), nil
}

func TestWhatCannotBeEncoded(t *testing.T) {
	a := entity.NewAdapter(func(r refuses) unspeakable { return r.ID }, entity.Options[refuses]{})
	for _, r := range []refuses{{ID: "no"}, {ID: "yes", Text: "no"}} {
		if data, err := json.Marshal(a.Of(r)); !errors.Is(err, errUnspeakable) {
			t.Errorf("%v is %s, %v", r, data, err)
		}
	}
}

func TestDecodeErrorSaysWhatIsWrong(t *testing.T) {
	err := &entity.DecodeError{ID: "a", Err: entity.ErrDuplicateID}
	if got, want := err.Error(), `entity: cannot decode id "a": the id is listed twice`; got != want {
		t.Errorf("error reads %q, want %q", got, want)
	}
}
