package query_test

import (
	"context"
	"encoding/json"
	"errors"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"slate/store"
	"slate/store/query"
)

// A middleware may swallow any action. Nobody hangs, and nothing stays pending.
func TestNothingHangsWhenAnActionIsDropped(t *testing.T) {
	for _, action := range []string{
		"executeQuery/pending", "executeQuery/fulfilled", "executeQuery/rejected", "executeQuery/cancelled",
		"executeMutation/pending", "executeMutation/fulfilled", "executeMutation/rejected", "removeResult", "resetApiState",
	} {
		t.Run(action, func(t *testing.T) {
			in(t, setup{
				defaults:   query.Defaults{KeepUnused: -1},
				middleware: []store.Middleware{dropping("shop/" + action)},
			}, func(t *testing.T, w *world) {
				sub, handle := w.subscribe("a"), w.write.Watch(w.st, nil)
				defer handle.Close()
				check(t, "Fetch gets the answer", w.fetch("a"), item{ID: "a"})
				for _, err := range []error{nil, errServer, nil} {
					w.set(100*time.Millisecond, err)
					_, got := w.item.Refetch(t.Context(), w.st, "a")
					isErr(t, "Refetch", got, err)
					_, got = handle.Do(t.Context(), "a")
					isErr(t, "Do", got, err)
					after(time.Second)
					isErr(t, "Wait", query.Invalidate(w.st, w.tag.ID("a")).Wait(t.Context()), nil)
				}
				ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
				defer cancel()
				_, _ = w.item.Fetch(ctx, w.st, "abandoned")
				w.api.Reset(w.st)
				after(time.Hour)
				if action != "executeQuery/cancelled" {
					check(t, "pending", sub.Result().IsFetching(), false)
				}
				check(t, "pending mutation", handle.Result().IsLoading(), false)
				check(t, "the state and the handle agree", w.peek("a"), sub.Result())
				sub.Close()
				after(time.Hour)
			})
		})
	}
}

// A reducer of another slice that panics leaves the whole state as it was, the API's too.
func TestAPanickingReducerElsewhere(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		panicking := true
		other := store.NewSlice("other", 0)
		store.OnMatch(other, func(a store.Action) bool { return a.Type() == "shop/executeQuery/fulfilled" },
			func(n int, _ store.Action) int {
				if panicking {
					panic("broken")
				}
				return n + 1
			})
		if err := w.st.Inject(other); err != nil {
			t.Fatal(err)
		}
		sub := w.subscribe("a")
		after(time.Second)
		check(t, "the answer is lost", sub.Result(), query.Result[item]{})
		panicking = false
		sub.Refetch()
		after(time.Second)
		check(t, "the next one is not", sub.Result().Data, item{ID: "a"})
	})
}

func TestAPanicInShareIsContained(t *testing.T) {
	in(t, setup{query: func(s *query.Spec[string, item]) {
		s.Share = func(_, _ item) item { panic("broken") }
	}}, func(t *testing.T, w *world) {
		w.fetch("a")
		w.bump()
		it, err := w.item.Refetch(t.Context(), w.st, "a")
		check(t, "the new answer", it.Rev, 1)
		isErr(t, "Refetch", err, nil)
		check(t, "logged", strings.Contains(w.log.String(), "panic in Share of shop/item"), true)
	})
}

func TestAPanicInASubscriberHurtsNobodyElse(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		told := 0
		for i := range 3 {
			sub := w.item.Subscribe(w.st, "a", func(query.Result[item]) {
				if told++; i == 1 {
					panic("broken")
				}
			})
			defer sub.Close()
		}
		after(time.Second)
		check(t, "subscribers told", told, 3)
		check(t, "logged", strings.Contains(w.log.String(), "a subscriber panicked"), true)
	})
}

// shy is an argument whose JSON form panics.
type shy int

func (s shy) MarshalJSON() ([]byte, error) { panic("broken") }

// nosy is an argument that uses the store while it is written.
type nosy int

var nosyStore *store.Store

func (n nosy) MarshalJSON() ([]byte, error) {
	query.Invalidate(nosyStore)
	return json.Marshal(int(n))
}

func TestArgumentsThatMisbehave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := query.NewAPI("hostile")
		st := open(t, store.Options{}, api)
		_, err := echo[shy](api, "shy").Fetch(t.Context(), st, 1)
		if err == nil || !strings.Contains(err.Error(), "panic in Fetch of hostile/shy") {
			t.Errorf("an argument whose JSON panics: error %v", err)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		api := query.NewAPI("hostile")
		tag := query.NewTag("T")
		q := query.New(api, query.Spec[nosy, int]{
			Name:     "nosy",
			Fetch:    func(context.Context, query.Call, nosy) (int, error) { return 1, nil },
			Provides: func(int, error, nosy) []query.Tag { return []query.Tag{tag.Tag()} },
		})
		st := open(t, store.Options{}, api)
		nosyStore = st
		sub := q.Subscribe(st, 1, nil)
		defer sub.Close()
		synctest.Wait()
		check(t, "matching", query.Matching(st, tag.Tag())[0].Key, "nosy(1)")
		check(t, "hit", query.Invalidate(st, tag.Tag()).Hits()[0], "hostile/nosy(1)")
	})
}

// A subscriber may do whatever does not wait.
func TestEverythingFromInsideASubscriber(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		other := store.NewSlice("other", 0)
		add := store.Case(other, "add", func(n, by int) int { return n + by })
		if err := w.st.Inject(other); err != nil {
			t.Fatal(err)
		}
		var inner *query.Subscription[item]
		var self atomic.Pointer[query.Subscription[item]]
		rounds, depth := 0, 0
		self.Store(w.item.Subscribe(w.st, "a", func(r query.Result[item]) {
			if depth++; depth > 1 {
				t.Error("called while it runs")
			}
			defer func() { depth-- }()
			switch rounds++; rounds {
			case 1: // fulfilled
				_ = w.st.Dispatch(add(1))
				inner = w.item.Subscribe(w.st, "b", nil)
				it, err := w.item.Fetch(context.Background(), w.st, "a")
				check(t, "what is cached can be fetched", it.ID, "a")
				isErr(t, "Fetch", err, nil)
				w.bump()
				query.Invalidate(w.st, w.tag.Tag())
			case 2: // pending
				inner.Refetch()
				self.Load().Refetch()
			case 3: // fulfilled
				check(t, "data", r.Data.Rev, 1)
				w.api.Reset(w.st)
			case 4: // pending
				inner.Close()
				self.Load().Close()
			default:
				t.Error("called after it was closed")
			}
		}))
		after(time.Hour)
		check(t, "rounds", rounds, 4)
		check(t, "dispatched", other.Of(w.st.State()), 1)
		check(t, "entries left", len(w.keys()), 0)
	})
}

// The first use of an API mounts it, which may call subscribers of the store, which may use the API for the first time.
func TestTheFirstUseFromInsideTheFirstUse(t *testing.T) {
	in(t, setup{unmounted: true}, func(t *testing.T, w *world) {
		st := open(t, store.Options{Saved: []byte(`{"shop":{}}`)})
		subs := make(chan *query.Subscription[item], 2)
		use := func() { subs <- w.item.Subscribe(st, "a", func(query.Result[item]) {}) }
		var once atomic.Bool
		fresh := store.Select(w.api.Slice, func(query.Cache) *int { return new(int) })
		stop := store.Subscribe(context.Background(), st, fresh, func(*int) {
			if !once.Swap(true) {
				use()
			}
		})
		defer stop()
		use()
		after(time.Second)
		check(t, "subscriptions", len(subs), 2)
		for range len(subs) {
			s := <-subs
			check(t, "data", s.Result().Data, item{ID: "a"})
			s.Close()
		}
		w.asks("a", 1)
	})
}

func TestAFetchThatEndsItsGoroutine(t *testing.T) {
	in(t, setup{query: func(s *query.Spec[string, item]) {
		s.Fetch = func(context.Context, query.Call, string) (item, error) { runtime.Goexit(); return item{}, nil }
	}}, func(t *testing.T, w *world) {
		_, err := w.item.Fetch(t.Context(), w.st, "a")
		if _, ok := errors.AsType[*store.PanicError](err); !ok {
			t.Errorf("error %v, want a *PanicError", err)
		}
		check(t, "entry", w.peek("a").IsError(), true)
	})
}

func TestASubscriberThatEndsItsGoroutine(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		told := 0
		for i := range 3 {
			sub := w.item.Subscribe(w.st, "a", func(r query.Result[item]) {
				if told++; i == 1 && r.Status == query.Fulfilled && r.Data.Rev == 0 {
					runtime.Goexit() // as t.FailNow does
				}
			})
			defer sub.Close()
		}
		after(time.Second)
		check(t, "the others are told", told, 3)
		w.bump()
		_, err := w.item.Refetch(t.Context(), w.st, "a")
		isErr(t, "Refetch", err, nil)
		check(t, "data", w.peek("a").Data.Rev, 1)
	})
}

// An action from elsewhere (another tab, developer tools) may carry a request number that this store has not reached yet.
func TestOurRequestsAreNewerThanReplayedOnes(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		for range 10 {
			if _, err := w.item.Refetch(t.Context(), w.st, "a"); err != nil {
				t.Fatal(err)
			}
		}
		for _, first := range []bool{true, false} { // whether the store has used the API before
			st := open(t, store.Options{}, w.api)
			if !first {
				_, _ = w.item.Fetch(t.Context(), st, "b")
			}
			for _, a := range w.actions.all {
				if err := st.Dispatch(a); err != nil {
					t.Fatal(err)
				}
			}
			check(t, "replayed", w.item.Peek(st.State(), "a").HasData, true)
			w.bump()
			it, err := w.item.Refetch(t.Context(), st, "a")
			isErr(t, "Refetch", err, nil)
			check(t, "the answer is in the state", w.item.Peek(st.State(), "a").Data, it)
			w.api.Reset(st)
			check(t, "reset forgets replayed ones too", w.item.Peek(st.State(), "a"), query.Result[item]{})
		}
	})
}

func TestASubscriptionThatIsClosedInTheMiddleOfARound(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		var subs [2]atomic.Pointer[query.Subscription[item]]
		told := 0
		for i := range subs {
			subs[i].Store(w.item.Subscribe(w.st, "a", func(query.Result[item]) {
				told++
				subs[1-i].Load().Close()
			}))
		}
		after(time.Second)
		check(t, "subscribers told", told, 1)
		for i := range subs {
			subs[i].Load().Close()
		}
	})
}
