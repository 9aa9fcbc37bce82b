package query_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"slate/store"
	"slate/store/query"
)

func TestAskingWhileTheEntryIsBeingRemoved(t *testing.T) {
	for _, tt := range []struct {
		name   string
		remove func(w *world)
		action string
	}{
		{"invalidated", func(w *world) { query.Invalidate(w.st, w.tag.ID("a")) }, "shop/removeResult"},
		{"expired", func(*world) { after(time.Hour) }, "shop/removeResult"},
		{"reset", func(w *world) { w.api.Reset(w.st) }, "shop/resetApiState"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var w *world
			var sub *query.Subscription[item]
			var at query.Result[item]
			in(t, setup{middleware: []store.Middleware{on(tt.action, func() {
				if sub == nil {
					sub = w.item.Subscribe(w.st, "a", nil)
					at = sub.Result()
				}
			})}}, func(t *testing.T, world *world) {
				w = world
				w.fetch("a")
				w.bump()
				tt.remove(w)
				defer sub.Close()
				check(t, "at once", flagsOf(at), flags{Status: query.Pending, Loading: true, Fetching: true})
				after(time.Second)
				check(t, "in the end", sub.Result().Data.Rev, 1)
				check(t, "in the state", w.peek("a"), sub.Result())
				query.Invalidate(w.st, w.tag.ID("a"))
				after(time.Second)
				w.asks("a", 3)
			})
		})
	}
}

func TestAskingAfterAResetThatIsLate(t *testing.T) {
	late := false
	in(t, setup{
		defaults: query.Defaults{CancelAfter: -1},
		middleware: []store.Middleware{on("shop/resetApiState", func() {
			if late {
				time.Sleep(time.Minute)
			}
		})},
	}, func(t *testing.T, w *world) {
		sub := w.subscribe("a")
		after(time.Second)
		w.bump()
		late = true
		go w.api.Reset(w.st)
		synctest.Wait()
		check(t, "what is shown", sub.Result().HasData, false)
		sub.Close()
		synctest.Wait() // the request that the reset began is cancelled
		check(t, "what is fetched", w.fetch("a").Rev, 1)
		after(time.Hour)
	})
}

func TestAnAnswerThatOvertakesTheReset(t *testing.T) {
	slow := false
	delay := func(d time.Duration) func() {
		return func() {
			if slow {
				time.Sleep(d)
			}
		}
	}
	in(t, setup{middleware: []store.Middleware{
		on("shop/executeQuery/fulfilled", delay(time.Minute)),
		on("shop/resetApiState", delay(2*time.Minute)),
	}}, func(t *testing.T, w *world) {
		sub := w.item.Subscribe(w.st, "a", func(r query.Result[item]) {
			if r.RequestID == "2" && r.Status == query.Fulfilled {
				t.Error("it was shown")
			}
		})
		defer sub.Close()
		after(time.Second)
		slow = true
		sub.Refetch()
		after(time.Second) // the answer is there, and under way
		go w.api.Reset(w.st)
		after(90 * time.Second) // it has arrived, the reset has not
		check(t, "what is shown", sub.Result().HasData, false)
		after(time.Hour)
		check(t, "in the end", sub.Result().IsSuccess(), true)
	})
}

// The answer may come before Subscribe has returned. The subscriber hears of it all the same, once.
func TestAQuickAnswerReachesTheSubscriber(t *testing.T) {
	api := query.NewAPI("quick")
	get := query.New(api, query.Spec[int, int]{
		Name:  "get",
		Fetch: func(_ context.Context, _ query.Call, n int) (int, error) { return n, nil },
	})
	synctest.Test(t, func(t *testing.T) {
		st, err := store.New(store.Options{}, api)
		if err != nil {
			t.Fatal(err)
		}
		defer st.Close()
		for n := range 2_000 {
			heard := make(chan query.Result[int], 10)
			sub := get.Subscribe(st, n, func(r query.Result[int]) { heard <- r })
			if r := <-heard; !r.IsSuccess() || r.IsFetching() || r.Data != n {
				t.Fatalf("heard %+v", r)
			}
			synctest.Wait()
			if len(heard) > 0 {
				t.Fatalf("heard twice: %+v", <-heard)
			}
			sub.Close()
		}
	})
}

func TestResetAllForgetsEveryAnswerAndAsksAgain(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		watched := w.subscribe("a")
		defer watched.Close()
		check(t, "fetched", w.fetch("b").Rev, 0)
		after(time.Second)
		w.bump()
		running := w.item.Subscribe(w.st, "c", nil)
		defer running.Close()
		after(time.Millisecond)
		if err := w.st.Dispatch(store.ResetAll()); err != nil {
			t.Fatal(err)
		}
		check(t, "at once", watched.Result().HasData, false)
		check(t, "unwatched", w.item.Peek(w.st.State(), "b").HasData, false)
		after(time.Second)
		check(t, "asked again", watched.Result().Data.Rev, 1)
		check(t, "what ran is asked again", running.Result().Data.Rev, 1)
		check(t, "the request that ran was cancelled", len(w.cancelled()), 1)
		check(t, "requests of the watched one", w.requests("a"), 2)
		check(t, "requests of the unwatched one", w.requests("b"), 1)
	})
}
