package query_test

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"slate/store"
	"slate/store/query"
)

func TestB121_AWatchedEntryIsFetchedAgain(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		sub := w.subscribe("a")
		after(time.Second)
		w.bump()
		query.Invalidate(w.st, w.tag.ID("a"))
		check(t, "at once", sub.Result().IsFetching(), true)
		after(time.Second)
		check(t, "data", sub.Result().Data, item{"a", 1})
		check(t, "Call.Forced", w.calls[1].Forced, true)
		for e := range query.Entries(w.st) {
			check(t, "watchers", e.Watchers, 1)
		}
	})
}

func TestB122_AnUnwatchedEntryIsRemoved(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		w.fetch("a")
		query.Invalidate(w.st, w.tag.ID("a"))
		w.isCached("a", false)
		after(time.Hour)
		w.asks("a", 1)
	})
}

func TestB123_AnEntryThatWasNeverAskedForIsLeftAlone(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		check(t, "hits", len(query.Invalidate(w.st, w.tag.Tag()).Hits()), 0)
		after(time.Hour)
		check(t, "actions", len(w.actions.list()), 0)
	})
}

func TestB124_B134_TheOrderOfAMutation(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		w.subscribe("a")
		after(time.Second)
		it, err := w.write.Do(t.Context(), w.st, "a")
		check(t, "answer", it, item{"a", 1})
		isErr(t, "Do", err, nil)
		check(t, "the refetch has begun when Do returns", w.peek("a").IsFetching(), true)
		after(time.Second)
		check(t, "data", w.peek("a").Data.Rev, 1)
		if got, want := w.actions.list()[2:], []string{
			"shop/executeMutation/pending", "shop/executeMutation/fulfilled",
			"shop/executeQuery/pending", "shop/executeQuery/fulfilled",
		}; !slices.Equal(got, want) {
			t.Errorf("actions %v, want %v", got, want)
		}
	})
}

func TestB125_B126_B127_WhatInvalidatesIsGiven(t *testing.T) {
	for _, tt := range []struct {
		name     string
		fail     func() error
		called   bool
		requests int
	}{
		{"B127 success", func() error { return nil }, true, 2},
		{"B125 an error", func() error { return errServer }, true, 2},
		{"B126 a panic", func() error { panic("broken") }, false, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			called := false
			in(t, setup{mutation: func(m *query.MutationSpec[string, item]) {
				m.Run = func(context.Context, query.Call, string) (item, error) { return item{"x", 7}, tt.fail() }
				m.Invalidates = func(it item, err error, arg string) []query.Tag {
					called = true
					check(t, "arg", arg, "a")
					check(t, "data with an error", err != nil && it != item{}, false)
					check(t, "data", err != nil || it == item{"x", 7}, true)
					return []query.Tag{query.NewTag("Item").ID(arg)}
				}
			}}, func(t *testing.T, w *world) {
				w.subscribe("a")
				after(time.Second)
				_, _ = w.write.Do(t.Context(), w.st, "a")
				after(time.Second)
				check(t, "Invalidates was called", called, tt.called)
				w.asks("a", tt.requests)
			})
		})
	}
}

func TestAPanicInInvalidatesIsContained(t *testing.T) {
	in(t, setup{mutation: func(m *query.MutationSpec[string, item]) {
		m.Invalidates = func(item, error, string) []query.Tag { panic("broken") }
	}}, func(t *testing.T, w *world) {
		it, err := w.write.Do(t.Context(), w.st, "a")
		check(t, "answer", it.ID, "a")
		isErr(t, "Do", err, nil)
	})
}

func TestB128_B130_AnInvalidationDuringTheFirstRequestIsNotLost(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		var seen []item
		sub := w.item.Subscribe(w.st, "a", func(r query.Result[item]) {
			if r.Status == query.Fulfilled {
				seen = append(seen, r.Data)
			}
		})
		defer sub.Close()
		synctest.Wait()
		w.bump()
		check(t, "its tags are not known yet", len(query.Invalidate(w.st, w.tag.ID("a")).Missed()), 1)
		query.Invalidate(w.st, w.tag.Tag())
		after(time.Second)
		w.asks("a", 2)
		if want := []item{{"a", 0}, {"a", 1}}; !slices.Equal(seen, want) {
			t.Errorf("the subscriber saw %v, want %v", seen, want)
		}
	})
}

func TestB129_B130_B132_AnInvalidationDuringARefetchIsFollowedByExactlyOneMore(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		sub := w.subscribe("a")
		after(time.Second)
		sub.Refetch()
		synctest.Wait()
		w.bump()
		var last *query.Invalidation
		for range 5 {
			last = query.Invalidate(w.st, w.tag.ID("a"), w.tag.Tag())
		}
		w.asks("a", 2)
		isErr(t, "Wait", last.Wait(t.Context()), nil)
		check(t, "data", sub.Result().Data.Rev, 1)
		after(time.Second)
		w.asks("a", 3)
	})
}

func TestB131_NobodyWaitsForAnotherEntrysRequest(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		w.subscribe("a")
		after(time.Second)
		w.set(time.Hour, nil)
		w.subscribe("slow")
		synctest.Wait()
		w.set(time.Millisecond, nil)
		query.Invalidate(w.st, w.tag.ID("a"))
		after(2 * time.Millisecond)
		w.asks("a", 2)
		check(t, "a", w.peek("a").Status, query.Fulfilled)
		check(t, "slow", w.peek("slow").Status, query.Pending)
	})
}

func TestB133_AResetDiscardsWhatWasInvalidated(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		w.subscribe("a")
		synctest.Wait()
		query.Invalidate(w.st, w.tag.ID("a"))
		w.api.Reset(w.st)
		after(time.Second)
		w.asks("a", 2) // the first, which was cancelled, and that of the reset
	})
}

func TestB135_AFailedFirstRequestRecovers(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		w.set(0, errServer)
		sub := w.subscribe("a")
		synctest.Wait()
		check(t, "failed", sub.Result().IsError(), true)
		w.set(0, nil)
		if _, err := w.write.Do(t.Context(), w.st, "a"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		check(t, "recovered", sub.Result().IsSuccess(), true)
	})
}

func TestB137_ManyEntriesAreOneNotification(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		for i := range 100 {
			w.subscribe(fmt.Sprint(i))
		}
		after(time.Second)
		var told atomic.Int64
		stop := store.Subscribe(context.Background(), w.st, store.Select(w.api.Slice, func(c query.Cache) query.Cache { return c }), func(query.Cache) { told.Add(1) })
		defer stop()
		query.Invalidate(w.st, w.tag.Tag())
		check(t, "notifications of 100 pending entries", told.Load(), 1)
		after(time.Second)
		check(t, "all are done", len(query.Matching(w.st, w.tag.Tag())), 100)

		for i := range 100 {
			w.fetch("u" + fmt.Sprint(i))
		}
		synctest.Wait()
		told.Store(0)
		for e := range query.Entries(w.st) {
			if e.Watchers == 0 {
				query.Invalidate(w.st, e.Tags...)
				break
			}
		}
		check(t, "notifications of one removed entry", told.Load(), 1)
	})
}

func TestFanOutIsBounded(t *testing.T) {
	running, most := 0, 0
	var gate = make(chan struct{}, 1)
	in(t, setup{query: func(s *query.Spec[string, item]) {
		s.Fetch = func(ctx context.Context, _ query.Call, id string) (item, error) {
			gate <- struct{}{}
			running++
			most = max(most, running)
			<-gate
			defer func() { gate <- struct{}{}; running--; <-gate }()
			return item{ID: id}, wait(ctx, 100*time.Millisecond)
		}
	}}, func(t *testing.T, w *world) {
		for i := range 200 {
			w.subscribe(fmt.Sprint(i))
		}
		after(time.Second)
		most = 0
		inv := query.Invalidate(w.st, w.tag.Tag())
		isErr(t, "Wait", inv.Wait(t.Context()), nil)
		check(t, "requests at once", most, 32)
		for e := range query.Entries(w.st) {
			check(t, e.Key, e.Status, query.Fulfilled)
		}
	})
}

// What is asked for after an invalidation is never answered with what was asked for before it.
func TestAFetchAfterAnInvalidationGetsAFreshAnswer(t *testing.T) {
	for _, watched := range []bool{false, true} {
		t.Run(fmt.Sprintf("watched=%v", watched), func(t *testing.T) {
			in(t, setup{}, func(t *testing.T, w *world) {
				if watched {
					w.subscribe("a")
				}
				early := make(chan item)
				go func() { early <- w.fetch("a") }()
				synctest.Wait()
				w.bump()
				query.Invalidate(w.st, w.tag.ID("a"))
				late := make(chan item)
				go func() { late <- w.fetch("a") }()
				check(t, "who asked before", (<-early).Rev, 0)
				check(t, "who asked after", (<-late).Rev, 1)
				after(time.Second)
				w.asks("a", 2)
			})
		})
	}
}

// A refetch of an invalidated entry that nobody waits for any more is cancelled: what is there is out of date, and goes.
func TestAnInvalidatedEntryDoesNotComeBackWhenItsRefetchIsCancelled(t *testing.T) {
	for _, duringTheFirst := range []bool{false, true} {
		t.Run(fmt.Sprintf("duringTheFirst=%v", duringTheFirst), func(t *testing.T) {
			in(t, setup{}, func(t *testing.T, w *world) {
				sub := w.subscribe("a")
				if synctest.Wait(); !duringTheFirst {
					after(time.Second)
				}
				w.bump()
				w.set(time.Minute, nil)
				query.Invalidate(w.st, w.tag.ID("a"))
				after(time.Second)
				check(t, "the refetch runs", w.requests("a"), 2)
				check(t, "over data", flagsOf(sub.Result()), flags{Status: query.Pending, Fetching: true, Success: true, HasData: true})
				sub.Close()
				after(2 * time.Second)
				w.isCached("a", false)
				w.set(0, nil)
				check(t, "data", w.fetch("a").Rev, 1)
			})
		})
	}
}

// A failed refetch does not make out-of-date data good: the next one who asks tries again.
func TestAnInvalidationOutlivesAFailedRefetch(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		sub := w.subscribe("a")
		after(time.Second)
		w.bump()
		w.set(0, errServer)
		query.Invalidate(w.st, w.tag.ID("a"))
		synctest.Wait()
		check(t, "failed", sub.Result().IsError(), true)
		w.set(0, nil)
		check(t, "data", w.fetch("a").Rev, 1)
	})
}

// The action that removes an entry is dispatched after the decision. Who asks in between gets nothing of what is removed.
func TestWaitEndsWhenTheStoreIsClosed(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		w.subscribe("a")
		after(time.Second)
		sub := w.subscribe("a")
		sub.Refetch() // before the invalidation: there is one more to wait for
		synctest.Wait()
		inv := query.Invalidate(w.st, w.tag.ID("a"))
		done := make(chan struct{})
		go func() { defer close(done); _ = inv.Wait(context.Background()) }()
		synctest.Wait()
		_ = w.st.Close()
		<-done
		isErr(t, "Wait on a closed store", inv.Wait(t.Context()), nil)
	})
}

// Nothing of what was there before a reset is seen after it, however late the action arrives.
// An answer that is on its way into the state when everything is reset is not shown, even if it arrives before the reset does.
