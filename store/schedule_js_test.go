package store_test

import (
	"context"
	"syscall/js"
	"testing"
	"time"

	"slate/store"
)

// page is a browser's frames: a callback waits until the page is drawn.
type page struct {
	callbacks []js.Value
	cancelled int
}

func install(t *testing.T) *page {
	p := &page{}
	request := js.FuncOf(func(_ js.Value, args []js.Value) any {
		p.callbacks = append(p.callbacks, args[0])
		return len(p.callbacks)
	})
	cancel := js.FuncOf(func(js.Value, []js.Value) any { p.cancelled++; return nil })
	js.Global().Set("requestAnimationFrame", request)
	js.Global().Set("cancelAnimationFrame", cancel)
	t.Cleanup(func() {
		js.Global().Delete("requestAnimationFrame")
		js.Global().Delete("cancelAnimationFrame")
		request.Release()
		cancel.Release()
	})
	return p
}

func TestFramesOfAPage(t *testing.T) {
	p := install(t)
	c := newNumbers("c")
	st := openWith(t, store.Options{Scheduler: store.Frames()}, c.slice)
	told := make(chan int, 8)
	store.Subscribe(context.Background(), st, c.n, func(n int) { told <- n })
	dispatch(t, st, c.add(1), c.add(1))
	if len(p.callbacks) != 1 || len(told) != 0 {
		t.Fatalf("%d frames asked for, %d calls", len(p.callbacks), len(told))
	}
	p.callbacks[0].Invoke(0)
	if n := <-told; n != 2 {
		t.Errorf("told %d, want 2", n)
	}
}

func TestB432_APageThatIsNotDrawnIsToldByATimer(t *testing.T) {
	p := install(t)
	c := newNumbers("c")
	st := openWith(t, store.Options{Scheduler: store.Frames()}, c.slice)
	told := make(chan int, 8)
	store.Subscribe(context.Background(), st, c.n, func(n int) { told <- n })
	dispatch(t, st, c.add(1))
	select {
	case n := <-told:
		if n != 1 || p.cancelled != 1 {
			t.Errorf("told %d, frame cancelled %d times", n, p.cancelled)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("a hidden page was told nothing")
	}
	if len(told) != 0 {
		t.Error("told twice")
	}
}
