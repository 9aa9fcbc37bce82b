package persist_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"slate/store"
	"slate/store/persist"
	"slate/store/persist/encrypted"
	"slate/store/persist/persisttest"
)

// storageModel drives a storage at random beside a plain map.
func storageModel(t *testing.T, open func() persist.Storage) {
	t.Helper()
	ctx := t.Context()
	rapid.Check(t, func(t *rapid.T) {
		s := open()
		model := map[string][]byte{}
		t.Repeat(map[string]func(*rapid.T){
			"apply": func(t *rapid.T) {
				next := maps.Clone(model)
				var changes []persist.Change
				exists := false
				for _, key := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "A", "c/d", "ü"}), 0, 4, rapid.ID).Draw(t, "keys") {
					value := rapid.SliceOf(rapid.Byte()).Draw(t, "value")
					switch rapid.IntRange(0, 2).Draw(t, "op") {
					case 0:
						changes, next[key] = append(changes, persist.Put(key, value)), value
					case 1:
						_, taken := model[key]
						exists = exists || taken
						changes, next[key] = append(changes, persist.Create(key, value)), value
					case 2:
						changes = append(changes, persist.Delete(key))
						delete(next, key)
					}
				}
				err := s.Apply(ctx, changes...)
				if exists != errors.Is(err, persist.ErrExists) || !exists && err != nil {
					t.Fatalf("apply: %v", err)
				}
				if err == nil {
					model = next
				}
			},
			"": func(t *rapid.T) {
				keys, err := s.Keys(ctx)
				if want := slices.Sorted(maps.Keys(model)); err != nil || !slices.Equal(keys, want) {
					t.Fatalf("keys %q, %v, want %q", keys, err, want)
				}
				for key, want := range model {
					if got, ok, err := s.Get(ctx, key); !bytes.Equal(got, want) || !ok || err != nil {
						t.Fatalf("%q is %q, %v, %v, want %q", key, got, ok, err, want)
					}
				}
			},
		})
		keys, _ := s.Keys(ctx)
		for _, key := range keys {
			if err := s.Apply(ctx, persist.Delete(key)); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestStoragesBesideAMap(t *testing.T) {
	t.Run("memory", func(t *testing.T) { storageModel(t, func() persist.Storage { return &persist.Memory{} }) })
	t.Run("encrypted", func(t *testing.T) {
		key := newKey(t, 1)
		storageModel(t, func() persist.Storage { return encrypted.New(&persist.Memory{}, key) })
	})
}

// Whatever an application does, and whenever it crashes: it comes back with a state that it once had, no older than the
// last one that was flushed.
func TestA29_AnyRunEndsWithAStateNoOlderThanTheLastFlush(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		rapid.Check(struct{ testing.TB }{t}, func(rt *rapid.T) { // without its Deadline, which a bubble has not
			var fail, slow atomic.Bool
			disk := &persist.Memory{}
			l := newList("list")
			var a *app
			boot := func() {
				a = run(t, &persisttest.Faulty{Storage: disk, Before: func(ctx context.Context, c persisttest.Call) error {
					if slow.Load() {
						select {
						case <-time.After(700 * time.Millisecond):
						case <-ctx.Done():
							return context.Cause(ctx)
						}
					}
					if fail.Load() {
						return errors.New("broken")
					}
					return nil
				}}, persist.Options{}, []store.Mountable{l.slice}, l.saved(persist.Spec[todos]{}))
			}
			dispatched, flushed := 0, 0
			verify := func(rt *rapid.T) {
				items := l.slice.Of(a.State()).Items
				if len(items) < flushed || len(items) > dispatched {
					rt.Fatalf("%d changes are back; %d were flushed and %d made", len(items), flushed, dispatched)
				}
				for i, item := range items {
					if item != strconv.Itoa(i) {
						rt.Fatalf("change %d is %q", i, item)
					}
				}
				dispatched = len(items)
			}
			// crash leaves a copy of the disk as it is at this moment, and lets the old program write to the old one.
			crash := func(rt *rapid.T, polite bool) {
				old := a
				copied := &persist.Memory{}
				if polite {
					if old.Store.Close() == nil {
						flushed = dispatched
					}
				}
				if err := persist.Copy(ctx, disk, copied); err != nil {
					rt.Fatal(err)
				}
				if !polite {
					_ = old.Store.Close() // what it writes now is lost
				}
				disk = copied
				fail.Store(false)
				slow.Store(false)
				boot()
				if err := a.Restored(ctx); err != nil {
					rt.Fatal(err)
				}
				verify(rt)
			}
			boot()
			if err := a.Restored(ctx); err != nil {
				rt.Fatal(err)
			}
			rt.Repeat(map[string]func(*rapid.T){
				"change": func(rt *rapid.T) {
					a.dispatch(t, l.add(fmt.Sprint(dispatched)))
					dispatched++
				},
				"flush": func(*rapid.T) {
					if a.Flush(ctx) == nil {
						flushed = dispatched
					}
				},
				"wait": func(rt *rapid.T) {
					time.Sleep(time.Duration(rapid.IntRange(1, 3000).Draw(rt, "ms")) * time.Millisecond)
				},
				"pause":  func(*rapid.T) { a.Pause() },
				"resume": func(*rapid.T) { a.Resume() },
				"fail":   func(rt *rapid.T) { fail.Store(rapid.Bool().Draw(rt, "fail")) },
				"slow":   func(rt *rapid.T) { slow.Store(rapid.Bool().Draw(rt, "slow")) },
				"crash":  func(rt *rapid.T) { crash(rt, false) },
				"close":  func(rt *rapid.T) { crash(rt, true) },
			})
			fail.Store(false)
			a.close(t)
		})
	})
}
