package persist_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"slate/store"
	"slate/store/persist"
	"slate/store/persist/persisttest"
)

// The five faults of redux-persist that rtk.md names in E.5 item 6, and that this package does not have.

func TestFault1_EachSliceHasItsOwnKeyAndOnlyChangedOnesAreWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &persisttest.Faulty{Storage: &persist.Memory{}}
		a, b := newList("a"), newList("b")
		app := run(t, s, persist.Options{}, []store.Mountable{a.slice, b.slice}, a.saved(persist.Spec[todos]{}), b.saved(persist.Spec[todos]{}))
		defer app.close(t)
		app.dispatch(t, a.add("x"), b.add("y"))
		app.flush(t)
		app.dispatch(t, b.add("z"), a.typed(""))
		app.flush(t)
		app.flush(t)
		if got := strings.Join(writes(s), "; "); got != "a b; b" {
			t.Errorf("writes %q, want both and then b alone", got)
		}
	})
}

func TestFault2_NothingIsEncodedTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s persist.Memory
		l := newList("list")
		app := start(t, &s, l, persist.Spec[todos]{Version: 1})
		defer app.close(t)
		app.dispatch(t, l.add(`say "hello" \o/`))
		app.flush(t)
		data, _, err := s.Get(t.Context(), "list")
		if err != nil {
			t.Fatal(err)
		}
		head, payload, _ := strings.Cut(string(data), "\n")
		if want := `{"items":["say \"hello\" \\o/"],"draft":""}`; payload != want || !strings.HasPrefix(head, "slate 1 1 json ") {
			t.Errorf("stored %s\n%s\nwant what encoding/json writes, %s", head, payload, want)
		}
	})
}

func TestFault3_AllChangedSlicesGoIntoOneTransaction(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &persisttest.Faulty{Storage: &persist.Memory{}}
		var lists []list
		var mounted []store.Mountable
		var saved []persist.Persisted
		for _, name := range []string{"a", "b", "c", "d"} {
			l := newList(name)
			lists, mounted, saved = append(lists, l), append(mounted, l.slice), append(saved, l.saved(persist.Spec[todos]{}))
		}
		app := run(t, s, persist.Options{MaxDelay: time.Second}, mounted, saved...)
		defer app.close(t)
		synctest.Wait()
		began := time.Now()
		for range 100 {
			for _, l := range lists {
				app.dispatch(t, l.add("x"))
			}
			time.Sleep(5 * time.Millisecond)
		}
		synctest.Wait()
		if got := writes(s); len(got) != 0 {
			t.Errorf("writes %q after %v, want none yet", got, time.Since(began))
		}
		time.Sleep(time.Second - time.Since(began))
		synctest.Wait()
		if got := strings.Join(writes(s), "; "); got != "a b c d" {
			t.Errorf("writes %q, want one with all four after MaxDelay", got)
		}
	})
}

func TestFault4_AnEmptyStorageRestoresAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newList("list")
		began := time.Now()
		app := start(t, &persist.Memory{}, l, persist.Spec[todos]{})
		defer app.close(t)
		if took := time.Since(began); took != 0 || !app.Status().Restored {
			t.Errorf("took %v, status %+v", took, app.Status())
		}
	})
}

func TestFault5_ALateResultIsTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var inner persist.Memory
		l := newList("list")
		first := start(t, &inner, l, persist.Spec[todos]{})
		first.dispatch(t, l.add("saved"))
		first.close(t)

		late := &persisttest.Faulty{Storage: &inner, Before: func(ctx context.Context, c persisttest.Call) error {
			if c.Op == "get" {
				time.Sleep(time.Minute)
			}
			return nil
		}}
		app := run(t, late, persist.Options{}, []store.Mountable{l.slice}, l.saved(persist.Spec[todos]{}))
		defer app.close(t)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := app.Restored(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("waited for: %v", err)
		}
		app.dispatch(t, l.add("meanwhile"))
		time.Sleep(time.Minute)
		synctest.Wait()
		wantItems(t, l, app, "saved,meanwhile")
	})
}

func TestFault5_ANewerVersionIsNotAccepted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s persist.Memory
		l := newList("list")
		newer := start(t, &s, l, persist.Spec[todos]{Version: 3, Oldest: 3})
		newer.dispatch(t, l.add("of the future"))
		newer.close(t)
		stored, _, _ := s.Get(t.Context(), "list")

		app := run(t, &s, persist.Options{}, []store.Mountable{l.slice}, l.saved(persist.Spec[todos]{Version: 2, Oldest: 2}))
		defer app.close(t)
		err := app.Restored(t.Context())
		restore, ok := errors.AsType[*persist.RestoreError](err)
		version, ok2 := errors.AsType[*persist.VersionError](err)
		if !ok || !ok2 || !errors.Is(err, persist.ErrVersion) || restore.Slice != "list" || version.Stored != 3 || version.Newest != 2 {
			t.Fatalf("error %v", err)
		}
		wantItems(t, l, app, "")
		app.dispatch(t, l.add("of today"))
		app.flush(t)
		wantValue(t, &s, restore.Aside, string(stored))
		wantKeys(t, &s, "list", "list.aside-1")
	})
}
