package persist_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"slate/store"
	"slate/store/persist"
	"slate/store/persist/persisttest"
)

// settings has one field of each kind that a merge may stumble over.
type settings struct {
	base
	Theme  string
	Recent []string
	Marks  map[string]bool
	Secret string `json:"-"`
	seen   int
}

type base struct{ Language string }

func TestMerges(t *testing.T) {
	initial := settings{base: base{"en"}, Theme: "light", Marks: map[string]bool{"a": true}}
	saved := settings{base: base{"de"}, Theme: "dark", Recent: []string{"x"}, Marks: map[string]bool{"b": true}}
	changed := initial
	changed.Recent, changed.Secret, changed.seen = []string{"y"}, "s", 3
	both := saved
	both.Recent, both.Secret, both.seen = changed.Recent, "s", 3
	for _, tc := range []struct {
		name    string
		merge   persist.Merge[settings]
		present settings
		want    settings
	}{
		{"saved wins", persist.SavedWins[settings], changed, saved},
		{"present wins", persist.PresentWins[settings], changed, changed},
		{"present wins, unchanged", persist.PresentWins[settings], initial, saved},
		{"fields", persist.MergeFields[settings], changed, both},
		{"fields, unchanged", persist.MergeFields[settings], initial, saved},
	} {
		if diff := cmp.Diff(tc.want, tc.merge(saved, tc.present, initial), cmp.AllowUnexported(settings{}, base{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, diff)
		}
	}
	if got := persist.MergeFields([]int{1}, []int{2}, nil); got[0] != 2 {
		t.Errorf("a list that has changed: %v", got)
	}
	if got := persist.MergeFields(map[string]int{"a": 1}, nil, nil); got["a"] != 1 {
		t.Errorf("a map that has not: %v", got)
	}
}

// What is done while the storage is being read meets what was saved.
func TestWhatHappensBeforeTheStorageAnswers(t *testing.T) {
	for _, tc := range []struct {
		name  string
		merge persist.Merge[todos]
		want  string // items; draft
	}{
		{"replayed", nil, "saved,new;typed"},
		{"saved wins", persist.SavedWins[todos], "saved;draft"},
		{"present wins", persist.PresentWins[todos], "new;typed"},
		{"fields", persist.MergeFields[todos], "new;typed"},
		{"own", func(saved, present, initial todos) todos {
			return todos{Items: append(present.Items, saved.Items...), Draft: initial.Draft}
		}, "new,saved;"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var inner persist.Memory
				l := newList("list")
				first := start(t, &inner, l, persist.Spec[todos]{})
				first.dispatch(t, l.add("saved"), l.typed("draft"))
				first.close(t)

				before, open := gate("get")
				a := run(t, &persisttest.Faulty{Storage: &inner, Before: before}, persist.Options{},
					[]store.Mountable{l.slice}, l.saved(persist.Spec[todos]{Merge: tc.merge}))
				a.dispatch(t, l.add("new"), l.typed("typed"))
				open()
				if err := a.Restored(t.Context()); err != nil {
					t.Fatal(err)
				}
				want := func(a *app, when string) {
					s := l.slice.Of(a.State())
					if got := strings.Join(s.Items, ",") + ";" + s.Draft; got != tc.want {
						t.Errorf("%s: %s, want %s", when, got, tc.want)
					}
				}
				want(a, "merged")
				a.close(t)
				again := start(t, &inner, l, persist.Spec[todos]{})
				want(again, "saved and restored again")
				again.close(t)
			})
		})
	}
}

// A slice that waits very long does not remember every action. What was saved is not lost then.
func TestMoreActionsThanAreRemembered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var inner persist.Memory
		l := newList("list")
		first := start(t, &inner, l, persist.Spec[todos]{})
		first.dispatch(t, l.add("saved"))
		first.close(t)
		before, open := gate("get")
		app := run(t, &persisttest.Faulty{Storage: &inner, Before: before}, persist.Options{}, []store.Mountable{l.slice}, l.saved(persist.Spec[todos]{}))
		defer app.close(t)
		want, _, _ := inner.Get(t.Context(), "list")
		app.dispatch(t, l.add("new"))
		for i := range persist.ReplayLimit {
			app.dispatch(t, l.typed(strings.Repeat("x", 1+i%2)))
		}
		open()
		err := app.Restored(t.Context())
		aside, _ := errors.AsType[*persist.RestoreError](err)
		if !errors.Is(err, persist.ErrTooMany) || aside == nil || aside.Aside == "" {
			t.Fatalf("Restored: %v", err)
		}
		wantItems(t, l, app, "new")
		wantValue(t, &inner, aside.Aside, string(want))
		app.flush(t)
		if got, _, _ := inner.Get(t.Context(), "list"); !strings.Contains(string(got), `["new"]`) {
			t.Errorf("stored %q", got)
		}
	})
}

// The same where the store is closed before the storage has answered, and where only few of the actions changed the slice.
func TestManyActionsUntilTheEnd(t *testing.T) {
	for _, tc := range []struct {
		name    string
		changes int
		want    string
		aside   bool
	}{
		{"too many changes", persist.ReplayLimit + 1, `["0"`, true},
		{"few changes", 2, `["saved","0","1"]`, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			var inner persist.Memory
			l := newList("list")
			first := start(t, &inner, l, persist.Spec[todos]{})
			first.dispatch(t, l.add("saved"))
			first.close(t)
			s := &persisttest.Faulty{Storage: &inner, Before: func(ctx context.Context, c persisttest.Call) error {
				select {
				case <-ctx.Done():
					return context.Cause(ctx)
				case <-time.After(time.Second):
					return nil
				}
			}}
			app := run(t, s, persist.Options{}, []store.Mountable{l.slice}, l.saved(persist.Spec[todos]{}))
			for i := range tc.changes {
				if i < 2 {
					app.dispatch(t, l.add(strconv.Itoa(i)))
				}
				app.dispatch(t, l.typed(strconv.Itoa(i)))
			}
			app.dispatch(t, l.typed(""))
			for range persist.ReplayLimit {
				app.dispatch(t, l.typed("")) // changes nothing
			}
			if err := app.Store.Close(); errors.Is(err, persist.ErrTooMany) != tc.aside || err != nil != tc.aside {
				t.Errorf("%s: Close: %v", tc.name, err)
			}
			if got, _, _ := inner.Get(t.Context(), "list"); !strings.Contains(string(got), tc.want) {
				t.Errorf("%s: stored %.100q", tc.name, got)
			}
			if got, ok, _ := inner.Get(t.Context(), "list.aside-1"); ok != tc.aside || ok && !strings.Contains(string(got), "saved") {
				t.Errorf("%s: aside %q", tc.name, got)
			}
		})
	}
}

// An action that changes nothing before the storage answers may change what was saved.
func TestWhatChangedNothingYetIsReplayedToo(t *testing.T) {
	for _, closed := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			var inner persist.Memory
			theme := store.NewSlice("theme", "light")
			set := store.Case(theme, "set", func(_ string, v string) string { return v })
			saved := persist.Slice(theme, persist.Spec[string]{})
			first := run(t, &inner, persist.Options{}, []store.Mountable{theme}, saved)
			first.dispatch(t, set("dark"))
			first.close(t)
			before, open := gate("get")
			a := run(t, &persisttest.Faulty{Storage: &inner, Before: before}, persist.Options{}, []store.Mountable{theme}, saved)
			synctest.Wait()
			a.dispatch(t, set("light"))
			if st := a.Status(); len(st.Pending) > 0 {
				t.Errorf("pending %q", st.Pending)
			}
			if closed {
				time.AfterFunc(time.Second, open)
			} else {
				open()
				if err := a.Restored(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			a.close(t)
			again := run(t, &inner, persist.Options{}, []store.Mountable{theme}, saved)
			if got := theme.Of(again.State()); got != "light" {
				t.Errorf("closed %v: %q", closed, got)
			}
			again.close(t)
		})
	}
}

// An action that the reducers cannot apply to what was saved is left out, and the others are not.
func TestReplayGoesOnAfterAPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var inner persist.Memory
		declare := func() (list, store.Signal) {
			l := newList("list")
			return l, store.CaseSignal(l.slice, "only", func(s todos) todos {
				if len(s.Items) > 0 {
					panic("there is one already")
				}
				s.Items = []string{"only"}
				return s
			})
		}
		l, _ := declare()
		first := start(t, &inner, l, persist.Spec[todos]{})
		first.dispatch(t, l.add("saved"))
		first.close(t)
		before, open := gate("get")
		l, only := declare()
		app := run(t, &persisttest.Faulty{Storage: &inner, Before: before}, persist.Options{}, []store.Mountable{l.slice}, l.saved(persist.Spec[todos]{}))
		defer app.close(t)
		app.dispatch(t, only(), l.add("more"))
		open()
		if err := app.Restored(t.Context()); err != nil {
			t.Fatal(err)
		}
		wantItems(t, l, app, "saved,more")
	})
}
