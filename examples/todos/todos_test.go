package todos_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"slate/examples/todos"
	"slate/store"
)

// load returns a store that ends with the test.
func load(t *testing.T, file string) *store.Store {
	t.Helper()
	st, err := todos.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return st
}

// texts is what the screen shows.
func texts(st *store.Store) string {
	var all []string
	for _, t := range todos.Screen.Of(st.State()).Rows.All() {
		all = append(all, t.Text)
	}
	return strings.Join(all, ", ")
}

func TestList(t *testing.T) {
	st := load(t, filepath.Join(t.TempDir(), "none.json"))
	for _, step := range []struct {
		action     store.Action
		want       string
		open, done int
		undo       bool
	}{
		{todos.Add("tea"), "tea", 1, 0, false},
		{todos.Add("milk"), "tea, milk", 2, 0, false},
		{todos.Add("sugar"), "tea, milk, sugar", 3, 0, false},
		{todos.Toggle(2), "tea, milk, sugar", 2, 1, false},
		{todos.Remove(1), "milk, sugar", 1, 1, true},
		{todos.Remove(1), "milk, sugar", 1, 1, true}, // is gone already
		{todos.Toggle(1), "milk, sugar", 1, 1, true},
		{todos.RemoveDone(), "sugar", 1, 0, true},
		{todos.RemoveDone(), "sugar", 1, 0, true}, // nothing is done
		{todos.Undo(), "milk, sugar", 1, 1, true}, // where it was
		{todos.Undo(), "tea, milk, sugar", 2, 1, false},
		{todos.Undo(), "tea, milk, sugar", 2, 1, false},
		{todos.Show(todos.Done), "milk", 2, 1, false},
		{todos.Show(todos.Open), "tea, sugar", 2, 1, false},
		{todos.Remove(3), "tea", 1, 1, true},
		{todos.Show(todos.All), "tea, milk", 1, 1, true},
		{todos.Add("honey"), "tea, milk, honey", 2, 1, true}, // 4: the number of one that can come back is not given again
		{todos.Undo(), "tea, milk, sugar, honey", 3, 1, false},
	} {
		if err := st.Dispatch(step.action); err != nil {
			t.Fatal(err)
		}
		v := todos.Screen.Of(st.State())
		if got := texts(st); got != step.want || v.Open != step.open || v.Done != step.done || v.CanUndo != step.undo {
			t.Errorf("%s: %q, %d open, %d done, undo %v; want %q, %d, %d, %v",
				step.action.Type(), got, v.Open, v.Done, v.CanUndo, step.want, step.open, step.done, step.undo)
		}
	}
}

func TestUndoLeavesTheOldStateAlone(t *testing.T) {
	st := load(t, filepath.Join(t.TempDir(), "none.json"))
	st.DispatchAll(todos.Add("tea"), todos.Add("milk"), todos.Remove(1))
	before := st.State()
	st.DispatchAll(todos.Undo(), todos.Remove(2), todos.Undo())
	if got := todos.Slice.Of(before).Removed; len(got) != 1 || got[0][0].Text != "tea" {
		t.Errorf("the old state now remembers %v", got)
	}
}

func TestSavedListComesBack(t *testing.T) {
	file := filepath.Join(t.TempDir(), "todos.json")
	first := load(t, file)
	first.DispatchAll(todos.Add("tea"), todos.Add("milk"), todos.Toggle(1), todos.Remove(2), todos.Show(todos.Open))
	if _, err := todos.Save.Run(t.Context(), first, file); err != nil {
		t.Fatal(err)
	}
	if _, err := todos.Save.Run(t.Context(), first, file); !errors.Is(err, store.ErrSkipped) {
		t.Errorf("saving again: error %v, want ErrSkipped", err)
	}

	second := load(t, file)
	v := todos.Screen.Of(second.State())
	if got := texts(second); got != "tea" || v.Done != 1 || v.Filter != todos.All || v.CanUndo || v.Status != "saved" {
		t.Errorf("in the next run: %q, %+v", got, v)
	}
	second.DispatchAll(todos.Add("sugar"), todos.Toggle(1))
	if got := todos.Slice.Of(second.State()).Last; got != 3 {
		t.Errorf("the next number was %d, want 3", got)
	}
}

func TestLoadRefusesWhatIsNoList(t *testing.T) {
	file := filepath.Join(t.TempDir(), "todos.json")
	if err := os.WriteFile(file, []byte(`{"todos": 7}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if st, err := todos.Load(file); err == nil {
		st.Close()
		t.Error("no error")
	}
	if st, err := todos.Load(t.TempDir()); err == nil {
		st.Close()
		t.Error("a folder: no error")
	}
}

// slowDisk takes a minute for each write.
type slowDisk struct{ err error }

func (d slowDisk) Write(ctx context.Context, _ string, _ []byte) error {
	select {
	case <-time.After(time.Minute):
		return d.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func TestStatus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := load(t, "none.json")
		want := func(status string) {
			t.Helper()
			synctest.Wait()
			if got := todos.Screen.Of(st.State()).Status; got != status {
				t.Errorf("status %q, want %q", got, status)
			}
		}
		todos.TheDisk.Provide(st, slowDisk{errors.New("the disk is full")})
		want("saved")
		st.Dispatch(todos.Add("tea"))
		want("not saved")
		broken := todos.Save.Start(t.Context(), st, "x")
		want("saving…")
		if _, err := todos.Save.Run(t.Context(), st, "x"); !errors.Is(err, store.ErrSkipped) {
			t.Errorf("a second one meanwhile: error %v, want ErrSkipped", err)
		}
		<-broken.Done()
		want("not saved: the disk is full")

		todos.TheDisk.Provide(st, slowDisk{})
		save := todos.Save.Start(t.Context(), st, "x")
		want("saving…")
		st.Dispatch(todos.Add("milk")) // too late for this one
		<-save.Done()
		want("not saved")

		save = todos.Save.Start(t.Context(), st, "x")
		synctest.Wait()
		save.Cancel(errors.New("interrupted"))
		want("not saved: interrupted")
		save = todos.Save.Start(t.Context(), st, "x")
		<-save.Done()
		want("saved")
	})
}
