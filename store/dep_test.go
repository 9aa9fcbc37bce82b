package store_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"slate/store"
)

func TestDep(t *testing.T) {
	dep := store.NewDep[*int]("answer")
	st, other := open(t), open(t)
	if v, ok := dep.Of(st); ok || v != nil {
		t.Errorf("before Provide: %v, %v", v, ok)
	}
	one, two := new(1), new(2)
	dep.Provide(st, one)
	if v, ok := dep.Of(st); !ok || v != one {
		t.Errorf("after Provide: %v, %v", v, ok)
	}
	if _, ok := dep.Of(other); ok {
		t.Error("another store has it too")
	}
	if _, ok := store.NewDep[*int]("answer").Of(st); ok {
		t.Error("another Dep of that name has it too")
	}
	dep.Provide(st, two)
	if v := dep.OfOr(st, func(*store.Store) *int { return one }); v != two {
		t.Errorf("OfOr made a value where there was one: %v", v)
	}
	dep.Drop(st)
	if _, ok := dep.Of(st); ok {
		t.Error("still there after Drop")
	}
	dep.Drop(st)
	if dep.String() != "answer" {
		t.Errorf("name %q", dep.String())
	}
}

func TestDepHoldsANilValue(t *testing.T) {
	dep := store.NewDep[error]("error")
	st := open(t)
	dep.Provide(st, nil)
	if err, ok := dep.Of(st); err != nil || !ok {
		t.Errorf("%v, %v; want nil, true", err, ok)
	}
}

func TestDepIsMadeOnce(t *testing.T) {
	dep := store.NewDep[int64]("once")
	st := open(t)
	var made, living atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				dep.OfOr(st, func(got *store.Store) int64 {
					if got != st {
						t.Error("another store")
					}
					if living.Add(1) != 1 {
						t.Error("two are made at once")
					}
					defer living.Add(-1)
					return made.Add(1)
				})
				dep.Of(st)
			}
		})
	}
	wg.Wait()
	if made.Load() != 1 {
		t.Errorf("made %d times, want 1", made.Load())
	}
	// With Drop beside it there are more, but never two at once.
	for range 4 {
		wg.Go(func() {
			for range 200 {
				dep.OfOr(st, func(*store.Store) int64 {
					if living.Add(1) != 1 {
						t.Error("two are made at once")
					}
					defer living.Add(-1)
					return made.Add(1)
				})
				dep.Drop(st)
				dep.Provide(st, 0)
			}
		})
	}
	wg.Wait()
}

func TestDepAfterAFailedMake(t *testing.T) {
	dep := store.NewDep[int]("failing")
	st := open(t)
	if panics(func() { dep.OfOr(st, func(*store.Store) int { panic("no") }) }) != "no" {
		t.Fatal("the panic does not reach the caller")
	}
	if v := dep.OfOr(st, func(*store.Store) int { return 1 }); v != 1 {
		t.Errorf("the next one got %d, want 1", v)
	}
}
