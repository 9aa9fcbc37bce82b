package query_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"slate/store"
	"slate/store/query"
)

func TestB019_SubscribingMakesAnEntryPendingAtOnce(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		sub := w.subscribe("a")
		r := sub.Result()
		check(t, "status", r.Status, query.Pending)
		check(t, "request id", r.RequestID, "1")
		check(t, "start", r.StartedAt.Equal(time.Now()), true)
		check(t, "in the state", w.peek("a"), r)
		w.subscribe("b")
		check(t, "the next request's id", w.peek("b").RequestID, "2")
	})
}

func TestB020_TheSecondCallerSharesTheRequest(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		var group sync.WaitGroup
		for range 2 {
			group.Go(func() { check(t, "answer", w.fetch("a"), item{ID: "a"}) })
		}
		group.Wait()
		w.asks("a", 1)
		check(t, "request id", w.peek("a").RequestID, "1")
	})
}

func TestB021_AHitAsksNobody(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		w.fetch("a")
		before := w.peek("a")
		w.bump()
		check(t, "answer", w.fetch("a"), item{ID: "a"})
		check(t, "subscriber", w.subscribe("a").Result(), before)
		w.asks("a", 1)
	})
}

func TestB022_PlainForcedPlain(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		w.subscribe("a")
		after(time.Second)
		w.bump()
		check(t, "the first plain caller", w.fetch("a").Rev, 0)
		var group sync.WaitGroup
		group.Go(func() {
			it, err := w.item.Refetch(t.Context(), w.st, "a")
			check(t, "the forced caller", it.Rev, 1)
			isErr(t, "Refetch", err, nil)
		})
		synctest.Wait()
		group.Go(func() { check(t, "the last plain caller", w.fetch("a").Rev, 1) })
		group.Wait()
		w.asks("a", 2)
		check(t, "request id", w.peek("a").RequestID, "2")
		check(t, "Call.Forced", w.calls[1].Forced, true)
	})
}

func TestB023_ForcingNeverOvertakesARunningRequest(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		sub := w.subscribe("a")
		sub.Refetch()
		go func() { _, _ = w.item.Refetch(context.Background(), w.st, "a") }()
		after(time.Second)
		w.asks("a", 1)
	})
}

func TestB024_AFailedEntryIsAskedForAgain(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		w.set(0, errServer)
		_, err := w.item.Fetch(t.Context(), w.st, "a")
		isErr(t, "Fetch", err, errServer)
		w.set(0, nil)
		w.fetch("a")
		w.asks("a", 2)
	})
}

func TestB025_AFailedRefetch(t *testing.T) {
	for _, tt := range []struct {
		name     string
		again    bool
		requests int
	}{
		{"the caller gets the old data and the error", false, 2},
		{"or asks again, where the endpoint says so", true, 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in(t, setup{query: func(s *query.Spec[string, item]) { s.RefetchFailed = tt.again }}, func(t *testing.T, w *world) {
				w.fetch("a")
				w.set(0, errServer)
				_, err := w.item.Refetch(t.Context(), w.st, "a")
				isErr(t, "Refetch", err, errServer)
				it, err := w.item.Fetch(t.Context(), w.st, "a")
				isErr(t, "Fetch", err, errServer)
				check(t, "the old data comes with the error", it.ID == "a", !tt.again)
				w.asks("a", tt.requests)
			})
		})
	}
}

func TestB026_B095_StoresDoNotSeeEachOther(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		other := open(t, store.Options{}, w.api)
		w.subscribe("a")
		check(t, "in the other store", w.item.Peek(other.State(), "a").Status, query.Uninitialized)
		check(t, "entries of the other store", len(slices.Collect(query.Entries(other))), 0)
		sub := w.item.Subscribe(other, "a", nil)
		defer sub.Close()
		check(t, "each counts its own requests", sub.Result().RequestID, "1")
		after(time.Second)
		w.asks("a", 2)
		query.Invalidate(other, w.tag.ID("a"))
		after(time.Second)
		w.asks("a", 3)
		check(t, "the first store's entry", w.peek("a").RequestID, "1")
	})
}

func TestB027_FetchNeedsNoSubscription(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		check(t, "answer", w.fetch("a"), item{ID: "a"})
		for e := range query.Entries(w.st) {
			check(t, "watchers", e.Watchers, 0)
			check(t, "waiters", e.Waiters, 0)
		}
	})
}

func TestB028_FetchWithoutKeeping(t *testing.T) {
	in(t, setup{defaults: query.Defaults{KeepUnused: -1}}, func(t *testing.T, w *world) {
		check(t, "answer", w.fetch("a"), item{ID: "a"})
		synctest.Wait()
		w.isCached("a", false)
	})
}

func TestB029_FetchThatFails(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		w.set(0, errServer)
		it, err := w.item.Fetch(t.Context(), w.st, "a")
		isErr(t, "Fetch", err, errServer)
		check(t, "data", it, item{})
		check(t, "in the state", w.peek("a").IsError(), true)
		check(t, "the error is the very same", w.peek("a").Err, errServer)
	})
}

// A handle's Result is a value that says everything, its Await has Go's two results.
func TestB030_B031_B032_TheHandle(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		sub := w.subscribe("a")
		it, err := sub.Await(t.Context())
		check(t, "data", it, item{ID: "a"})
		isErr(t, "Await", err, nil)
		w.set(0, errServer)
		sub.Refetch()
		synctest.Wait()
		check(t, "error", sub.Result().Err, errServer)
		check(t, "data stays", sub.Result().Data, item{ID: "a"})
		check(t, "request id", sub.Result().RequestID, "2")
		_, err = sub.Await(t.Context())
		isErr(t, "Await", err, errServer)
		sub.Close()
		sub.Close()
		sub.Refetch()
		synctest.Wait()
		w.asks("a", 2)
	})
}

func TestB033_B034_RunningRequestsAreListed(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		other := open(t, store.Options{}, w.api)
		go func() { _, _ = w.item.Fetch(context.Background(), other, "z") }()
		w.subscribe("a")
		w.subscribe("b")
		synctest.Wait()
		running := func() (keys []string) {
			for e := range query.Entries(w.st) {
				if e.Status == query.Pending {
					keys = append(keys, e.Key)
				}
			}
			return keys
		}
		check(t, "running", len(running()), 2)
		w.fetch("a") // waiting for one that runs
		w.fetch("b")
		check(t, "running after all have settled", len(running()), 0)
		after(time.Second)
	})
}

func TestB036_AThousandConsumersCauseTwoActions(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		var group sync.WaitGroup
		for i := range 1000 {
			group.Go(func() {
				if i%2 == 0 {
					w.fetch("a")
					return
				}
				w.subscribe("a")
			})
		}
		group.Wait()
		after(time.Second)
		w.asks("a", 1)
		if got, want := w.actions.list(), []string{"shop/executeQuery/pending", "shop/executeQuery/fulfilled"}; !slices.Equal(got, want) {
			t.Errorf("actions %v, want %v", got, want)
		}
	})
}

func TestB037_AnAnswerThatTakesNoTime(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		w.set(0, nil)
		check(t, "answer", w.fetch("a"), item{ID: "a"})
	})
}

func TestB038_AFunctionFindsClientsAndTheStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := store.NewDep[string]("client")
		api := query.NewAPI("deps")
		greet := query.New(api, query.Spec[string, string]{
			Name: "greet",
			Fetch: func(ctx context.Context, c query.Call, name string) (string, error) {
				if ctx.Err() != nil || c.Store.State().Version() == 0 {
					return "", errors.New("no context or no state")
				}
				hello, _ := client.Of(c.Store)
				return hello + name, nil
			},
		})
		st := open(t, store.Options{}, api)
		client.Provide(st, "hello ")
		got, err := greet.Fetch(t.Context(), st, "Ada")
		check(t, "answer", got, "hello Ada")
		isErr(t, "Fetch", err, nil)
	})
}

func TestFetchErrors(t *testing.T) {
	because := errors.New("because")
	in(t, setup{}, func(t *testing.T, w *world) {
		ended, end := context.WithCancelCause(t.Context())
		end(because)
		_, err := w.item.Fetch(ended, w.st, "a")
		isErr(t, "Fetch with a context that has ended", err, because)
		w.asks("a", 0)

		waiting, end := context.WithCancelCause(t.Context())
		go func() { time.Sleep(time.Millisecond); end(because) }()
		_, err = w.item.Fetch(waiting, w.st, "a")
		isErr(t, "Fetch with a context that ends", err, because)
		w.asks("a", 1)

		var fetched, did error
		go func() { _, fetched = w.item.Fetch(context.Background(), w.st, "b") }()
		go func() { _, did = w.write.Do(context.Background(), w.st, "b") }()
		synctest.Wait()
		isErr(t, "Close", w.st.Close(), nil)
		synctest.Wait()
		isErr(t, "Fetch while the store is closed", fetched, store.ErrClosed)
		isErr(t, "Do while the store is closed", did, store.ErrClosed)

		_, err = w.item.Fetch(t.Context(), w.st, "b")
		isErr(t, "Fetch on a closed store", err, store.ErrClosed)
		_, err = w.write.Do(t.Context(), w.st, "b")
		isErr(t, "Do on a closed store", err, store.ErrClosed)
		sub := w.item.Subscribe(w.st, "b", nil)
		isErr(t, "Subscribe on a closed store", sub.Result().Err, store.ErrClosed)
		sub.Refetch()
		sub.Close()
		h := w.write.Watch(w.st, nil)
		isErr(t, "Watch on a closed store", h.Result().Err, store.ErrClosed)
		h.Reset()
		h.Close()
		query.Invalidate(w.st, w.tag.Tag())
		w.api.Reset(w.st)
	})
}

func TestAStoreThatIsClosedBeforeTheFirstUse(t *testing.T) {
	in(t, setup{unmounted: true}, func(t *testing.T, w *world) {
		_ = w.st.Close()
		_, err := w.item.Fetch(t.Context(), w.st, "a")
		isErr(t, "Fetch", err, store.ErrClosed)
		isErr(t, "Subscribe", w.item.Subscribe(w.st, "a", nil).Result().Err, store.ErrClosed)
		check(t, "entries", len(slices.Collect(query.Entries(w.st))), 0)
	})
}

func TestCloseWaitsForRequests(t *testing.T) {
	ended := false
	in(t, setup{query: func(s *query.Spec[string, item]) {
		s.Fetch = func(ctx context.Context, _ query.Call, _ string) (item, error) {
			<-ctx.Done()
			time.Sleep(time.Second)
			ended = true
			return item{}, context.Cause(ctx)
		}
	}}, func(t *testing.T, w *world) {
		w.subscribe("a")
		synctest.Wait()
		_ = w.st.Close()
		check(t, "the request had ended", ended, true)
	})
}
