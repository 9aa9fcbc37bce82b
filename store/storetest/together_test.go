package storetest_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"slate/store"
	"slate/store/entity"
	"slate/store/listen"
	"slate/store/query"
	"slate/store/storetest"
)

type book struct {
	ID    string
	Title string
}

type library struct {
	Books entity.Entities[string, book]
	Query string
}

// Collections are compared by what they hold: how they are laid out, which go-cmp could not even see, does not matter.
func TestEntities(t *testing.T) {
	books := entity.NewAdapter(func(b book) string { return b.ID }, entity.Options[book]{})
	slice := store.NewSlice("library", library{})
	save := store.Case(slice, "save", func(l library, b book) library { l.Books = books.Upsert(l.Books, b); return l })

	story := func(tb testing.TB, title string) {
		ts := storetest.NewTestStore(tb, slice)
		ts.Send(save(book{"1", "Emma"}), storetest.Expect(slice, func(want *library) {
			want.Books = books.Add(want.Books, book{"1", "Emma"})
		}))
		ts.Send(save(book{"1", "Persuasion"}), storetest.Expect(slice, func(want *library) {
			want.Books = books.Upsert(want.Books, book{"1", title})
		}))
	}
	if got := try(t, func(tb testing.TB) { story(tb, "Persuasion") }); got != "" {
		t.Errorf("message %q", got)
	}
	if got := try(t, func(tb testing.TB) { story(tb, "Emma") }); !strings.Contains(got, `"Emma"`) || !strings.Contains(got, `"Persuasion"`) {
		t.Errorf("another entity: message %q", got)
	}
}

// A listener that waits until nobody types any more, in no time.
func TestListener(t *testing.T) {
	slice := store.NewSlice("library", library{})
	typed := store.Case(slice, "typed", func(l library, text string) library { l.Query = text; return l })
	search := store.NewCreator[string]("library/search")
	debounced := listen.On(typed, func(ctx context.Context, e listen.Event, text string) error {
		if err := listen.Delay(ctx, time.Hour); err != nil {
			return err
		}
		return e.Store.Dispatch(search(text))
	}).Latest()

	synctest.Test(t, func(t *testing.T) {
		ts := storetest.NewTestStore(t, slice)
		debounced.Start(t.Context(), ts.Store)
		start := time.Now()
		for _, text := range []string{"e", "em", "emma"} {
			ts.Send(typed(text), storetest.Expect(slice, func(want *library) { want.Query = text }))
			time.Sleep(time.Minute)
		}
		storetest.Receive(ts, search, "emma")
		if took := time.Since(start); took != 2*time.Minute+time.Hour {
			t.Errorf("searched after %v", took)
		}
	})
}

// What the query engine dispatches is received by the matchers of the query; its cache only it can make.
func TestQuery(t *testing.T) {
	api := query.NewAPI("libraryApi")
	get := query.New(api, query.Spec[string, book]{Name: "getBook", Fetch: func(ctx context.Context, _ query.Call, id string) (book, error) {
		select {
		case <-time.After(time.Second):
			return book{id, "Emma"}, nil
		case <-ctx.Done():
			return book{}, ctx.Err()
		}
	}})
	synctest.Test(t, func(t *testing.T) {
		ts := storetest.NewTestStore(t, api)
		ts.Ignore(api)
		sub := get.Subscribe(ts.Store, "1", func(query.Result[book]) {})
		call := storetest.ReceiveMatch(ts, get.MatchPending)
		done := storetest.ReceiveMatch(ts, get.MatchFulfilled)
		if call.Arg != "1" || done.Result.Title != "Emma" {
			t.Errorf("%+v, %+v", call, done)
		}
		sub.Close()

		got := try(t, func(tb testing.TB) {
			ts := storetest.NewTestStore(tb, api)
			ts.Ignore(api)
			get.Subscribe(ts.Store, "1", func(query.Result[book]) {})
			storetest.ReceiveMatch(ts, get.MatchPending)
		})
		if !strings.Contains(got, "effects still run") || !strings.Contains(got, get.Name()) {
			t.Errorf("a request that is left over: message %q", got)
		}
	})
}
