package query_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"slate/store/query"
)

func TestB075_AWatchedEntryIsNeverDropped(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		w.subscribe("a")
		after(1000 * time.Hour)
		w.isCached("a", true)
		w.asks("a", 1)
	})
}

// How long an entry is kept that the last one has left.
func TestKeepUnused(t *testing.T) {
	const s = time.Second
	for _, tt := range []struct {
		name          string
		api, endpoint time.Duration
		stays, goes   time.Duration // goes 0: never
	}{
		{"B76 a minute where nothing is said", 0, 0, 59 * s, 61 * s},
		{"B77 what the API says", 29 * s, 0, 28 * s, 30 * s},
		{"B78 what the endpoint says", 29 * s, 35 * s, 34 * s, 36 * s},
		{"B80 forever", query.KeepForever, 0, 100000 * time.Hour, 0},
		{"B80 forever, of the endpoint", s, query.KeepForever, 100000 * time.Hour, 0},
		{"B81 longer than a 32-bit timer", 30 * 24 * time.Hour, 0, 30*24*time.Hour - s, 30*24*time.Hour + s},
		{"B81 nearly forever", query.KeepForever - 1, 0, 100000 * time.Hour, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in(t, setup{
				defaults: query.Defaults{KeepUnused: tt.api},
				query:    func(s *query.Spec[string, item]) { s.KeepUnused = tt.endpoint },
			}, func(t *testing.T, w *world) {
				sub := w.subscribe("a")
				after(time.Hour)
				sub.Close()
				after(tt.stays)
				w.isCached("a", true)
				if tt.goes > 0 {
					after(tt.goes - tt.stays)
					w.isCached("a", false)
				}
			})
		})
	}
}

func TestB079_WithoutKeepingAnEntryGoesAtTheNextTurn(t *testing.T) {
	in(t, setup{defaults: query.Defaults{KeepUnused: -1}}, func(t *testing.T, w *world) {
		sub := w.subscribe("a")
		after(time.Second)
		removed := w.actions.count("shop/removeResult")
		sub.Close()
		synctest.Wait() // the timer's turn
		w.isCached("a", false)
		check(t, "removals", w.actions.count("shop/removeResult"), removed+1)
	})
}

func TestB082_B083_WhoComesBackStopsTheClock(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		sub := w.subscribe("a")
		after(time.Second)
		sub.Close()
		after(59 * time.Second)
		sub = w.subscribe("a")
		after(time.Hour)
		w.isCached("a", true)
		sub.Close()
		after(59 * time.Second)
		w.isCached("a", true)
		after(2 * time.Second)
		w.isCached("a", false)
		w.asks("a", 1)
	})
}

func TestB084_B085_OnlyTheLastOneOfAnEntryCounts(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		first, _, other := w.subscribe("a"), w.subscribe("a"), w.subscribe("b")
		after(time.Second)
		first.Close()
		first.Close()
		other.Close()
		after(time.Hour)
		w.isCached("a", true)
		w.isCached("b", false)
	})
}

func TestB086_WhatWasFetchedWithoutASubscriberGoesToo(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		w.fetch("a")
		after(59 * time.Second)
		w.fetch("a") // used again: the time starts anew
		after(59 * time.Second)
		w.isCached("a", true)
		after(2 * time.Second)
		w.isCached("a", false)
	})
}

func TestB087_AnEntryThatIsPendingWhenItsTimeHasPassed(t *testing.T) {
	in(t, setup{defaults: query.Defaults{KeepUnused: time.Second, CancelAfter: time.Hour}}, func(t *testing.T, w *world) {
		w.set(time.Minute, nil)
		w.subscribe("a").Close()
		after(2 * time.Second)
		w.isCached("a", false)
		check(t, "requests cancelled", len(w.cancelled()), 1)
		isErr(t, "cause", w.cancelled()[0], query.ErrRemoved)
	})
}

// An entry somebody waits for is not removed at all.
func TestB088_ACallerThatWaitsKeepsTheEntry(t *testing.T) {
	in(t, setup{defaults: query.Defaults{KeepUnused: -1, MaxUnused: 1}}, func(t *testing.T, w *world) {
		w.set(time.Hour, nil)
		sub := w.subscribe("a")
		go sub.Close()
		check(t, "answer", w.fetch("a"), item{ID: "a"})
		synctest.Wait()
		w.isCached("a", false)
	})
}

func TestB089_AFailedEntryGoesToo(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		w.set(0, errServer)
		sub := w.subscribe("a")
		synctest.Wait()
		sub.Close()
		after(59 * time.Second)
		check(t, "kept", w.has("a"), true)
		after(2 * time.Second)
		check(t, "kept", w.has("a"), false)
		check(t, "in the state", w.peek("a").Status, query.Uninitialized)
	})
}

func TestB090_OnlyTheLatestArgumentRemains(t *testing.T) {
	in(t, setup{defaults: query.Defaults{KeepUnused: -1}}, func(t *testing.T, w *world) {
		var last *query.Subscription[item]
		for _, id := range []string{"a", "b", "c"} {
			if last != nil {
				last.Close()
			}
			last = w.subscribe(id)
		}
		after(time.Hour)
		if got := w.keys(); !slices.Equal(got, []string{`item("c")`}) {
			t.Errorf("entries %v, want that of c", got)
		}
	})
}

func TestB097_B098_WatchersAreCounted(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		watchers := func(id string) int {
			for e := range query.Entries(w.st) {
				if e.Key == w.item.Key(id) {
					return e.Watchers
				}
			}
			return -1
		}
		a, b := w.subscribe("a"), w.subscribe("a")
		check(t, "watchers", watchers("a"), 2)
		c := w.subscribe("c")
		a.Close()
		b.Close()
		check(t, "watchers of a", watchers("a"), 0)
		check(t, "watchers of c", watchers("c"), 1)
		c.Close()
		check(t, "watchers of c", watchers("c"), 0)
	})
}

func TestUnusedEntriesAreBounded(t *testing.T) {
	in(t, setup{defaults: query.Defaults{KeepUnused: query.KeepForever, MaxUnused: 3}}, func(t *testing.T, w *world) {
		w.set(0, nil)
		w.subscribe("watched")
		for i := range 10 {
			w.fetch(fmt.Sprint(i))
		}
		w.fetch("8") // used: 7 is the oldest now
		w.fetch("x")
		synctest.Wait()
		if got, want := w.keys(), []string{`item("8")`, `item("9")`, `item("watched")`, `item("x")`}; !slices.Equal(got, want) {
			t.Errorf("entries %v, want %v", got, want)
		}
	})
}

func TestARequestGoesOnForAWhileAfterTheLastOneLeft(t *testing.T) {
	for _, tt := range []struct {
		name      string
		after     time.Duration
		leave     time.Duration // when somebody comes again
		requests  int
		cancelled int
	}{
		{"a second where nothing is said", 0, 900 * time.Millisecond, 1, 0},
		{"and no longer", 0, 1100 * time.Millisecond, 2, 1},
		{"at once", -1, time.Nanosecond, 2, 1},
		{"an hour", time.Hour, 59 * time.Minute, 1, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in(t, setup{defaults: query.Defaults{CancelAfter: tt.after, KeepUnused: 2 * time.Hour}}, func(t *testing.T, w *world) {
				w.set(2*time.Hour, nil)
				ctx, cancel := context.WithCancel(t.Context())
				left := make(chan error)
				go func() { _, err := w.item.Fetch(ctx, w.st, "a"); left <- err }()
				synctest.Wait()
				cancel()
				isErr(t, "Fetch", <-left, context.Canceled)
				after(tt.leave)
				w.subscribe("a")
				after(5 * time.Hour)
				w.asks("a", tt.requests)
				check(t, "cancelled", len(w.cancelled()), tt.cancelled)
				for _, cause := range w.cancelled() {
					if errors.Is(cause, context.Canceled) {
						t.Errorf("cause %v, want why it was cancelled", cause)
					}
				}
				w.isCached("a", true)
			})
		})
	}
}

func TestTheTimeToFinishStartsAnewWithEachOneWhoLeaves(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		w.set(time.Hour, nil)
		first := w.subscribe("a")
		first.Close()
		after(500 * time.Millisecond)
		second := w.subscribe("a")
		after(400 * time.Millisecond)
		second.Close()
		after(900 * time.Millisecond)
		check(t, "cancelled", len(w.cancelled()), 0)
		after(200 * time.Millisecond)
		check(t, "cancelled in the end", len(w.cancelled()), 1)
	})
}
