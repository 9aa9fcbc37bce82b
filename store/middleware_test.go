package store_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
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

func TestB436_MiddlewareAddedLater(t *testing.T) {
	c := newNumbers("c")
	var seen []string
	note := func(name string) store.Middleware {
		return func(_ *store.Store, next store.Dispatcher) store.Dispatcher {
			return func(a store.Action) error {
				seen = append(seen, name)
				return next(a)
			}
		}
	}
	st := openWith(t, store.Options{Middleware: []store.Middleware{note("first")}}, c.slice)
	steps := func(want ...string) {
		t.Helper()
		seen = nil
		dispatch(t, st, c.add(1))
		if !slices.Equal(seen, want) {
			t.Errorf("passed %v, want %v", seen, want)
		}
	}
	steps("first")
	removeTwo, err := st.Use(note("second"), note("third"))
	if err != nil {
		t.Fatal(err)
	}
	steps("first", "second", "third")
	removeFourth, _ := st.Use(note("fourth"))
	steps("first", "second", "third", "fourth")
	removeTwo()
	removeTwo()
	steps("first", "fourth")
	removeFourth()
	steps("first")
	if got := c.n.Of(st.State()); got != 5 {
		t.Errorf("N = %d, want 5: an action was lost or came twice", got)
	}
	if _, err := st.Use(note("fifth"), nil); !errors.Is(err, store.ErrNil) {
		t.Errorf("a nil middleware: %v", err)
	}
	steps("first")
}

func TestB436_AMiddlewareTakenOutOnItsWayGoesOn(t *testing.T) {
	c := newNumbers("c")
	st := open(t, c.slice)
	var remove func()
	remove, err := st.Use(func(_ *store.Store, next store.Dispatcher) store.Dispatcher {
		return func(a store.Action) error {
			remove()
			return next(a)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	dispatch(t, st, c.add(1), c.add(1))
	if got := c.n.Of(st.State()); got != 2 {
		t.Errorf("N = %d, want 2", got)
	}
}

func TestMiddlewareForSomeActions(t *testing.T) {
	c := newNumbers("c")
	var seen []string
	note := func(_ *store.Store, next store.Dispatcher) store.Dispatcher {
		return func(a store.Action) error {
			seen = append(seen, a.Type())
			return next(a)
		}
	}
	st := openWith(t, store.Options{Middleware: []store.Middleware{store.For(c.reset.Matches, note)}}, c.slice)
	dispatch(t, st, c.add(1), c.reset(), c.add(1))
	if !slices.Equal(seen, []string{"c/reset"}) || c.n.Of(st.State()) != 1 {
		t.Errorf("saw %v, N = %d", seen, c.n.Of(st.State()))
	}
}

func TestB384_WhatNewRefuses(t *testing.T) {
	c := newNumbers("c")
	twin := store.NewSlice("twin", counter{})
	store.On(twin, store.NewCreator[int]("c/add"), func(s counter, _ int) counter { return s })
	boom := errors.New("boom")
	for name, tc := range map[string]struct {
		opts   store.Options
		slices []store.Mountable
		want   error
	}{
		"a nil slice":                 {slices: []store.Mountable{nil}, want: store.ErrNil},
		"a nil middleware":            {opts: store.Options{Middleware: []store.Middleware{nil}}, want: store.ErrNil},
		"a nil enhancer":              {opts: store.Options{Enhancers: []store.Enhancer{nil}}, want: store.ErrNil},
		"an enhancer that fails":      {opts: store.Options{Enhancers: []store.Enhancer{func(*store.Store) error { return boom }}}, want: boom},
		"two actions of one type":     {slices: []store.Mountable{c.slice, twin}, want: &store.DuplicateActionError{Type: "c/add"}},
		"two slices of one name":      {slices: []store.Mountable{c.slice, newNumbers("c").slice}, want: &store.DuplicateSliceError{Name: "c"}},
		"saved state that is no JSON": {opts: store.Options{Saved: []byte("{")}, want: &store.DecodeError{}},
	} {
		t.Run(name, func(t *testing.T) {
			st, err := store.New(tc.opts, tc.slices...)
			if st != nil || err == nil {
				t.Fatalf("New = %v, %v", st, err)
			}
			if !errors.Is(err, tc.want) && reflect.TypeOf(err) != reflect.TypeOf(tc.want) {
				t.Errorf("error %v, want %v", err, tc.want)
			}
			if strings.TrimSpace(err.Error()) == "" {
				t.Error("an error without a sentence")
			}
		})
	}
}

func TestEnhancersExtendAStore(t *testing.T) {
	c, late := newNumbers("c"), newNumbers("late")
	var order []string
	closed := false
	st := openWith(t, store.Options{Enhancers: []store.Enhancer{
		func(st *store.Store) error {
			order = append(order, "first")
			st.OnClose(func() error { closed = true; return nil })
			return st.Inject(late.slice)
		},
		func(st *store.Store) error {
			order = append(order, "second")
			return st.DispatchAll(late.add(3), c.add(1))
		},
	}}, c.slice)
	if c.n.Of(st.State()) != 1 || late.n.Of(st.State()) != 3 || !slices.Equal(order, []string{"first", "second"}) {
		t.Errorf("N = %d and %d, order %v", c.n.Of(st.State()), late.n.Of(st.State()), order)
	}
	if err := st.Close(); err != nil || !closed {
		t.Errorf("Close: %v, closed %v", err, closed)
	}
	left := false
	_, err := store.New(store.Options{Enhancers: []store.Enhancer{
		func(st *store.Store) error { st.OnClose(func() error { left = true; return nil }); return nil },
		func(*store.Store) error { return errors.New("boom") },
	}})
	if err == nil || !left {
		t.Errorf("error %v; what the first enhancer started was ended: %v", err, left)
	}
}

func TestAStoreThatCannotBeMadeIsClosed(t *testing.T) {
	closed, made := false, false
	_, err := store.New(store.Options{Middleware: []store.Middleware{
		func(st *store.Store, next store.Dispatcher) store.Dispatcher {
			made = true
			st.OnClose(func() error { closed = true; return nil })
			return next
		},
		nil,
	}})
	if !errors.Is(err, store.ErrNil) || made != closed {
		t.Errorf("error %v; made %v, closed %v", err, made, closed)
	}
}
