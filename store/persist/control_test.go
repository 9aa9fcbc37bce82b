package persist_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"slate/store"
	"slate/store/persist"
	"slate/store/persist/persisttest"
)

func TestPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &persisttest.Faulty{Storage: &persist.Memory{}}
		l := newList("list")
		a := run(t, s, persist.Options{}, []store.Mountable{l.slice}, l.saved(persist.Spec[todos]{}))
		a.dispatch(t, l.add("before"))
		a.Pause()
		a.dispatch(t, l.add("1"))
		time.Sleep(time.Minute)
		if got := writes(s); len(got) != 0 || !a.Status().Paused {
			t.Errorf("writes %q in a pause", got)
		}
		a.flush(t)
		if got := writes(s); len(got) != 1 {
			t.Errorf("writes %q after Flush", got)
		}
		a.dispatch(t, l.add("2"))
		time.Sleep(time.Minute)
		a.Resume()
		time.Sleep(time.Millisecond)
		synctest.Wait()
		if got := writes(s); len(got) != 2 {
			t.Errorf("writes %q after Resume", got)
		}
		a.Pause()
		a.dispatch(t, l.add("3"))
		a.close(t)
		again := start(t, s.Storage, l, persist.Spec[todos]{})
		defer again.close(t)
		wantItems(t, l, again, "before,1,2,3")
	})
}

func TestPurge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s persist.Memory
		apply(t, &s, persist.Put("a", []byte("damaged")), persist.Put("other", []byte("of nobody")), persist.Put("a.b", []byte("too")))
		x, y := newList("a"), newList("b")
		a := run(t, &s, persist.Options{}, []store.Mountable{x.slice, y.slice}, x.saved(persist.Spec[todos]{}), y.saved(persist.Spec[todos]{}))
		a.dispatch(t, x.add("1"), y.add("1"))
		a.flush(t)
		wantKeys(t, &s, "a", "a.aside-1", "a.b", "b", "other")
		if err := a.Purge(t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
		wantKeys(t, &s, "a.b", "b", "other")
		wantItems(t, x, a, "1")
		time.Sleep(time.Minute)
		wantKeys(t, &s, "a.b", "b", "other")
		a.dispatch(t, y.add("not stored yet"))
		if err := a.Purge(t.Context()); err != nil {
			t.Fatal(err)
		}
		a.flush(t)
		wantKeys(t, &s, "a.b", "other")
		a.dispatch(t, y.clear())
		a.close(t)
		wantKeys(t, &s, "a.b", "b", "other")
		if err := a.Purge(t.Context(), "c"); err == nil {
			t.Error("an unknown slice was purged")
		}
	})
}

// What an earlier run has saved goes too where this one does not save it.
func TestPurgeOfSlicesThatAreDenied(t *testing.T) {
	for _, names := range [][]string{nil, {"list"}} {
		s := prepared(t)
		apply(t, s, persist.Put("list.aside-1", []byte("older")))
		l, other := newList("list"), newList("other")
		a := run(t, s, persist.Options{Deny: []string{"list"}}, []store.Mountable{l.slice, other.slice}, l.saved(persist.Spec[todos]{}), other.saved(persist.Spec[todos]{}))
		wantItems(t, l, a, "")
		if err := a.Purge(t.Context(), names...); err != nil {
			t.Fatal(err)
		}
		wantKeys(t, s)
		a.dispatch(t, l.add("not saved"))
		a.close(t)
		wantKeys(t, s)
	}
}

// A slice that waits for being mounted is not restored from what was purged.
func TestPurgeBeforeTheSliceIsThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newList("list")
		s := prepared(t)
		a := run(t, s, persist.Options{}, nil, l.saved(persist.Spec[todos]{}))
		if err := a.Purge(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := a.Inject(l.slice); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		wantItems(t, l, a, "")
		a.dispatch(t, l.add("1"))
		a.close(t)
		wantKeys(t, s, "list")
	})
}

func TestFieldsThatAreNotSaved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, codec := range map[string]persist.Codec[todos]{
			"keep": persist.Keep[todos]("items"),
			"drop": persist.Drop[todos]("draft"),
		} {
			var inner persist.Memory
			s := &persisttest.Faulty{Storage: &inner}
			l := newList("list")
			a := run(t, s, persist.Options{}, []store.Mountable{l.slice}, l.saved(persist.Spec[todos]{Codec: codec}))
			a.dispatch(t, l.add("x"), l.typed("secret"))
			a.flush(t)
			a.dispatch(t, l.typed("more secret"))
			a.flush(t)
			a.close(t)
			data, _, _ := inner.Get(t.Context(), "list")
			if !strings.HasSuffix(string(data), "\n"+`{"items":["x"]}`) {
				t.Errorf("%s: stored %q", name, data)
			}
			if got := writes(s); len(got) != 1 {
				t.Errorf("%s: writes %q; the second changed only what is not saved", name, got)
			}
			again := start(t, &inner, l, persist.Spec[todos]{Codec: codec})
			if got := l.slice.Of(again.State()); got.Draft != "" || len(got.Items) != 1 {
				t.Errorf("%s: restored %+v", name, got)
			}
			again.close(t)

			all := start(t, &inner, l, persist.Spec[todos]{}) // a draft that an older program saved is not read
			all.dispatch(t, l.typed("saved"))
			all.close(t)
			again = start(t, &inner, l, persist.Spec[todos]{Codec: codec})
			if got := l.slice.Of(again.State()).Draft; got != "" {
				t.Errorf("%s: restored draft %q", name, got)
			}
			again.close(t)
		}
	})
	for name, fn := range map[string]func(){
		"no such field": func() { persist.Keep[todos]("Items") },
		"no struct":     func() { persist.Drop[[]int]("a") },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			fn()
		}()
	}
}

func TestAllowAndDeny(t *testing.T) {
	for _, tc := range []struct {
		allow, deny []string
		want        string
	}{
		{nil, nil, "a b c"},
		{[]string{"a", "b"}, nil, "a b"},
		{nil, []string{"b"}, "a c"},
		{[]string{"a", "b"}, []string{"b"}, "a"},
	} {
		var s persist.Memory
		var mounted []store.Mountable
		var saved []persist.Persisted
		var actions []store.Action
		for _, name := range []string{"a", "b", "c"} {
			l := newList(name)
			mounted, saved, actions = append(mounted, l.slice), append(saved, l.saved(persist.Spec[todos]{})), append(actions, l.add("x"))
		}
		a := run(t, &s, persist.Options{Allow: tc.allow, Deny: tc.deny}, mounted, saved...)
		a.dispatch(t, actions...)
		a.close(t)
		wantKeys(t, &s, strings.Fields(tc.want)...)
	}
	setup := func(opts persist.Options, names ...string) error {
		var saved []persist.Persisted
		for _, name := range names {
			saved = append(saved, newList(name).saved(persist.Spec[todos]{}))
		}
		_, err := persist.New(&persist.Memory{}, opts, saved...)
		return err
	}
	for name, err := range map[string]error{
		"an unknown name":      setup(persist.Options{Deny: []string{"z"}}, "a"),
		"one key twice":        setup(persist.Options{}, "a", "a"),
		"the place of another": setup(persist.Options{}, "a", "a.aside-1"),
	} {
		if _, ok := errors.AsType[*persist.SetupError](err); !ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNothingRunsWhileNothingHappens(t *testing.T) {
	before := runtime.NumGoroutine()
	l := newList("list")
	a := start(t, &persist.Memory{}, l, persist.Spec[todos]{})
	a.dispatch(t, l.add("x"))
	a.flush(t)
	if after := runtime.NumGoroutine(); after > before {
		t.Errorf("%d goroutines more", after-before)
	}
	a.close(t)
}

func TestAPurgeThatFailsChangesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var fail atomic.Bool
		broken := errors.New("broken")
		s := &persisttest.Faulty{Storage: &persist.Memory{}, Before: func(_ context.Context, c persisttest.Call) error {
			if c.Op == "apply" && fail.Load() {
				return broken
			}
			return nil
		}}
		l := newList("list")
		a := start(t, s, l, persist.Spec[todos]{})
		a.dispatch(t, l.add("1"))
		a.flush(t)
		a.dispatch(t, l.add("2"))
		fail.Store(true)
		if err := a.Purge(t.Context()); !errors.Is(err, broken) {
			t.Errorf("error %v", err)
		}
		fail.Store(false)
		a.close(t)
		again := start(t, s.Storage, l, persist.Spec[todos]{})
		wantItems(t, l, again, "1,2")
		again.close(t)
	})
}

// What is done right after Restored belongs to the next Flush, however the slice came to be restored.
func TestFlushRightAfterRestored(t *testing.T) {
	for name, data := range map[string][]byte{"nothing": nil, "damaged": []byte("x"), "saved": stored(t, 1, []byte(`{}`))} {
		synctest.Test(t, func(t *testing.T) {
			s := &persisttest.Faulty{Storage: &persist.Memory{}}
			if data != nil {
				apply(t, s.Storage, persist.Put("list", data))
			}
			l := newList("list")
			a := run(t, s, persist.Options{MaxDelay: time.Hour}, []store.Mountable{l.slice}, l.saved(persist.Spec[todos]{}))
			_ = a.Restored(t.Context()) // the damage is tested elsewhere
			a.dispatch(t, l.add("new"))
			a.flush(t)
			if got, _, err := s.Get(t.Context(), "list"); err != nil || !strings.Contains(string(got), `["new"]`) {
				t.Errorf("%s: stored %q, %v", name, got, err)
			}
			a.close(t)
		})
	}
}
