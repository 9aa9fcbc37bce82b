package store_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"slate/store"
)

func TestWatch(t *testing.T) {
	type world struct {
		c      numbers
		st     *store.Store
		ctx    context.Context
		cancel context.CancelFunc
	}
	for _, tc := range []struct {
		name string
		body func(w world, n int) (more bool) // runs in the loop
		want []int
	}{
		{"the present value comes first, then each new one", func(w world, n int) bool {
			if n < 3 {
				_ = w.st.Dispatch(w.c.add(1))
			}
			return n < 3
		}, []int{0, 1, 2, 3}},
		{"a slow loop sees the newest value", func(w world, n int) bool {
			if n == 0 {
				for range 5 {
					_ = w.st.Dispatch(w.c.add(1))
				}
			}
			return n < 5
		}, []int{0, 5}},
		{"a value that is what it was is not news", func(w world, n int) bool {
			if n == 0 {
				_ = w.st.Dispatch(w.c.add(1))
				_ = w.st.Dispatch(w.c.add(-1))
				time.AfterFunc(time.Second, func() { _ = w.st.Dispatch(w.c.add(7)) })
			}
			return n < 7
		}, []int{0, 7}},
		{"leaving the loop", func(world, int) bool { return false }, []int{0}},
		{"the end of the context", func(w world, n int) bool {
			time.AfterFunc(time.Second, w.cancel)
			return true
		}, []int{0}},
		{"news that come with the end are not told", func(w world, n int) bool {
			w.cancel()
			_ = w.st.Dispatch(w.c.add(1))
			return true
		}, []int{0}},
		{"closing the store", func(w world, n int) bool {
			time.AfterFunc(time.Second, func() { _ = w.st.Close() })
			return true
		}, []int{0}},
		{"what comes right before the store is closed is told", func(w world, n int) bool {
			if n == 0 {
				_ = w.st.Dispatch(w.c.add(1))
				_ = w.st.Close()
			}
			return true
		}, []int{0, 1}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := world{c: newNumbers("c")}
				w.st = open(t, w.c.slice)
				w.ctx, w.cancel = context.WithCancel(t.Context())
				defer w.cancel()
				var seen []int
				for n := range store.Watch(w.ctx, w.st, w.c.n) {
					if seen = append(seen, n); len(seen) > 10 || !tc.body(w, n) {
						break
					}
				}
				if !slices.Equal(seen, tc.want) {
					t.Errorf("saw %v, want %v", seen, tc.want)
				}
			})
		})
	}
}

func TestWatchCanBeRangedOverAgain(t *testing.T) {
	c := newNumbers("c")
	st := open(t, c.slice)
	changes := store.Watch(t.Context(), st, c.n)
	for want := range 3 {
		for n := range changes {
			if n != want {
				t.Errorf("the first value is %d, want %d", n, want)
			}
			break
		}
		dispatch(t, st, c.add(1))
	}
}

func TestWatchOfAClosedStoreOrAnEndedContext(t *testing.T) {
	c := newNumbers("c")
	st := open(t, c.slice)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for n := range store.Watch(ended, st, c.n) {
		t.Errorf("an ended context yields %d", n)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	for n := range store.Watch(t.Context(), st, c.n) {
		t.Errorf("a closed store yields %d", n)
	}
}
