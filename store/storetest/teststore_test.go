package storetest_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp/cmpopts"

	"slate/store"
	"slate/store/storetest"
)

// open returns a test store of a shop.
func (s shop) open(t testing.TB) *storetest.TestStore {
	t.Helper()
	return storetest.NewTestStoreWith(t, store.Options{
		Middleware: []store.Middleware{s.clearsAt("lava")},
		Enhancers:  []store.Enhancer{storetest.Provide(s.client, prices)},
	}, s.basket, s.stats)
}

// puts expects items in the basket.
func (s shop) puts(items ...string) storetest.Expectation {
	return storetest.Expect(s.basket, func(want *basket) { want.Items = items })
}

// counts expects a number of puts.
func (s shop) counts(n int) storetest.Expectation {
	return storetest.Expect(s.stats, func(want *stats) { want.Puts = n })
}

func (s shop) asks(asking bool) storetest.Expectation {
	return storetest.Expect(s.basket, func(want *basket) { want.asking = asking })
}

// stories are tests of a shop, by what they show.
var stories = []struct {
	name string
	run  func(ts *storetest.TestStore, s shop)
	fine bool // the test passes; else its failure is in the golden file
}{
	{"what was expected", func(ts *storetest.TestStore, s shop) {
		ts.Send(s.put("tea"), s.puts("tea"), s.counts(1))
		ts.Send(s.clear(), s.puts())
		ts.Send(s.clear())
	}, true},
	{"another value", func(ts *storetest.TestStore, s shop) {
		ts.Send(s.put("tea"), s.puts("coffee"), s.counts(1))
	}, false},
	{"a change that nobody expected", func(ts *storetest.TestStore, s shop) {
		ts.Send(s.put("tea"), s.puts("tea"))
	}, false},
	{"an expected change that did not happen", func(ts *storetest.TestStore, s shop) {
		ts.Send(s.clear(), s.counts(1))
	}, false},
	{"one slice expected twice", func(ts *storetest.TestStore, s shop) {
		ts.Send(s.put("tea"), s.puts("tea"), s.puts("tea"), s.counts(1))
	}, false},
	{"a dispatch that fails", func(ts *storetest.TestStore, _ shop) {
		ts.Send(store.Action{})
	}, false},
	{"an action that a middleware keeps back", func(ts *storetest.TestStore, s shop) {
		_, err := ts.Use(store.For(s.put.Matches, func(*store.Store, store.Dispatcher) store.Dispatcher {
			return func(store.Action) error { return nil }
		}))
		if err != nil {
			panic(err)
		}
		ts.Send(s.put("tea"))
	}, false},
	{"an action that a middleware exchanges for another of its type", func(ts *storetest.TestStore, s shop) {
		_, err := ts.Use(store.For(s.put.Matches, func(_ *store.Store, next store.Dispatcher) store.Dispatcher {
			return func(a store.Action) error {
				item, _ := s.put.Match(a)
				return next(s.put(strings.ToLower(item)))
			}
		}))
		if err != nil {
			panic(err)
		}
		ts.Send(s.put("TEA"), s.puts("tea"), s.counts(1))
	}, true},
	{"a long payload", func(ts *storetest.TestStore, s shop) {
		_ = ts.Dispatch(s.put(strings.Repeat("é", 150)))
	}, false},
	{"an effect's action, received", func(ts *storetest.TestStore, s shop) {
		ts.Send(s.put("lava"), s.puts("lava"), s.counts(1))
		ts.ReceiveSignal(s.clear, s.puts())
	}, true},
	{"an effect's action, received with a wrong change", func(ts *storetest.TestStore, s shop) {
		ts.Send(s.put("lava"), s.puts("lava"), s.counts(1))
		ts.ReceiveSignal(s.clear)
	}, false},
	{"an effect's action, not received", func(ts *storetest.TestStore, s shop) {
		ts.Send(s.put("lava"), s.puts("lava"), s.counts(1))
	}, false},
	{"an effect's action, skipped", func(ts *storetest.TestStore, s shop) {
		ts.Send(s.put("lava"), s.puts("lava"), s.counts(1))
		ts.SkipReceived()
	}, true},
	{"a thunk", func(ts *storetest.TestStore, s shop) {
		s.price.Start(context.Background(), ts.Store, "tea")
		storetest.Receive(ts, s.price.Pending, store.Call[string]{ID: "1", Arg: "tea"}, s.asks(true))
		done := storetest.ReceiveMatch(ts, s.price.Fulfilled.Match, storetest.Expect(s.basket, func(want *basket) {
			want.asking, want.Total = false, 3
		}))
		if done.Result != 3 {
			panic(done)
		}
	}, true},
	{"a thunk that fails", func(ts *storetest.TestStore, s shop) {
		s.price.Start(context.Background(), ts.Store, "moon")
		call := storetest.ReceiveMatch(ts, s.price.Pending.Match, s.asks(true))
		storetest.Receive(ts, s.price.Rejected, store.Failure[string]{Call: call, Err: errSoldOut}, storetest.Expect(s.basket, func(want *basket) {
			want.asking, want.Err = false, errSoldOut
		}))
	}, true},
	{"another payload", func(ts *storetest.TestStore, s shop) {
		s.price.Start(context.Background(), ts.Store, "moon")
		call := storetest.ReceiveMatch(ts, s.price.Pending.Match, s.asks(true))
		storetest.Receive(ts, s.price.Rejected, store.Failure[string]{Call: call, Err: store.ErrClosed}, storetest.Expect(s.basket, func(want *basket) {
			want.asking, want.Err = false, errSoldOut
		}))
	}, false},
	{"a thunk that is left over", func(ts *storetest.TestStore, s shop) {
		s.price.Start(context.Background(), ts.Store, "tea")
		ts.ReceiveType("basket/price/pending", s.asks(true))
	}, false},
	{"a thunk that is left over and skipped", func(ts *storetest.TestStore, s shop) {
		s.price.Start(context.Background(), ts.Store, "tea")
		ts.ReceiveType("basket/price/pending", s.asks(true))
		ts.SkipEffects(context.Background())
	}, true},
	{"another action than the next", func(ts *storetest.TestStore, s shop) {
		s.price.Start(context.Background(), ts.Store, "tea")
		ts.ReceiveSignal(s.clear)
	}, false},
	{"an action that does not come", func(ts *storetest.TestStore, s shop) {
		s.price.Start(context.Background(), ts.Store, "tea")
		ts.ReceiveType("basket/price/pending", s.asks(true))
		ts.Patience(time.Minute)
		storetest.ReceiveMatch(ts, s.price.Rejected.Match)
	}, false},
	{"nothing that could come", func(ts *storetest.TestStore, s shop) {
		ts.ReceiveSignal(s.clear)
	}, false},
	{"what another goroutine dispatches meanwhile", func(ts *storetest.TestStore, s shop) {
		var wg sync.WaitGroup
		wg.Go(func() { _ = ts.Dispatch(s.put("milk")) })
		wg.Wait()
		ts.Send(s.put("tea"), s.puts("milk", "tea"), s.counts(2))
		storetest.Receive(ts, s.put, "milk", s.puts("milk"), s.counts(1))
	}, true},
	{"two effects in no order", func(ts *storetest.TestStore, s shop) {
		ts.Unordered(true)
		ts.Exhaustive(true)
		for _, item := range []string{"tea", "milk"} {
			ts.Go(context.Background(), func(context.Context, *store.Store) error { return ts.Dispatch(s.put(item)) })
		}
		ts.Ignore(s.basket, s.stats)
		storetest.Receive(ts, s.put, "tea")
		storetest.Receive(ts, s.put, "milk")
	}, true},
	{"two effects in no order, one forgotten", func(ts *storetest.TestStore, s shop) {
		ts.Unordered(true)
		_ = ts.DispatchAll(s.put("tea"), s.put("milk"))
		storetest.Receive(ts, s.put, "milk", s.puts("tea", "milk"), s.counts(2))
	}, false},
	{"what an ignored slice does", func(ts *storetest.TestStore, s shop) {
		ts.Ignore(s.stats)
		ts.Send(s.put("tea"), s.puts("tea"))
	}, true},
	{"what options of go-cmp leave out", func(ts *storetest.TestStore, s shop) {
		ts.Compare(cmpopts.IgnoreFields(stats{}, "Puts"))
		ts.Send(s.put("tea"), s.puts("tea"))
	}, true},
	{"not exhaustive", func(ts *storetest.TestStore, s shop) {
		ts.Exhaustive(false)
		ts.Send(s.put("lava"))
		ts.Send(s.put("tea"), storetest.Expect(s.stats, func(want *stats) { want.Puts = 2 }))
		s.price.Start(context.Background(), ts.Store, "tea")
		storetest.ReceiveMatch(ts, s.price.Fulfilled.Match, storetest.Expect(s.basket, func(want *basket) { want.Total = 3 }))
		s.price.Start(context.Background(), ts.Store, "tea")
	}, true},
	{"not exhaustive, and wrong", func(ts *storetest.TestStore, s shop) {
		ts.Exhaustive(false)
		ts.Send(s.put("tea"), storetest.Expect(s.basket, func(want *basket) { want.Total = 7 }))
	}, false},
}

func TestStories(t *testing.T) {
	var failures strings.Builder
	for _, story := range stories {
		t.Run(story.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newShop()
				got := try(t, func(tb testing.TB) { story.run(s.open(tb), s) })
				if (got == "") != story.fine {
					t.Errorf("message %q", got)
				}
				if got != "" {
					fmt.Fprintf(&failures, "=== %s\n%s\n", story.name, plain(got))
				}
			})
		})
	}
	golden(t, "failures.txt", failures.String())
}

// Outside of a bubble, effects take real time: receiving waits for them, and the end of the test for those about to end.
func TestRealTime(t *testing.T) {
	s := newShop()
	ts := s.open(t)
	for range 20 {
		go ts.Go(t.Context(), func(context.Context, *store.Store) error { return ts.Dispatch(s.clear()) })
		ts.ReceiveSignal(s.clear)
	}
}

func TestRealTimeRunsOut(t *testing.T) {
	s := newShop()
	got := try(t, func(tb testing.TB) {
		ts := s.open(tb)
		ts.Patience(time.Millisecond)
		ts.ReceiveSignal(s.clear)
	})
	if !strings.Contains(got, "basket/clear was to be received and did not come within 1ms") {
		t.Errorf("message %q", got)
	}
	got = try(t, func(tb testing.TB) {
		ts := s.open(tb)
		ts.Patience(time.Millisecond)
		ts.Go(tb.Context(), func(ctx context.Context, _ *store.Store) error { <-ctx.Done(); return nil })
	})
	if !strings.Contains(got, "effects still run") {
		t.Errorf("message %q", got)
	}
}

func TestSkipEffectsReportsWhatDoesNotEnd(t *testing.T) {
	s := newShop()
	release := make(chan struct{})
	ended := make(chan struct{})
	got := try(t, func(tb testing.TB) {
		ts := s.open(tb)
		ts.Go(tb.Context(), func(context.Context, *store.Store) error { defer close(ended); <-release; return nil })
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		ts.SkipEffects(ctx)
		close(release)
		<-ended
	})
	if !strings.Contains(got, "could not be closed") {
		t.Errorf("message %q", got)
	}
}

// A reducer that writes to what it was given may come out right in every test of its own; the old states are what is wrong.
func TestStatesThatAreWrittenTo(t *testing.T) {
	slice := store.NewSlice("ages", map[string]int{})
	birthday := store.Case(slice, "birthday", func(ages map[string]int, name string) map[string]int {
		ages[name]++
		return ages
	})
	look := store.CaseSignal(slice, "look", func(ages map[string]int) map[string]int { return ages })
	for _, tc := range []struct {
		name string
		run  func(ts *storetest.TestStore)
	}{
		{"by a reducer", func(ts *storetest.TestStore) { ts.Send(birthday("ada")) }},
		{"by an expectation", func(ts *storetest.TestStore) {
			ts.Send(look(), storetest.Expect(slice, func(want *map[string]int) { (*want)["ada"] = 99 }))
			ts.Send(look())
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := try(t, func(tb testing.TB) {
				tc.run(storetest.NewTestStore(tb, storetest.With(slice, map[string]int{"ada": 35})))
			})
			if !strings.Contains(got, "mutation: ages") {
				t.Errorf("message %q", got)
			}
		})
	}
}

func TestStartingPoints(t *testing.T) {
	s := newShop()
	start := storetest.With(s.basket, basket{Items: []string{"tea"}})
	stand := s.stats.Replacement(stats{Puts: 100})
	store.On(stand, s.put, func(st stats, _ string) stats { st.Puts += 10; return st })

	ts := storetest.NewTestStore(t, start, stand)
	ts.Send(s.put("milk"), s.puts("tea", "milk"), s.counts(110))
	if got := try(t, func(tb testing.TB) { storetest.NewTestStore(tb, start).Send(s.put("milk")) }); !strings.Contains(got, `slice "basket" changed`) {
		t.Errorf("a change of a slice with a start: message %q", got)
	}

	st := storetest.New(t, start, s.stats)
	storetest.Step(t, st, s.basket, s.put("milk"), func(want *basket) { want.Items = []string{"tea", "milk"} })
	if _, ok := s.client.Of(st); ok {
		t.Error("a client that nobody provided")
	}
}

// bag is a collection that shows what is in it by All alone.
type bag struct{ in *[]string }

func bagOf(items ...string) bag { return bag{&items} }

func (b bag) All() iter.Seq[string] {
	if b.in == nil {
		return slices.Values[[]string](nil)
	}
	return slices.Values(*b.in)
}

func TestHowValuesAreCompared(t *testing.T) {
	type state struct {
		Bag    bag
		Err    error
		Format func(int) string
		At     time.Time
	}
	slice := store.NewSlice("state", state{})
	set := store.Case(slice, "set", func(_ state, s state) state { return s })
	noon := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	format := func(n int) string { return fmt.Sprint(n) }
	for _, tc := range []struct {
		name      string
		got, want state
		equal     bool
	}{
		{"collections by what they hold", state{Bag: bagOf("a", "b")}, state{Bag: bagOf("a", "b")}, true},
		{"collections that hold something else", state{Bag: bagOf("a", "b")}, state{Bag: bagOf("a", "c")}, false},
		{"errors by errors.Is", state{Err: fmt.Errorf("at the till: %w", errSoldOut)}, state{Err: errSoldOut}, true},
		{"errors by what is in them", state{Err: errors.New("x")}, state{Err: errors.New("x")}, true},
		{"errors that differ", state{Err: errors.New("x")}, state{Err: errors.New("y")}, false},
		{"no error", state{Err: errSoldOut}, state{}, false},
		{"functions by their code", state{Format: format}, state{Format: format}, true},
		{"functions that differ", state{Format: format}, state{Format: func(int) string { return "" }}, false},
		{"a type's own Equal", state{At: noon}, state{At: noon.In(time.FixedZone("", 3600))}, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := try(t, func(tb testing.TB) {
				ts := storetest.NewTestStore(tb, slice)
				ts.Send(set(tc.got), storetest.Expect(slice, func(want *state) { *want = tc.want }))
			})
			if (got == "") != tc.equal {
				t.Errorf("message %q", got)
			}
		})
	}
}
