package query_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"slate/store"
	"slate/store/query"
)

var (
	apple = query.NewTag("apple")
	pear  = query.NewTag("pear")
)

func TestMatching(t *testing.T) {
	var none query.Tag
	for _, tt := range []struct {
		name        string
		provided    []query.Tag
		invalidated []query.Tag
		hit         bool
	}{
		{"B99 the same type", []query.Tag{apple.Tag()}, []query.Tag{apple.Tag()}, true},
		{"B100 another type", []query.Tag{apple.Tag()}, []query.Tag{pear.Tag()}, false},
		{"B101 a type declared twice is one type", []query.Tag{query.NewTag("apple").Tag()}, []query.Tag{apple.Tag()}, true},
		{"B102 the type hits every id", []query.Tag{apple.ID("1")}, []query.Tag{apple.Tag()}, true},
		{"B103 an id does not hit what provides the type only", []query.Tag{apple.Tag()}, []query.Tag{apple.ID("1")}, false},
		{"B104 the same id", []query.Tag{apple.ID("1")}, []query.Tag{apple.ID("1")}, true},
		{"B104 another id", []query.Tag{apple.ID("1")}, []query.Tag{apple.ID("2")}, false},
		{"B104 the same id of another type", []query.Tag{apple.ID("1")}, []query.Tag{pear.ID("1")}, false},
		{"B105 empty tags among others", []query.Tag{apple.ID("1")}, []query.Tag{none, apple.ID("1"), none}, true},
		{"B106 empty tags only", []query.Tag{apple.ID("1")}, []query.Tag{none, none}, false},
		{"B106 no tags", []query.Tag{apple.ID("1")}, nil, false},
		{"B107 any of several", []query.Tag{apple.ID("1"), apple.ID("2"), pear.Tag()}, []query.Tag{apple.ID("2")}, true},
		{"B108 several at once", []query.Tag{apple.ID("1"), apple.ID("1"), pear.Tag()}, []query.Tag{apple.Tag(), apple.ID("1"), pear.Tag()}, true},
		{"B109 an entry without tags", nil, []query.Tag{apple.Tag(), pear.ID("1")}, false},
		{"B111 the empty id is an id", []query.Tag{apple.ID("")}, []query.Tag{apple.ID("")}, true},
		{"B111 the empty id is not no id", []query.Tag{apple.Tag()}, []query.Tag{apple.ID("")}, false},
		{"B111 the empty id is not 0", []query.Tag{apple.ID("0")}, []query.Tag{apple.ID("")}, false},
		{"B112 ids are text: 1 is 1 and not 01", []query.Tag{apple.ID("1")}, []query.Tag{apple.ID("01")}, false},
		{"B118 empty tags are not provided", []query.Tag{none, apple.ID("1"), none}, []query.Tag{apple.Tag()}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in(t, setup{query: func(s *query.Spec[string, item]) {
				s.Provides = func(item, error, string) []query.Tag { return tt.provided }
			}}, func(t *testing.T, w *world) {
				w.subscribe("a")
				after(time.Second)
				want := 0
				if tt.hit {
					want = 1
				}
				found := query.Matching(w.st, tt.invalidated...)
				check(t, "matching entries", len(found), want)
				w.asks("a", 1)
				inv := query.Invalidate(w.st, tt.invalidated...)
				check(t, "entries hit", len(inv.Hits()), want)
				after(time.Second)
				w.asks("a", 1+want)
			})
		})
	}
}

func TestB110_MatchingDescribesTheEntriesAndChangesNothing(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		w.subscribe("a")
		w.fetch("b")
		synctest.Wait()
		before := w.st.State()
		found := query.Matching(w.st, w.tag.Tag(), w.tag.ID("a"))
		slices.SortFunc(found, func(a, b query.Entry) int { return strings.Compare(a.Key, b.Key) })
		check(t, "entries", len(found), 2)
		check(t, "API", found[0].API, "shop")
		check(t, "endpoint", found[0].Endpoint, "item")
		check(t, "key", found[0].Key, `item("a")`)
		check(t, "watchers", found[0].Watchers, 1)
		check(t, "tags", found[1].Tags[0], w.tag.ID("b"))
		check(t, "the state is the same", w.st.State() == before, true)
		w.asks("a", 1)
	})
}

func TestB113_B114_WhatProvidesIsGiven(t *testing.T) {
	type given struct {
		data item
		err  error
		arg  string
	}
	var got []given
	in(t, setup{query: func(s *query.Spec[string, item]) {
		s.Provides = func(it item, err error, arg string) []query.Tag {
			got = append(got, given{it, err, arg})
			if err != nil {
				return apple.IDs("failed")
			}
			return apple.IDs("good")
		}
	}}, func(t *testing.T, w *world) {
		sub := w.subscribe("a")
		after(time.Second)
		w.set(0, errServer)
		sub.Refetch()
		synctest.Wait()
		if want := []given{{data: item{ID: "a"}, arg: "a"}, {err: errServer, arg: "a"}}; !slices.Equal(got, want) {
			t.Errorf("Provides was given %v, want %v", got, want)
		}
		check(t, "B114 the tags of the failure count", len(query.Matching(w.st, apple.ID("failed"))), 1)
		check(t, "B116 those before do not", len(query.Matching(w.st, apple.ID("good"))), 0)
	})
}

func TestB115_APanicKeepsTheTags(t *testing.T) {
	for _, where := range []string{"Fetch", "Provides"} {
		t.Run(where, func(t *testing.T) {
			broken := false
			in(t, setup{query: func(s *query.Spec[string, item]) {
				fetch := s.Fetch
				s.Fetch = func(ctx context.Context, c query.Call, id string) (item, error) {
					if broken && where == "Fetch" {
						panic("broken")
					}
					return fetch(ctx, c, id)
				}
				s.Provides = func(item, error, string) []query.Tag {
					if broken && where == "Provides" {
						panic("broken")
					}
					return []query.Tag{apple.Tag()}
				}
			}}, func(t *testing.T, w *world) {
				sub := w.subscribe("a")
				after(time.Second)
				broken = true
				sub.Refetch()
				after(time.Second)
				check(t, "the entry failed", w.peek("a").IsError(), where == "Fetch")
				check(t, "logged", strings.Contains(w.log.String(), "panic in Provides of shop/item"), where == "Provides")
				broken = false
				query.Invalidate(w.st, apple.Tag())
				after(time.Second)
				check(t, "recovered", w.peek("a").IsSuccess(), true)
			})
		})
	}
}

func TestB116_B117_ARefetchReplacesTheTags(t *testing.T) {
	tags := []query.Tag{apple.ID("1"), pear.ID("1")}
	in(t, setup{query: func(s *query.Spec[string, item]) {
		s.Provides = func(item, error, string) []query.Tag { return tags }
	}}, func(t *testing.T, w *world) {
		sub := w.subscribe("a")
		refetch := func() { sub.Refetch(); after(time.Second) }
		after(time.Second)
		refetch()
		check(t, "B117 equal tags go on matching", len(query.Matching(w.st, pear.ID("1"), apple.Tag())), 1)
		tags = []query.Tag{apple.ID("2")}
		refetch()
		check(t, "B116 a dropped tag", len(query.Matching(w.st, pear.ID("1"), pear.Tag(), apple.ID("1"))), 0)
		check(t, "B116 the new tag", len(query.Matching(w.st, apple.ID("2"))), 1)
	})
}

func TestB120_ARemovedEntryMatchesNothing(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		w.fetch("a")
		check(t, "before", len(query.Matching(w.st, w.tag.Tag())), 1)
		after(time.Hour)
		check(t, "after it expired", len(query.Matching(w.st, w.tag.Tag())), 0)
	})
}

func TestInvalidationSaysWhatItHitAndMissed(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		w.subscribe("a")
		w.fetch("b")
		after(time.Second)
		inv := query.Invalidate(w.st, w.tag.IDs("a", "b", "c")...)
		if got, want := inv.Hits(), []string{`shop/item("a")`, `shop/item("b")`}; !slices.Equal(got, want) {
			t.Errorf("hits %v, want %v", got, want)
		}
		if got, want := inv.Missed(), w.tag.IDs("c"); !slices.Equal(got, want) {
			t.Errorf("missed %v, want %v", got, want)
		}
		unprovided, ok := errors.AsType[*query.UnprovidedTagsError](inv.Err())
		if !ok || !slices.Equal(unprovided.Tags, w.tag.IDs("c")) {
			t.Errorf("Err: %v, want one that names tag c", inv.Err())
		}
		w.bump()
		isErr(t, "Wait", inv.Wait(t.Context()), nil)
		check(t, "settled", w.peek("a").Status, query.Fulfilled)
		w.asks("a", 2)
		w.asks("b", 1)
		isErr(t, "Err where all was hit", query.Invalidate(w.st, w.tag.ID("a")).Err(), nil)

		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(errServer)
		isErr(t, "Wait with a context that has ended", query.Invalidate(w.st, w.tag.ID("a")).Wait(ctx), errServer)
	})
}

func TestTagsCrossAPIs(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		other := query.NewAPI("other")
		touch := query.NewMutation(other, query.MutationSpec[string, query.None]{
			Name:        "touch",
			Run:         func(context.Context, query.Call, string) (query.None, error) { return query.None{}, nil },
			Invalidates: func(_ query.None, _ error, id string) []query.Tag { return w.tag.IDs(id) },
		})
		w.subscribe("a")
		w.subscribe("b")
		after(time.Second)
		if _, err := touch.Do(t.Context(), w.st, "a"); err != nil {
			t.Fatal(err)
		}
		after(time.Second)
		w.asks("a", 2)
		w.asks("b", 1)
	})
}

func TestAnAPIThatNobodyMountedIsInjected(t *testing.T) {
	in(t, setup{unmounted: true}, func(t *testing.T, w *world) {
		check(t, "before", w.peek("a"), query.Result[item]{})
		w.subscribe("a")
		after(time.Second)
		w.isCached("a", true)
	})
}

func TestTwoAPIsOfOneName(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		twin := echo[int](query.NewAPI("shop"), "twin")
		_, err := twin.Fetch(t.Context(), w.st, 1)
		if _, ok := errors.AsType[*store.DuplicateSliceError](err); !ok {
			t.Errorf("error %v, want a *store.DuplicateSliceError", err)
		}
		r := twin.Subscribe(w.st, 1, nil).Result()
		check(t, "a subscription says so too", r.IsError(), true)
	})
}

// While a request hangs, what is remembered of invalidated ids stays bounded, and none is lost.
func TestInvalidationsDuringARequestThatHangs(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		w.set(time.Hour, nil)
		w.subscribe("hangs")
		w.set(time.Second, nil)
		w.subscribe("a")
		after(500 * time.Millisecond)
		query.Invalidate(w.st, w.tag.ID("a")) // before its tags are known
		for i := range 5_000 {
			query.Invalidate(w.st, w.tag.ID(strconv.Itoa(i)))
		}
		w.fetch("b") // an answer is when what is remembered is tidied up
		after(5 * time.Second)
		w.asks("a", 2)
	})
}

func TestACacheIsNotSaved(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		w.fetch("a")
		saved, err := w.st.Encode(w.st.State())
		if err != nil || string(saved) != "{}" {
			t.Errorf("saved %s, %v", saved, err)
		}
	})
}
