package persist_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"slate/store"
	"slate/store/persist"
	"slate/store/persist/encrypted"
	"slate/store/persist/persisttest"
)

// prepared returns a storage with one saved item in slice "list".
func prepared(t *testing.T) *persist.Memory {
	t.Helper()
	var s persist.Memory
	l := newList("list")
	a := start(t, &s, l, persist.Spec[todos]{})
	a.dispatch(t, l.add("saved"))
	a.close(t)
	return &s
}

func TestA31_ASynchronousStorageIsRestoredWhenTheStoreIsMade(t *testing.T) {
	key := newKey(t, 1)
	var sealed persist.Memory
	l := newList("list")
	first := start(t, encrypted.New(&sealed, key), l, persist.Spec[todos]{})
	first.dispatch(t, l.add("saved"))
	first.close(t)
	plain := prepared(t)
	for name, s := range map[string]persist.Storage{"memory": plain, "encrypted": encrypted.New(&sealed, key)} {
		if s, ok := s.(persist.Synchronous); !ok || !s.Synchronous() {
			if name != "encrypted" { // which asks the browser in a page
				t.Errorf("%s is not synchronous", name)
			}
			continue
		}
		a := run(t, s, persist.Options{}, []store.Mountable{l.slice}, l.saved(persist.Spec[todos]{}))
		wantItems(t, l, a, "saved")
		a.close(t)
	}
}

func TestA31_TheStoreDoesNotWaitForAnyOtherStorage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, other := newList("list"), newList("other")
		before, open := gate("get")
		s := &persisttest.Faulty{Storage: prepared(t), Before: before}
		a := run(t, s, persist.Options{}, []store.Mountable{l.slice, other.slice}, l.saved(persist.Spec[todos]{}), other.saved(persist.Spec[todos]{}))
		defer a.close(t)
		synctest.Wait()
		wantItems(t, l, a, "")
		if st := a.Status(); st.Restored || strings.Join(st.Waiting, ",") != "list,other" {
			t.Errorf("status %+v", st)
		}
		var seen []string
		store.Subscribe(t.Context(), a.Store, store.Select(l.slice, func(s todos) string { return strings.Join(s.Items, ",") }),
			func(s string) { seen = append(seen, s) })
		open()
		if err := a.Restored(t.Context()); err != nil {
			t.Fatal(err)
		}
		if strings.Join(seen, ";") != "saved" {
			t.Errorf("subscribers saw %q", seen)
		}
		if st := a.Status(); !st.Restored || len(st.Waiting)+len(st.Pending) > 0 {
			t.Errorf("status %+v", st)
		}
		if got := writes(s); len(got) > 0 {
			t.Errorf("what was restored is written again: %q", got)
		}
	})
}

func TestAnInjectedSliceIsRestoredThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, slow := range []bool{false, true} {
			l, other := newList("list"), newList("other")
			var s persist.Storage = prepared(t)
			if slow {
				s = &persisttest.Faulty{Storage: s, Before: func(context.Context, persisttest.Call) error { time.Sleep(time.Second); return nil }}
			}
			a := run(t, s, persist.Options{}, []store.Mountable{other.slice}, l.saved(persist.Spec[todos]{}), other.saved(persist.Spec[todos]{}))
			if err := a.Restored(t.Context()); err != nil {
				t.Fatal(err)
			}
			a.dispatch(t, other.add("x"))
			if err := a.Inject(l.slice); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			wantItems(t, l, a, "saved")
			a.dispatch(t, l.add("more"))
			a.close(t)
			again := start(t, s, l, persist.Spec[todos]{})
			wantItems(t, l, again, "saved,more")
			again.close(t)
		}
	})
}

func TestDamagedDataIsKeptAsideEachTime(t *testing.T) {
	s := prepared(t)
	good, _, _ := s.Get(t.Context(), "list")
	flipped := strings.Replace(string(good), "saved", "sawed", 1)
	all := []string{flipped, string(good[:len(good)-1]), "", "hello", "slate 1 x json 00000000\n{}", strings.Repeat("x", 1000)}
	for _, data := range all {
		apply(t, s, persist.Put("list", []byte(data)))
		l := newList("list")
		a := run(t, s, persist.Options{}, []store.Mountable{l.slice}, l.saved(persist.Spec[todos]{}))
		err := a.Restored(t.Context())
		if !errors.Is(err, persist.ErrCorrupt) {
			t.Errorf("%.20q: %v", data, err)
		}
		wantItems(t, l, a, "")
		a.dispatch(t, l.add("fresh"))
		a.close(t)
		if n := len(a.reported()); n != 1 {
			t.Errorf("%d reports", n)
		}
	}
	for n, data := range all {
		wantValue(t, s, "list.aside-"+string(rune('1'+n)), data)
	}
	l := newList("list")
	a := start(t, s, l, persist.Spec[todos]{})
	wantItems(t, l, a, "fresh")
	a.close(t)
}

func TestANewerVersionCanBeLeftInPlace(t *testing.T) {
	var s persist.Memory
	storeOld(t, &s, 5, todos{Items: []string{"future"}})
	stored, _, _ := s.Get(t.Context(), "list")
	l := newList("list")
	a := run(t, &s, persist.Options{}, []store.Mountable{l.slice}, l.saved(persist.Spec[todos]{Newer: persist.LeaveInPlace}))
	if err := a.Restored(t.Context()); !errors.Is(err, persist.ErrVersion) {
		t.Errorf("Restored: %v", err)
	}
	if err := a.Flush(t.Context()); err != nil {
		t.Errorf("Flush without changes: %v", err)
	}
	a.dispatch(t, l.add("today"))
	if err := a.Flush(t.Context()); !errors.Is(err, persist.ErrVersion) {
		t.Errorf("Flush: %v", err)
	}
	if st := a.Status(); strings.Join(st.Pending, "") != "list" || strings.Join(st.Waiting, "") != "list" || !errors.Is(st.LastError, persist.ErrVersion) {
		t.Errorf("status %+v", st)
	}
	if err := a.Store.Close(); !errors.Is(err, persist.ErrVersion) {
		t.Errorf("Close: %v", err)
	}
	wantValue(t, &s, "list", string(stored))
	wantKeys(t, &s, "list")
}

func TestAWrongKeyLosesNothing(t *testing.T) {
	var inner persist.Memory
	l := newList("list")
	first := start(t, encrypted.New(&inner, newKey(t, 1)), l, persist.Spec[todos]{})
	first.dispatch(t, l.add("saved"))
	first.close(t)
	stored, _, _ := inner.Get(t.Context(), "list")

	a := run(t, encrypted.New(&inner, newKey(t, 2)), persist.Options{}, []store.Mountable{l.slice}, l.saved(persist.Spec[todos]{}))
	if err := a.Restored(t.Context()); !errors.Is(err, persist.ErrSealed) {
		t.Errorf("Restored: %v", err)
	}
	a.dispatch(t, l.add("new"))
	if err := a.Flush(t.Context()); !errors.Is(err, persist.ErrSealed) {
		t.Errorf("Flush: %v", err)
	}
	wantValue(t, &inner, "list", string(stored))
	if err := a.Purge(t.Context()); err != nil { // the person has forgotten the key
		t.Fatal(err)
	}
	a.dispatch(t, l.add("after"))
	a.close(t)
	again := start(t, encrypted.New(&inner, newKey(t, 2)), l, persist.Spec[todos]{})
	wantItems(t, l, again, "new,after")
	again.close(t)
}

func TestAStorageThatFailsToReadIsAskedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := errors.New("broken")
		var fail atomic.Bool
		fail.Store(true)
		l := newList("list")
		s := &persisttest.Faulty{Storage: prepared(t), Before: func(_ context.Context, c persisttest.Call) error {
			if fail.Load() {
				return broken
			}
			return nil
		}}
		a := run(t, s, persist.Options{}, []store.Mountable{l.slice}, l.saved(persist.Spec[todos]{}))
		if err := a.Restored(t.Context()); !errors.Is(err, broken) {
			t.Errorf("Restored: %v", err)
		}
		a.dispatch(t, l.add("meanwhile"))
		time.Sleep(time.Minute)
		if err := a.Flush(t.Context()); !errors.Is(err, broken) {
			t.Errorf("Flush: %v", err)
		}
		gets := len(s.Calls())
		if gets < 5 || gets > 15 {
			t.Errorf("asked %d times in a minute", gets)
		}
		fail.Store(false)
		time.Sleep(time.Minute)
		wantItems(t, l, a, "saved,meanwhile")
		if err := a.Restored(t.Context()); err != nil {
			t.Errorf("Restored in the end: %v", err)
		}
		a.close(t)
		again := start(t, s.Storage, l, persist.Spec[todos]{})
		wantItems(t, l, again, "saved,meanwhile")
		again.close(t)
	})
}

// A store that is closed before the storage has answered loses neither what was saved nor what was done.
func TestClosedBeforeTheStorageAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, mounted := range []bool{true, false} {
			inner := prepared(t)
			l, other := newList("list"), newList("other")
			s := &persisttest.Faulty{Storage: inner, Before: func(ctx context.Context, c persisttest.Call) error {
				select {
				case <-time.After(time.Second):
					return nil
				case <-ctx.Done():
					return context.Cause(ctx)
				}
			}}
			slices := []store.Mountable{other.slice}
			if mounted {
				slices = append(slices, l.slice)
			}
			a := run(t, s, persist.Options{}, slices, l.saved(persist.Spec[todos]{}), other.saved(persist.Spec[todos]{}))
			want := "saved"
			if mounted {
				a.dispatch(t, l.add("quick"))
				want += ",quick"
			}
			a.dispatch(t, other.add("quick"))
			a.close(t)
			if errs := a.reported(); len(errs) > 0 {
				t.Errorf("reported %v", errs)
			}
			again := run(t, inner, persist.Options{}, []store.Mountable{l.slice, other.slice}, l.saved(persist.Spec[todos]{}), other.saved(persist.Spec[todos]{}))
			wantItems(t, l, again, want)
			wantItems(t, other, again, "quick")
			again.close(t)
		}
	})
}

func TestAStorageThatNeverAnswersDoesNotKeepTheStoreOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newList("list")
		s := &persisttest.Faulty{Storage: prepared(t), Before: func(ctx context.Context, _ persisttest.Call) error {
			<-ctx.Done()
			return context.Cause(ctx)
		}}
		a := run(t, s, persist.Options{CloseTimeout: time.Second}, []store.Mountable{l.slice}, l.saved(persist.Spec[todos]{}))
		a.dispatch(t, l.add("lost"))
		began := time.Now()
		if err := a.Store.Close(); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Close: %v", err)
		}
		if took := time.Since(began); took != time.Second {
			t.Errorf("took %v", took)
		}
	})
}

func TestAttaching(t *testing.T) {
	l := newList("list")
	p, err := persist.New(&persist.Memory{}, persist.Options{}, l.saved(persist.Spec[todos]{}))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Restored(t.Context()); !errors.Is(err, persist.ErrDetached) {
		t.Errorf("Restored: %v", err)
	}
	if err := p.Flush(t.Context()); !errors.Is(err, persist.ErrDetached) {
		t.Errorf("Flush: %v", err)
	}
	p.Pause()
	p.Resume()
	opts := store.Options{Enhancers: []store.Enhancer{p.Enhancer()}}
	st, err := store.New(opts, l.slice)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if _, err := store.New(opts, l.slice); !errors.Is(err, persist.ErrAttached) {
		t.Errorf("a second store: %v", err)
	}
}
