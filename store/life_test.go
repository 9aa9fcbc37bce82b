package store_test

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"slices"
	"testing"
	"testing/synctest"

	"slate/store"
)

func TestAClosedStore(t *testing.T) {
	c, late := newNumbers("c"), newNumbers("late")
	reached := false
	st := openWith(t, store.Options{Middleware: []store.Middleware{func(_ *store.Store, next store.Dispatcher) store.Dispatcher {
		return func(a store.Action) error { reached = true; return next(a) }
	}}}, c.slice)
	thunk := store.NewAsyncThunk(store.AsyncThunkSpec[int, int]{Name: "work", Run: waitForEnd})
	dispatch(t, st, c.add(1))
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	reached = false
	for name, do := range map[string]func() error{
		"Dispatch": func() error { return st.Dispatch(c.add(1)) },
		"Batch":    func() error { return st.DispatchAll(c.add(1), c.add(1)) },
		"Inject":   func() error { return st.Inject(late.slice) },
		"Run":      func() error { _, err := thunk.Run(t.Context(), st, 1); return err },
	} {
		if err := do(); !errors.Is(err, store.ErrClosed) {
			t.Errorf("%s: %v, want ErrClosed", name, err)
		}
	}
	if reached {
		t.Error("a middleware saw an action of the closed store")
	}
	if err := st.Close(); err != nil {
		t.Errorf("closing twice: %v", err)
	}
	store.Subscribe(context.Background(), st, c.n, func(int) { t.Error("a subscriber of a closed store was called") })()
	if got := c.n.Of(st.State()); got != 1 {
		t.Errorf("the last snapshot: N = %d, want 1", got)
	}
	if data, err := st.Encode(st.State()); err != nil || string(data) != `{"c":{"N":1}}` {
		t.Errorf("Encode: %s, %v", data, err)
	}
	if a, err := st.Decode([]byte(`{"type":"c/add","payload":1}`)); err != nil || a.Type() != "c/add" {
		t.Errorf("Decode: %v, %v", a, err)
	}
	if st.Context().Err() == nil || !errors.Is(context.Cause(st.Context()), store.ErrClosed) {
		t.Errorf("Context: %v, cause %v", st.Context().Err(), context.Cause(st.Context()))
	}
}

func TestNoDispatchChangesTheStateAfterClose(t *testing.T) {
	c := newNumbers("c")
	for range 200 {
		st := open(t, c.slice)
		going, done := make(chan struct{}), make(chan error)
		go func() {
			err := st.Dispatch(c.add(1))
			close(going)
			for err == nil {
				runtime.Gosched() // WebAssembly preempts nobody
				err = st.Dispatch(c.add(1))
			}
			done <- err
		}()
		<-going
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
		last := st.State()
		if err := <-done; !errors.Is(err, store.ErrClosed) {
			t.Fatalf("Dispatch: %v, want ErrClosed", err)
		}
		if st.State() != last {
			t.Fatal("the state changed after Close")
		}
	}
}

func TestARoundUnderWayEndsWithTheStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newNumbers("c")
		st := open(t, c.slice)
		entered, leave := make(chan struct{}), make(chan struct{})
		store.Subscribe(context.Background(), st, c.n, func(int) { close(entered); <-leave })
		store.Subscribe(context.Background(), st, c.n, func(int) { t.Error("a subscriber was called after Close") })
		go func() { _ = st.Dispatch(c.add(1)) }()
		<-entered
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
		close(leave)
		synctest.Wait()
	})
}

func TestOnClose(t *testing.T) {
	var log journal
	st := openWith(t, store.Options{Logger: log.logger()})
	var order []int
	one, three := errors.New("one"), errors.New("three")
	note := func(n int, err error) func() error {
		return func() error { order = append(order, n); return err }
	}
	st.OnClose(note(1, one))
	st.OnClose(note(2, nil))
	st.OnClose(func() error {
		st.OnClose(note(4, nil)) // the store has ended: at once
		return note(3, three)()
	})
	st.OnClose(note(9, three))() // taken back
	err := st.Close()
	if !errors.Is(err, one) || !errors.Is(err, three) {
		t.Errorf("Close: %v, want both errors", err)
	}
	if !slices.Equal(order, []int{4, 3, 2, 1}) {
		t.Errorf("order %v, want the newest first", order)
	}
	st.OnClose(note(5, one))
	if order[len(order)-1] != 5 || log.String() == "" {
		t.Errorf("after Close: order %v, log %q; want it called at once and its error logged", order, log.String())
	}
}

func TestOptionsLogger(t *testing.T) {
	logger := slog.New(slog.DiscardHandler)
	if got := openWith(t, store.Options{Logger: logger}).Logger(); got != logger {
		t.Error("Logger is not the one of the options")
	}
	st, err := store.New(store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = st.Close() }()
	if st.Logger() != slog.Default() {
		t.Error("without one it is not slog.Default")
	}
}
