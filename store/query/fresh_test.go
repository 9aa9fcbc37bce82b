package query_test

import (
	"testing"
	"testing/synctest"
	"time"

	"slate/store/query"
)

func TestB073_RefetchAlwaysAsksUnlessARequestIsRunning(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		sub := w.subscribe("a")
		after(time.Second)
		for n := 2; n < 5; n++ {
			w.bump()
			it, err := w.item.Refetch(t.Context(), w.st, "a")
			isErr(t, "Refetch", err, nil)
			check(t, "the new data", it.Rev, n-1)
			w.asks("a", n)
		}
		sub.Refetch()
		sub.Refetch()
		after(time.Second)
		w.asks("a", 5)
	})
}

// A refetch that is asked for while an answer is being published is neither lost nor served by that answer.
func TestARefetchWhileAnAnswerIsPublished(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		again := w.subscribe("a")
		sub := w.item.Subscribe(w.st, "a", func(r query.Result[item]) {
			if r.Status == query.Fulfilled && r.Data.Rev == 0 {
				w.bump()
				again.Refetch()
				again.Refetch()
			}
		})
		defer sub.Close()
		after(time.Second)
		w.asks("a", 2)
		check(t, "data", sub.Result().Data.Rev, 1)
	})
}

func TestRefetchOfWhatNobodyAskedForYet(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		it, err := w.item.Refetch(t.Context(), w.st, "a")
		check(t, "data", it, item{ID: "a"})
		isErr(t, "Refetch", err, nil)
		synctest.Wait()
		w.asks("a", 1)
	})
}
