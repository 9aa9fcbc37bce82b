package store_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"slate/store"
)

func TestB368_MiddlewareWraps(t *testing.T) {
	c := newNumbers("counter")
	var steps []string
	named := func(name string) store.Middleware {
		return func(_ *store.Store, next store.Dispatcher) store.Dispatcher {
			return func(a store.Action) error {
				steps = append(steps, name+"("+a.Type())
				err := next(a)
				steps = append(steps, ")"+name)
				return err
			}
		}
	}
	again := func(st *store.Store, next store.Dispatcher) store.Dispatcher {
		return func(a store.Action) error {
			if c.reset.Matches(a) {
				return st.Dispatch(c.add(1)) // through the whole chain again
			}
			return next(a)
		}
	}
	st := openWith(t, store.Options{Middleware: []store.Middleware{named("out"), again, named("in")}}, c.slice)
	dispatch(t, st, c.reset())
	want := "out(counter/reset out(counter/add in(counter/add )in )out )out"
	if got := strings.Join(steps, " "); got != want {
		t.Errorf("steps %q\nwant  %q", got, want)
	}
	if got := c.n.Of(st.State()); got != 1 {
		t.Errorf("N = %d, want 1", got)
	}
}

func TestB368_DispatchWhileTheChainIsBuiltFails(t *testing.T) {
	c := newNumbers("counter")
	var early error
	openWith(t, store.Options{Middleware: []store.Middleware{func(st *store.Store, next store.Dispatcher) store.Dispatcher {
		early = st.Dispatch(c.add(1))
		if got := c.n.Of(st.State()); got != 0 {
			t.Errorf("N = %d: the slices are not there yet, or the action arrived", got)
		}
		return next
	}}}, c.slice)
	if !errors.Is(early, store.ErrNotReady) {
		t.Errorf("error %v, want ErrNotReady", early)
	}
}

func TestMiddlewareMayDropChangeAndRefuse(t *testing.T) {
	c := newNumbers("counter")
	refused := errors.New("refused")
	st := openWith(t, store.Options{Middleware: []store.Middleware{func(_ *store.Store, next store.Dispatcher) store.Dispatcher {
		return func(a store.Action) error {
			switch n, _ := c.add.Match(a); n {
			case 1:
				return nil
			case 2:
				return next(c.add(20))
			case 3:
				return refused
			}
			return next(a)
		}
	}}}, c.slice)
	for n, want := range map[int]error{1: nil, 2: nil, 3: refused, 4: nil} {
		if err := st.Dispatch(c.add(n)); err != want {
			t.Errorf("add(%d): %v, want %v", n, err, want)
		}
	}
	if got := c.n.Of(st.State()); got != 24 {
		t.Errorf("N = %d, want 24", got)
	}
}

func TestMiddlewareMayWatchWhileTheChainIsBuilt(t *testing.T) {
	c := newNumbers("counter")
	var seen []int
	st := openWith(t, store.Options{Middleware: []store.Middleware{func(st *store.Store, next store.Dispatcher) store.Dispatcher {
		store.Subscribe(context.Background(), st, c.n, func(n int) { seen = append(seen, n) })
		return next
	}}}, c.slice)
	dispatch(t, st, c.add(1))
	if len(seen) != 1 || seen[0] != 1 {
		t.Errorf("calls %v, want [1]", seen)
	}
}
