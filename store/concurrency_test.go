package store_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"slate/store"
)

// A dispatch that contends with a reducer, but does not come from inside it, must wait and not be refused.
func TestContentionIsNotMistakenForADispatchInAReducer(t *testing.T) {
	c := newNumbers("c")
	s := store.NewSlice("impure", counter{})
	var st *store.Store
	impure := store.CaseSignal(s, "dispatch", func(s counter) counter {
		if err := st.Dispatch(c.add(1)); !errors.Is(err, store.ErrInReducer) {
			t.Errorf("inside: %v, want ErrInReducer", err)
		}
		s.N++
		return s
	})
	st = open(t, s, c.slice)
	const goroutines, each = 8, 300
	var wg sync.WaitGroup
	for range goroutines {
		wg.Go(func() {
			for range each {
				dispatch(t, st, impure(), c.add(1))
			}
		})
	}
	wg.Wait()
	if got := [2]int{s.Of(st.State()).N, c.n.Of(st.State())}; got != [2]int{goroutines * each, goroutines * each} {
		t.Errorf("%v dispatches arrived, want %d of each", got, goroutines*each)
	}
}

// The reducer is held while another goroutine begins to wait for the store: that one waits and then succeeds.
func TestAWaitingDispatchSucceeds(t *testing.T) {
	c := newNumbers("c")
	s := store.NewSlice("slow", counter{})
	entered, leave := make(chan struct{}), make(chan struct{})
	slow := store.CaseSignal(s, "slow", func(s counter) counter { close(entered); <-leave; return s })
	st := open(t, s, c.slice)
	results := make(chan error, 2)
	go func() { results <- st.Dispatch(slow()) }()
	<-entered
	waiting := make(chan struct{})
	go func() { close(waiting); results <- st.Dispatch(c.add(1)) }()
	<-waiting
	close(leave)
	for range 2 {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
}

func TestEverythingAtOnce(t *testing.T) {
	nums := []numbers{newNumbers("a"), newNumbers("b"), newNumbers("c"), newNumbers("d")}
	st := open(t, nums[0].slice)
	dep := store.NewDep[*int]("dep")
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 200 {
				c := nums[(g+i)%len(nums)]
				stop := store.Subscribe(context.Background(), st, c.n, func(int) { dep.OfOr(st, func(*store.Store) *int { return new(int) }) })
				switch (g + i) % 5 {
				case 0:
					if err := st.Inject(c.slice); err != nil {
						t.Error(err)
					}
				case 1:
					if err := st.DispatchAll(c.add(1), c.reset(), c.add(1)); err != nil {
						t.Error(err)
					}
				case 2:
					if _, err := st.Encode(st.State()); err != nil {
						t.Error(err)
					}
				case 3:
					for range store.Watch(t.Context(), st, c.n) {
						break
					}
				case 4:
					dep.Drop(st)
				}
				dispatch(t, st, c.add(1))
				stop()
			}
		})
	}
	wg.Wait()
}
