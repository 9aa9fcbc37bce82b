package persist_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"slate/store"
	"slate/store/persist"
	"slate/store/persist/persisttest"
)

// A Flush that overlaps the store's end does not overwrite what was saved with what it has not been merged with.
func TestFlushWhileTheStoreCloses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var inner persist.Memory
		var lists []list
		var mounted []store.Mountable
		var saved []persist.Persisted
		for i := range 4 {
			l := newList(fmt.Sprint("l", i))
			lists, mounted, saved = append(lists, l), append(mounted, l.slice), append(saved, l.saved(persist.Spec[todos]{}))
		}
		a := run(t, &inner, persist.Options{}, mounted, saved...)
		for _, l := range lists {
			a.dispatch(t, l.add("saved"))
		}
		a.close(t)
		s := &persisttest.Faulty{Storage: &inner, Before: func(ctx context.Context, _ persisttest.Call) error {
			select {
			case <-time.After(20 * time.Millisecond):
				return nil
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}}
		b := run(t, s, persist.Options{}, mounted, saved...)
		for _, l := range lists {
			b.dispatch(t, l.add("new"))
		}
		var flushes sync.WaitGroup
		for i := range 40 {
			flushes.Go(func() {
				time.Sleep(time.Duration(i) * 5 * time.Millisecond)
				_ = b.Flush(t.Context()) // it may come before the merge
			})
		}
		b.close(t)
		flushes.Wait()
		if err := b.Flush(t.Context()); err != nil {
			t.Errorf("Flush in the end: %v", err)
		}
		if err := b.Restored(t.Context()); err != nil {
			t.Errorf("Restored in the end: %v", err)
		}
		for _, l := range lists {
			if got, _, _ := inner.Get(t.Context(), l.slice.Name()); !strings.Contains(string(got), `["saved","new"]`) {
				t.Errorf("%s: stored %s", l.slice.Name(), got)
			}
		}
	})
}

// Nobody is told that a change is stored, or a slice restored, that is not because the store was closed too early.
func TestFlushAndRestoredAfterACloseThatFailed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, idle := newList("list"), newList("idle")
		s := &persisttest.Faulty{Storage: prepared(t), Before: func(ctx context.Context, _ persisttest.Call) error {
			<-ctx.Done()
			return context.Cause(ctx)
		}}
		a := run(t, s, persist.Options{CloseTimeout: time.Second}, []store.Mountable{l.slice, idle.slice},
			l.saved(persist.Spec[todos]{}), idle.saved(persist.Spec[todos]{}))
		a.dispatch(t, l.add("new"))
		flushed := make(chan error)
		go func() { flushed <- a.Flush(t.Context()) }()
		synctest.Wait()
		if err := a.Store.Close(); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Close: %v", err)
		}
		for name, err := range map[string]error{"a Flush during it": <-flushed, "Flush": a.Flush(t.Context())} {
			if _, ok := errors.AsType[*persist.RestoreError](err); !ok {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := a.Restored(t.Context()); !errors.Is(err, store.ErrClosed) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Restored: %v", err)
		}
	})
}

// Who is told of an error may wait for the persister.
func TestOnErrorMayUseThePersister(t *testing.T) {
	for _, slow := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			inner := prepared(t)
			apply(t, inner, persist.Put("a", []byte("damaged")))
			var s persist.Storage = inner
			if slow {
				s = &persisttest.Faulty{Storage: inner}
			}
			damaged, good := newList("a"), newList("list")
			var p *persist.Persister
			told := make(chan error, 2)
			p, err := persist.New(s, persist.Options{OnError: func(error) {
				told <- p.Flush(t.Context())
				told <- p.Restored(t.Context())
			}}, damaged.saved(persist.Spec[todos]{}), good.saved(persist.Spec[todos]{}))
			if err != nil {
				t.Fatal(err)
			}
			st, err := store.New(store.Options{Enhancers: []store.Enhancer{p.Enhancer()}}, damaged.slice, good.slice)
			if err != nil {
				t.Fatal(err)
			}
			if err := <-told; err != nil {
				t.Errorf("Flush: %v", err)
			}
			if err := <-told; !errors.Is(err, persist.ErrCorrupt) {
				t.Errorf("Restored: %v", err)
			}
			if err := st.Close(); err != nil {
				t.Errorf("Close: %v", err)
			}
		})
	}
}

// A storage that fails although it has moved damaged data aside does not hide that the data was damaged.
func TestMovedAsideAlthoughTheStorageFailed(t *testing.T) {
	var inner persist.Memory
	apply(t, &inner, persist.Put("list", []byte("damaged")))
	l := newList("list")
	a := run(t, &late{Storage: &inner}, persist.Options{}, []store.Mountable{l.slice}, l.saved(persist.Spec[todos]{}))
	defer a.close(t)
	err := a.Restored(t.Context())
	if e, ok := errors.AsType[*persist.RestoreError](err); !ok || e.Aside != "list.aside-1" || !errors.Is(err, persist.ErrCorrupt) {
		t.Errorf("Restored: %v", err)
	}
	wantKeys(t, &inner, "list.aside-1")
}

// late fails after its first change was made.
type late struct {
	persist.Storage
	failed bool
}

func (s *late) Apply(ctx context.Context, changes ...persist.Change) error {
	err := s.Storage.Apply(ctx, changes...)
	if err == nil && !s.failed {
		s.failed = true
		return errors.New("the disk did not confirm")
	}
	return err
}

// What was done before a Purge does not come back when the storage answers after it.
func TestPurgeBeforeTheStorageAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inner := prepared(t)
		l := newList("list")
		var fail atomic.Bool
		fail.Store(true)
		s := &persisttest.Faulty{Storage: inner, Before: func(_ context.Context, c persisttest.Call) error {
			if c.Op == "get" && fail.Load() {
				return errors.New("broken")
			}
			return nil
		}}
		a := run(t, s, persist.Options{}, []store.Mountable{l.slice}, l.saved(persist.Spec[todos]{}))
		a.dispatch(t, l.add("private"))
		synctest.Wait()
		if err := a.Purge(t.Context()); err != nil {
			t.Fatal(err)
		}
		fail.Store(false)
		time.Sleep(time.Minute)
		wantKeys(t, inner)
		a.dispatch(t, l.clear(), l.add("after"))
		a.close(t)
		wantKeys(t, inner, "list")
	})
}
