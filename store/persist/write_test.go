package persist_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
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

func TestAChangeIsWrittenAfterMaxDelayAtTheLatest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var writes []time.Duration
		began := time.Now()
		s := &persisttest.Faulty{Storage: &persist.Memory{}, Before: func(_ context.Context, c persisttest.Call) error {
			if c.Op == "apply" {
				writes = append(writes, time.Since(began))
				time.Sleep(300 * time.Millisecond) // a slow disk
			}
			return nil
		}}
		l := newList("list")
		a := run(t, s, persist.Options{MaxDelay: time.Second}, []store.Mountable{l.slice}, l.saved(persist.Spec[todos]{}))
		for range 40 { // ten seconds of changes
			a.dispatch(t, l.add("x"))
			time.Sleep(250 * time.Millisecond)
		}
		time.Sleep(5 * time.Second)
		synctest.Wait()
		var at []string
		last := time.Duration(0)
		for _, w := range writes {
			at = append(at, w.String())
			if w-last > 1300*time.Millisecond {
				t.Errorf("%v without a write", w-last)
			}
			last = w
		}
		if len(writes) < 8 || len(writes) > 11 {
			t.Errorf("%d writes: %s", len(writes), strings.Join(at, " "))
		}
		n := len(writes)
		time.Sleep(time.Hour)
		synctest.Wait()
		if len(writes) != n {
			t.Errorf("%d writes while nothing happened", len(writes)-n)
		}
		a.close(t)
	})
}

func TestAFailedWriteIsTriedAgainWithTheNewestState(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tries []time.Time
		var fail atomic.Bool
		fail.Store(true)
		s := &persisttest.Faulty{Storage: &persist.Memory{}, Before: func(_ context.Context, c persisttest.Call) error {
			if c.Op != "apply" {
				return nil
			}
			tries = append(tries, time.Now())
			if fail.Load() {
				return persist.ErrFull
			}
			return nil
		}}
		l := newList("list")
		a := run(t, s, persist.Options{}, []store.Mountable{l.slice}, l.saved(persist.Spec[todos]{}))
		a.dispatch(t, l.add("1"))
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		a.dispatch(t, l.add("2"))
		for i := range tries[1:] {
			want := min(100*time.Millisecond<<i, 30*time.Second)
			if got := tries[i+1].Sub(tries[i]); got != want {
				t.Errorf("try %d after %v, want %v", i+2, got, want)
			}
		}
		for i, err := range a.reported() {
			write, ok := errors.AsType[*persist.WriteError](err)
			if !ok || write.Attempt != i+1 || !slices.Equal(write.Slices, []string{"list"}) || !errors.Is(err, persist.ErrFull) {
				t.Errorf("report %d: %v", i, err)
			}
		}
		if len(a.reported()) != len(tries) || len(tries) < 9 {
			t.Errorf("%d tries, %d reports", len(tries), len(a.reported()))
		}
		if err := a.Flush(t.Context()); !errors.Is(err, persist.ErrFull) {
			t.Errorf("Flush: %v", err)
		}
		if st := a.Status(); strings.Join(st.Pending, "") != "list" || !errors.Is(st.LastError, persist.ErrFull) {
			t.Errorf("status %+v", st)
		}
		fail.Store(false)
		time.Sleep(time.Minute)
		if st := a.Status(); len(st.Pending) != 0 || st.LastWrite.IsZero() {
			t.Errorf("status %+v", st)
		}
		stored, _, _ := s.Get(t.Context(), "list")
		if !strings.Contains(string(stored), `["1","2"]`) {
			t.Errorf("stored %q", stored)
		}
		a.close(t)
	})
}

func TestWriteThrough(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var failing atomic.Bool
		broken := errors.New("broken")
		s := &persisttest.Faulty{Storage: &persist.Memory{}, Before: func(_ context.Context, c persisttest.Call) error {
			if c.Op == "apply" {
				time.Sleep(10 * time.Millisecond)
				if failing.Load() {
					return broken
				}
			}
			return nil
		}}
		l, other := newList("list"), newList("other")
		a := run(t, s, persist.Options{WriteThrough: true}, []store.Mountable{l.slice, other.slice}, l.saved(persist.Spec[todos]{}))
		if err := a.Restored(t.Context()); err != nil {
			t.Fatal(err)
		}
		stored := func() string {
			v, _, err := s.Storage.Get(t.Context(), "list")
			if err != nil {
				t.Error(err)
			}
			return string(v)
		}
		var wg sync.WaitGroup
		for i := range 20 {
			wg.Go(func() {
				item := fmt.Sprint("item", i, ".")
				a.dispatch(t, l.add(item))
				if !strings.Contains(stored(), item) {
					t.Errorf("%s is not stored when Dispatch returns", item)
				}
			})
		}
		wg.Wait()
		n := len(writes(s))
		a.dispatch(t, other.add("x"), l.typed(""))
		if len(writes(s)) != n {
			t.Error("an action that changed nothing was waited for")
		}
		failing.Store(true)
		if err := a.Dispatch(l.add("late")); !errors.Is(err, broken) {
			t.Errorf("error %v", err)
		}
		failing.Store(false)
		time.Sleep(time.Minute)
		if !strings.Contains(stored(), "late") {
			t.Error("the change whose write failed is not stored later")
		}
		a.close(t)
	})
}

// failingCodec cannot write some states.
type failingCodec struct{ persist.Codec[todos] }

func (c failingCodec) Encode(s todos) ([]byte, error) {
	if s.Draft == "panic" {
		panic(s.Draft)
	}
	if s.Draft != "" {
		return nil, errors.New("no drafts")
	}
	return c.Codec.Encode(s)
}

func TestASliceThatCannotBeEncodedHoldsUpNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &persisttest.Faulty{Storage: &persist.Memory{}}
		x, y := newList("x"), newList("y")
		a := run(t, s, persist.Options{}, []store.Mountable{x.slice, y.slice},
			x.saved(persist.Spec[todos]{Codec: failingCodec{persist.JSON[todos]()}}), y.saved(persist.Spec[todos]{}))
		for _, draft := range []string{"text", "panic"} {
			a.dispatch(t, x.typed(draft), y.add("1"))
			time.Sleep(time.Hour)
			errs := a.reported()
			encode, ok := errors.AsType[*persist.EncodeError](errs[len(errs)-1])
			if !ok || encode.Slice != "x" {
				t.Errorf("reported %v", errs)
			}
			if _, panicked := errors.AsType[*store.PanicError](encode); panicked != (draft == "panic") {
				t.Errorf("%s: %v", draft, encode)
			}
		}
		if got := strings.Join(writes(s), ";"); got != "y;y" || len(a.reported()) != 2 {
			t.Errorf("writes %q, reports %v", got, a.reported())
		}
		if got := a.Status().Pending; !slices.Equal(got, []string{"x"}) {
			t.Errorf("pending %v", got)
		}
		a.dispatch(t, x.typed(""), x.add("fine"))
		a.close(t)
		if got := strings.Join(writes(s), ";"); got != "y;y;x" {
			t.Errorf("writes %q", got)
		}
	})
}

func TestWhoHearsOfAnErrorMayUseThePersister(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var fail atomic.Bool
		fail.Store(true)
		s := &persisttest.Faulty{Storage: &persist.Memory{}, Before: func(_ context.Context, c persisttest.Call) error {
			if c.Op == "apply" && fail.Swap(false) {
				return errors.New("broken")
			}
			return nil
		}}
		l := newList("list")
		var p *persist.Persister
		var st *store.Store
		p, err := persist.New(s, persist.Options{OnError: func(err error) {
			if err := errors.Join(st.Dispatch(l.add("told")), p.Flush(t.Context())); err != nil {
				t.Error(err)
			}
		}}, l.saved(persist.Spec[todos]{}))
		if err != nil {
			t.Fatal(err)
		}
		if st, err = store.New(store.Options{Enhancers: []store.Enhancer{p.Enhancer()}}, l.slice); err != nil {
			t.Fatal(err)
		}
		if err := st.Dispatch(l.add("x")); err != nil {
			t.Fatal(err)
		}
		if err := p.Flush(t.Context()); err == nil {
			t.Error("the write did not fail")
		}
		if status := p.Status(); len(status.Pending) != 0 {
			t.Errorf("status %+v", status)
		}
		if err := st.Close(); err != nil {
			t.Error(err)
		}
		data, _, _ := s.Get(t.Context(), "list")
		if !strings.Contains(string(data), `["x","told"]`) {
			t.Errorf("stored %q", data)
		}
	})
}
