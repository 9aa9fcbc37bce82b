package storetest_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"slate/store"
	"slate/store/storetest"
)

type todos struct {
	Items []string
	seen  int
}

func fixture() (slice *store.Slice[todos], add store.Creator[string], look store.Signal) {
	slice = store.NewSlice("todos", todos{})
	add = store.Case(slice, "add", func(s todos, item string) todos {
		s.Items = append(slices.Clone(s.Items), item)
		return s
	})
	look = store.CaseSignal(slice, "look", func(s todos) todos { s.seen++; return s })
	return slice, add, look
}

func TestStep(t *testing.T) {
	for _, tc := range []struct {
		name string
		step func(t testing.TB, st *store.Store, slice *store.Slice[todos], add store.Creator[string], look store.Signal)
		want []string // parts of the message; none where the test passes
	}{
		{"what was expected", func(t testing.TB, st *store.Store, slice *store.Slice[todos], add store.Creator[string], look store.Signal) {
			storetest.Step(t, st, slice, add("tea"), func(want *todos) { want.Items = []string{"tea"} })
			storetest.Step(t, st, slice, look(), func(want *todos) { want.seen = 1 })
		}, nil},
		{"another value", func(t testing.TB, st *store.Store, slice *store.Slice[todos], add store.Creator[string], _ store.Signal) {
			storetest.Step(t, st, slice, add("tea"), func(want *todos) { want.Items = []string{"coffee"} })
		}, []string{`slice "todos" after todos/add`, `"coffee"`, `"tea"`}},
		{"more than was expected", func(t testing.TB, st *store.Store, slice *store.Slice[todos], _ store.Creator[string], look store.Signal) {
			storetest.Step(t, st, slice, look(), nil)
		}, []string{"todos/look", "seen"}},
		{"a dispatch that fails", func(t testing.TB, st *store.Store, slice *store.Slice[todos], _ store.Creator[string], _ store.Signal) {
			storetest.Step(t, st, slice, store.Action{}, nil)
		}, []string{"the action is empty"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			slice, add, look := fixture()
			got := try(t, func(tb testing.TB) { tc.step(tb, storetest.New(tb, slice), slice, add, look) })
			if (got == "") != (tc.want == nil) {
				t.Fatalf("message %q", got)
			}
			for _, part := range tc.want {
				if !strings.Contains(got, part) {
					t.Errorf("message %q lacks %q", got, part)
				}
			}
		})
	}
}

func TestNewReportsWhatGoesWrong(t *testing.T) {
	one, _, _ := fixture()
	two, _, _ := fixture()
	if got := try(t, func(tb testing.TB) { storetest.New(tb, one, two) }); !strings.Contains(got, `two slices are named "todos"`) {
		t.Errorf("namesakes: message %q", got)
	}
	got := try(t, func(tb testing.TB) {
		storetest.New(tb).OnClose(func() error { return errors.New("disk full") })
	})
	if !strings.Contains(got, "disk full") {
		t.Errorf("a failing close: message %q", got)
	}
}

func TestNewReportsWhatDoesNotEnd(t *testing.T) {
	storetest.SetPatience(t, 1)
	release := make(chan struct{})
	started := make(chan struct{})
	stubborn := store.NewAsyncThunk(store.AsyncThunkSpec[int, int]{Name: "stubborn", Run: func(context.Context, *store.Store, int) (int, error) {
		close(started)
		<-release
		return 0, nil
	}})
	var wg sync.WaitGroup
	got := try(t, func(tb testing.TB) {
		st := storetest.New(tb)
		wg.Go(func() { _, _ = stubborn.Run(context.Background(), st, 0) })
		<-started
	})
	close(release)
	wg.Wait()
	if !strings.Contains(got, "could not be closed") {
		t.Errorf("message %q", got)
	}
}

func TestRecorder(t *testing.T) {
	slice, add, look := fixture()
	var rec storetest.Recorder
	st := storetest.NewWith(t, store.Options{Middleware: []store.Middleware{rec.Middleware}}, slice)
	if err := st.DispatchAll(add("tea"), look(), add("milk")); err != nil {
		t.Fatal(err)
	}
	if item, ok := add.Match(rec.Actions()[2]); !ok || item != "milk" {
		t.Errorf("the third action carries %q", item)
	}
	got := try(t, func(tb testing.TB) { rec.Expect(tb, "todos/add", "todos/look") })
	if !strings.Contains(got, "todos/add") {
		t.Errorf("one too many: message %q", got)
	}
	if len(rec.Types()) != 0 {
		t.Error("Expect did not reset")
	}
	rec.Expect(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 50 {
				_ = st.Dispatch(look())
			}
		})
	}
	wg.Wait()
	if n := len(rec.Types()); n != 200 {
		t.Errorf("%d actions recorded, want 200", n)
	}
}
