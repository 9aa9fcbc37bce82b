package store_test

import (
	"math/rand/v2"
	"sync"
	"testing"

	"slate/store"
)

// Eight goroutines dispatch, subscribe, inject, replace middleware and stop at random. Every subscriber sees values that only
// grow, and the last one; every read on one goroutine sees a version that only grows.
func TestStress(t *testing.T) {
	const goroutines, steps, slices = 8, 400, 12
	parts := make([]numbers, slices)
	for i := range parts {
		parts[i] = newNumbers("part" + string(rune('a'+i)))
	}
	st := open(t, parts[0].slice, parts[1].slice)

	var mu sync.Mutex
	type watcher struct {
		part int
		last int
		stop func()
	}
	var all []*watcher
	watch := func(part int) {
		w := &watcher{part: part, last: -1}
		w.stop = store.Subscribe(t.Context(), st, parts[part].n, func(n int) {
			if n <= w.last { // calls come one at a time, so w.last needs no lock
				t.Errorf("part %d: %d after %d", w.part, n, w.last)
			}
			w.last = n
		})
		mu.Lock()
		all = append(all, w)
		mu.Unlock()
	}
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			rnd := rand.New(rand.NewPCG(1, uint64(g)))
			version := uint64(0)
			for range steps {
				part := rnd.IntN(slices)
				switch rnd.IntN(12) {
				case 0:
					watch(part)
				case 1:
					mu.Lock()
					var w *watcher
					if len(all) > 0 {
						i := rnd.IntN(len(all))
						w, all[i] = all[i], all[len(all)-1]
						all = all[:len(all)-1]
					}
					mu.Unlock()
					if w != nil {
						w.stop()
					}
				case 2:
					if err := st.Inject(parts[part].slice); err != nil {
						t.Error(err)
					}
				case 3:
					remove, err := st.Use(func(_ *store.Store, next store.Dispatcher) store.Dispatcher { return next })
					if err != nil {
						t.Error(err)
					}
					defer remove()
				case 4:
					stop := st.Tap(func(tr store.Transition) {
						if tr.After.Version() < tr.Before.Version() {
							t.Error("a transition into the past")
						}
					})
					defer stop()
				case 5:
					if err := st.DispatchAll(parts[part].add(1), parts[0].add(1)); err != nil {
						t.Error(err)
					}
				default:
					if err := st.Dispatch(parts[part].add(1)); err != nil {
						t.Error(err)
					}
				}
				if v := st.State().Version(); v < version {
					t.Errorf("version %d after %d", v, version)
				} else {
					version = v
				}
			}
		})
	}
	wg.Wait()
	// A round that another goroutine's dispatch left behind is told by the next dispatch at the latest.
	if err := st.Inject(mountables(parts)...); err != nil {
		t.Fatal(err)
	}
	for _, p := range parts {
		dispatch(t, st, p.add(1))
	}
	for _, w := range all {
		if want := parts[w.part].n.Of(st.State()); w.last != want {
			t.Errorf("part %d: a subscriber's last value is %d, the state's %d", w.part, w.last, want)
		}
	}
}

func mountables(parts []numbers) (all []store.Mountable) {
	for _, p := range parts {
		all = append(all, p.slice)
	}
	return all
}
