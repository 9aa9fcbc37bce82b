package todos

import (
	"context"
	"os"

	"slate/store"
)

// Saving is how the list and the disk stand to each other.
type Saving struct {
	Saved   Collection // what the disk has
	Running string     // the id of the run that is writing; empty: none
	Problem string     // why the last run failed
}

// Disk is where the list is kept. A test provides a slow or a broken one.
type Disk interface {
	Write(ctx context.Context, name string, data []byte) error
}

// TheDisk is the store's disk: that of the machine where nobody provided another.
var TheDisk = store.NewDep[Disk]("disk")

var (
	// SavingSlice follows the thunk. It belongs to this run and is not saved.
	SavingSlice = store.NewSlice("saving", Saving{}).Transient()

	// loaded says what the disk had when the program began.
	loaded = store.Case(SavingSlice, "loaded", func(s Saving, c Collection) Saving { s.Saved = c; return s })

	// Save writes the list to the file of that name, unless the disk has it already.
	Save = store.NewAsyncThunk(store.AsyncThunkSpec[string, Collection]{
		Name: "todos/save",
		Condition: func(_ context.Context, st *store.Store, _ string) error {
			if !unsaved.Of(st.State()) || SavingSlice.Of(st.State()).Running != "" {
				return store.ErrSkipped
			}
			return nil
		},
		Run: func(ctx context.Context, st *store.Store, name string) (Collection, error) {
			state := st.State() // what is written and what is said to be saved are one snapshot
			data, err := st.Encode(state)
			if err != nil {
				return Collection{}, err
			}
			disk := TheDisk.OfOr(st, func(*store.Store) Disk { return files{} })
			return Slice.Of(state).Todos, disk.Write(ctx, name, data)
		},
	})
)

func init() {
	store.On(SavingSlice, Save.Pending, func(s Saving, c store.Call[string]) Saving {
		s.Running, s.Problem = c.ID, ""
		return s
	})
	store.On(SavingSlice, Save.Fulfilled, func(s Saving, d store.Done[string, Collection]) Saving {
		s.Running, s.Saved = "", d.Result
		return s
	})
	store.On(SavingSlice, Save.Rejected, func(s Saving, f store.Failure[string]) Saving {
		s.Running, s.Problem = "", f.Err.Error()
		return s
	})
}

// files is the machine's disk.
type files struct{}

// Write replaces the file in one step, so that a crash leaves the old list or the new one.
func (files) Write(_ context.Context, name string, data []byte) error {
	next := name + ".new"
	if err := os.WriteFile(next, data, 0o600); err != nil {
		return err
	}
	return os.Rename(next, name)
}
