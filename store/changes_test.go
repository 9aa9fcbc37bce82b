package store_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"

	"slate/store"
)

// drained is what waits in a channel.
func drained[T any](ch <-chan T) (all []T, open bool) {
	for {
		select {
		case v, ok := <-ch:
			if !ok {
				return all, false
			}
			all = append(all, v)
		default:
			return all, true
		}
	}
}

func TestChangesHoldTheLatestValue(t *testing.T) {
	c := newNumbers("c")
	st := open(t, c.slice)
	ch := store.Changes(t.Context(), st, c.n)
	for _, step := range []struct {
		do   []store.Action
		want []int
	}{
		{nil, []int{0}},
		{nil, nil},
		{[]store.Action{c.add(1)}, []int{1}},
		{[]store.Action{c.add(1), c.add(1), c.add(1)}, []int{4}},
		{[]store.Action{c.add(0)}, nil},
	} {
		dispatch(t, st, step.do...)
		if got, open := drained(ch); !slices.Equal(got, step.want) || !open {
			t.Errorf("after %v: received %v, want %v; open %v", step.do, got, step.want, open)
		}
	}
}

func TestChangesEnd(t *testing.T) {
	for name, end := range map[string]func(st *store.Store, cancel func()){
		"with the context": func(_ *store.Store, cancel func()) { cancel() },
		"with the store":   func(st *store.Store, _ func()) { _ = st.Close() },
		"with both":        func(st *store.Store, cancel func()) { cancel(); _ = st.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newNumbers("c")
				st := open(t, c.slice)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				ch := store.Changes(ctx, st, c.n)
				dispatch(t, st, c.add(1))
				end(st, cancel)
				synctest.Wait()
				if got, open := drained(ch); !slices.Equal(got, []int{1}) || open {
					t.Errorf("received %v, open %v; want the last value and the end", got, open)
				}
				_ = st.Dispatch(c.add(1))
			})
		})
	}
}

func TestChangesOfAClosedStoreOrAnEndedContext(t *testing.T) {
	c := newNumbers("c")
	st := open(t, c.slice)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for n := range store.Changes(ended, st, c.n) {
		if n != 0 {
			t.Errorf("received %d", n)
		}
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	for n := range store.Changes(t.Context(), st, c.n) {
		if n != 0 {
			t.Errorf("received %d", n)
		}
	}
}

func TestChangesInASelect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newNumbers("c")
		st := open(t, c.slice)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		ch, done := store.Changes(ctx, st, c.n), make(chan int)
		go func() {
			sum := 0
			for n := range ch {
				sum += n
			}
			done <- sum
		}()
		for range 3 {
			synctest.Wait()
			dispatch(t, st, c.add(1))
		}
		synctest.Wait()
		cancel()
		if got := <-done; got != 6 {
			t.Errorf("sum %d, want 6", got)
		}
	})
}
