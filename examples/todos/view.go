package todos

import (
	"errors"
	"io/fs"
	"os"

	"slate/store"
	"slate/store/entity"
)

// View is all that a screen shows, as one value: a screen follows one selector.
type View struct {
	Rows    entity.List[int, Todo] // in order; only those that the filter lets through
	Filter  Filter
	Open    int // how many are not done yet
	Done    int
	CanUndo bool
	Status  string // of saving
}

var (
	list    = store.Select(Slice, func(s State) Collection { return s.Todos })
	canUndo = store.Select(Slice, func(s State) bool { return len(s.Removed) > 0 })
	filter  = store.Select(FilterSlice, func(f Filter) Filter { return f })
	saving  = store.Select(SavingSlice, func(s Saving) Saving { return s })

	// unsaved compares two versions of the list, which costs one comparison however long it is.
	unsaved = store.Derive2(list, saving, func(c Collection, s Saving) bool { return c != s.Saved })

	rows = store.Derive2(list, filter, func(c Collection, f Filter) entity.List[int, Todo] {
		if f == All {
			return c.List()
		}
		return byDone.Of(c, f == Done)
	})

	status = store.Derive2(saving, unsaved, func(s Saving, unsaved bool) string {
		switch {
		case s.Running != "":
			return "saving…"
		case s.Problem != "":
			return "not saved: " + s.Problem
		case unsaved:
			return "not saved"
		}
		return "saved"
	})

	// Screen is the view of a list.
	Screen = store.Derive5(list, rows, filter, canUndo, status,
		func(c Collection, rows entity.List[int, Todo], f Filter, canUndo bool, status string) View {
			done := byDone.Of(c, true).Len()
			return View{Rows: rows, Filter: f, Open: c.Len() - done, Done: done, CanUndo: canUndo, Status: status}
		})
)

// Load returns a store with the list that was saved in a file, or with an empty one where there is no such file.
func Load(name string) (*store.Store, error) {
	saved, err := os.ReadFile(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	st, err := store.New(store.Options{Saved: saved}, Slice, FilterSlice, SavingSlice)
	if err != nil {
		return nil, err
	}
	if err := st.Dispatch(loaded(list.Of(st.State()))); err != nil {
		return nil, errors.Join(err, st.Close())
	}
	return st, nil
}
