package query_test

import (
	"context"
	"errors"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"slate/store"
	"slate/store/query"
)

// flags is what a screen asks a result for.
type flags struct {
	Status                            query.Status
	Loading, Fetching, Success, Error bool
	HasData                           bool
	Err                               error
}

func flagsOf(r query.Result[item]) flags {
	return flags{r.Status, r.IsLoading(), r.IsFetching(), r.IsSuccess(), r.IsError(), r.HasData, r.Err}
}

func TestB043_B044_B046_B047_B048_B049_B050_B051_FlagsFollowTheEntry(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		sub := w.subscribe("a")
		step := func(what string, want flags) {
			t.Helper()
			synctest.Wait()
			check(t, what, flagsOf(sub.Result()), want)
			check(t, what+", in the state", flagsOf(w.peek("a")), want)
		}
		answer := func(err error) {
			time.Sleep(time.Millisecond)
			w.set(100*time.Millisecond, err)
			sub.Refetch()
		}
		const p, f, r = query.Pending, query.Fulfilled, query.Rejected
		w.set(100*time.Millisecond, errServer)
		check(t, "B44 the first load", flagsOf(sub.Result()), flags{Status: p, Loading: true, Fetching: true})
		after(time.Second)
		step("the first load failed", flags{Status: r, Error: true, Err: errServer})
		answer(nil)
		step("B46 B49 loading once more; the error stays", flags{Status: p, Loading: true, Fetching: true, Err: errServer})
		after(time.Second)
		step("B50 data came, the error went", flags{Status: f, Success: true, HasData: true})
		answer(errServer)
		step("B43 B47 a refetch over data", flags{Status: p, Fetching: true, Success: true, HasData: true})
		after(time.Second)
		step("B48 it failed, the data stays", flags{Status: r, Error: true, HasData: true, Err: errServer})
		answer(nil)
		step("B49 the error stays while it is tried again", flags{Status: p, Fetching: true, HasData: true, Err: errServer})
		after(time.Second)
		step("B51 all is well", flags{Status: f, Success: true, HasData: true})
	})
}

func TestAnEntryThatNobodyAskedForIsUninitialized(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		check(t, "result", w.peek("a"), query.Result[item]{})
		check(t, "flag", w.peek("a").IsUninitialized(), true)
		check(t, "name", w.peek("a").Status.String(), "uninitialized")
	})
}

// Actions can be replayed, by developer tools or another tab, in any order. An answer counts for its own request only.
func TestB052_AnAnswerToAnOlderRequestChangesNothing(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		sub := w.subscribe("a")
		after(time.Second)
		first := w.actions.all[1]
		w.bump()
		w.set(100*time.Millisecond, errServer)
		sub.Refetch()
		after(time.Second)
		second := w.actions.all[3]
		w.set(100*time.Millisecond, nil)
		sub.Refetch()
		synctest.Wait()
		before := w.peek("a")
		for _, late := range []store.Action{first, second} {
			if err := w.st.Dispatch(late); err != nil {
				t.Fatal(err)
			}
			check(t, "after a late "+late.Type(), w.peek("a"), before)
		}
		after(time.Second)
		check(t, "the latest answer", w.peek("a").Data.Rev, 1)
	})
}

type shelf struct {
	Name  string
	Books []*book
	Index map[string]*book
	Stamp time.Time
	Cover any
	Score float64
}

type book struct{ Title, Note string }

func newShelf(change func(*shelf)) shelf {
	s := shelf{
		Name: "A", Books: []*book{{Title: "one"}, {Title: "two"}},
		Index: map[string]*book{"one": {Title: "one"}, "two": {Title: "two"}},
		Stamp: time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC), Cover: []int{1, 2}, Score: math.NaN(),
	}
	change(&s)
	return s
}

func TestB054_AnEqualAnswerKeepsItsIdentity(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := query.NewAPI("shelf")
		get := query.New(api, query.Spec[string, shelf]{
			Name: "get",
			Fetch: func(context.Context, query.Call, string) (shelf, error) {
				return newShelf(func(s *shelf) { s.Score = 1 }), nil
			},
		})
		computed := 0
		books := store.Derive(get.Select("a"), func(r query.Result[shelf]) []*book { return r.Data.Books })
		titles := store.Derive(books, func(bs []*book) int { computed++; return len(bs) })
		st := open(t, store.Options{}, api)
		sub := get.Subscribe(st, "a", nil)
		defer sub.Close()
		synctest.Wait()
		before := sub.Result().Data.Books
		check(t, "books", titles.Of(st.State()), 2)
		sub.Refetch()
		synctest.Wait()
		check(t, "the same books", &sub.Result().Data.Books[0] == &before[0], true)
		check(t, "books", titles.Of(st.State()), 2)
		check(t, "computations", computed, 1)
	})
}

func TestB055_B056_B058_ShareParts(t *testing.T) {
	old := newShelf(func(*shelf) {})
	for _, tt := range []struct {
		name                      string
		change                    func(*shelf)
		book0, book1, one, shared bool // what keeps its identity; shared: the list of books
	}{
		{"B58 nothing changed, and NaN is NaN", func(*shelf) {}, true, true, true, true},
		{"B55 a field of the root", func(s *shelf) { s.Name = "B" }, true, true, true, true},
		{"B55 one of two books", func(s *shelf) { s.Books[0].Note = "new" }, false, true, true, false},
		{"B56 a longer list", func(s *shelf) { s.Books = append(s.Books, &book{Title: "three"}) }, true, true, true, false},
		{"B56 by index", func(s *shelf) { s.Books[0], s.Books[1] = s.Books[1], s.Books[0] }, false, false, true, false},
		{"a value of a map", func(s *shelf) { s.Index["two"].Note = "new" }, true, true, true, true},
		{"a map lost a key", func(s *shelf) { delete(s.Index, "two") }, true, true, true, true},
		{"a time", func(s *shelf) { s.Stamp = s.Stamp.Add(1) }, true, true, true, true},
		{"what an interface holds", func(s *shelf) { s.Cover = []int{1} }, true, true, true, true},
		{"its type", func(s *shelf) { s.Cover = "x" }, true, true, true, true},
		{"nothing there", func(s *shelf) { s.Cover = nil }, true, true, true, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fresh := newShelf(tt.change)
			want := newShelf(tt.change)
			got := query.ShareParts(old, fresh)
			got.Score, want.Score = 0, 0
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			check(t, "books[0]", got.Books[0] == old.Books[0], tt.book0)
			check(t, "books[1]", got.Books[1] == old.Books[1], tt.book1)
			check(t, "index[one]", got.Index["one"] == old.Index["one"], tt.one)
			check(t, "books", &got.Books[0] == &old.Books[0], tt.shared)
			fresh.Score = 0
			if !cmp.Equal(fresh, want) {
				t.Error("the new answer was written to")
			}
		})
	}
	if got := query.ShareParts[error](errServer, nil); got != nil {
		t.Errorf("nil after something: %v", got)
	}
	if got := query.ShareParts[[]int](nil, []int{}); got == nil {
		t.Error("an empty list after nil must stay an empty list")
	}
}

func TestB057_SharingCanBeTurnedOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := query.NewAPI("shelf")
		get := query.New(api, query.Spec[string, []int]{
			Name:  "get",
			Fetch: func(context.Context, query.Call, string) ([]int, error) { return []int{1}, nil },
			Share: func(_, fresh []int) []int { return fresh },
		})
		st := open(t, store.Options{}, api)
		before, _ := get.Fetch(t.Context(), st, "a")
		now, _ := get.Refetch(t.Context(), st, "a")
		check(t, "identity kept", &before[0] == &now[0], false)
	})
}

// A cancelled request leaves no trace: the entry goes back to what it was.
func TestB063_ACancelledRequestLeavesTheEntryAsItWas(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		w.set(time.Minute, nil)
		sub := w.subscribe("new")
		sub.Close()
		after(2 * time.Second)
		check(t, "never answered", w.peek("new"), query.Result[item]{})
		w.isCached("new", false)

		w.set(0, nil)
		w.fetch("a")
		fulfilled := w.peek("a")
		w.set(time.Minute, nil)
		ctx, cancel := context.WithCancel(t.Context())
		go func() { _, _ = w.item.Refetch(ctx, w.st, "a") }()
		synctest.Wait()
		check(t, "while it runs", w.peek("a").Status, query.Pending)
		cancel()
		after(2 * time.Second)
		check(t, "answered before", w.peek("a"), fulfilled)
		check(t, "requests cancelled", len(w.cancelled()), 2)
		check(t, "actions", w.actions.count("shop/executeQuery/cancelled"), 1)

		w.set(0, errServer)
		_, _ = w.item.Refetch(t.Context(), w.st, "a")
		failed := w.peek("a")
		w.set(time.Minute, nil)
		sub = w.subscribe("a")
		sub.Refetch()
		sub.Close()
		after(2 * time.Second)
		check(t, "failed before", w.peek("a"), failed)
	})
}

func TestB064_APanicIsAnError(t *testing.T) {
	broken := errors.New("broken")
	in(t, setup{query: func(s *query.Spec[string, item]) {
		s.Fetch = func(context.Context, query.Call, string) (item, error) { panic(broken) }
	}}, func(t *testing.T, w *world) {
		_, err := w.item.Fetch(t.Context(), w.st, "a")
		p, ok := errors.AsType[*store.PanicError](err)
		if !ok || p.In != "Fetch of shop/item" || len(p.Stack) == 0 {
			t.Fatalf("error %#v, want a *PanicError of Fetch with a stack", err)
		}
		isErr(t, "what was passed to panic", err, broken)
		check(t, "entry", w.peek("a").IsError(), true)
	})
}

func TestB065_AResetWhileARequestRuns(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		w.set(time.Minute, nil)
		var err error
		go func() { _, err = w.item.Fetch(context.Background(), w.st, "a") }()
		synctest.Wait()
		w.api.Reset(w.st)
		synctest.Wait()
		isErr(t, "the waiting caller", err, query.ErrReset)
		after(time.Hour)
		w.isCached("a", false)
		check(t, "cancelled", errors.Is(w.cancelled()[0], query.ErrReset), true)
	})
}

func TestResetStartsWatchedQueriesAgain(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		sub := w.subscribe("a")
		w.fetch("b")
		handle := w.write.WatchShared(w.st, "k", nil)
		defer handle.Close()
		if _, err := handle.Do(t.Context(), "z"); err != nil {
			t.Fatal(err)
		}
		after(time.Second)
		w.bump()
		w.api.Reset(w.st)
		check(t, "loading", flagsOf(sub.Result()), flags{Status: query.Pending, Loading: true, Fetching: true})
		w.isCached("b", false)
		check(t, "the mutation's result", handle.Result(), query.MutationResult[string, item]{})
		after(time.Second)
		check(t, "fresh data", sub.Result().Data.Rev, 2)
		check(t, "requests", w.requests("a"), 2)
	})
}
