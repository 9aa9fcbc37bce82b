//go:build !js

package bind_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"slate/app/bind"
	"slate/app/bind/bindtest"
	"slate/store"
	"slate/store/query"
)

// server answers the tests' requests when it is told to.
type server struct {
	asked   chan string
	answers chan answer
	gone    chan string // requests that were cancelled
}

type answer struct {
	text string
	err  error
}

func newServer() *server {
	return &server{asked: make(chan string, 100), answers: make(chan answer), gone: make(chan string, 100)}
}

func (s *server) serve(ctx context.Context, what string) (string, error) {
	s.asked <- what
	select {
	case a := <-s.answers:
		return a.text, a.err
	case <-ctx.Done():
		s.gone <- what
		return "", ctx.Err()
	}
}

var (
	theServer = store.NewDep[*server]("server")
	api       = query.NewAPI("bindTest").WithDefaults(query.Defaults{CancelAfter: -1})
	noteTag   = query.NewTag("Note")
	getNote   = query.New(api, query.Spec[string, string]{
		Name: "getNote",
		Fetch: func(ctx context.Context, c query.Call, id string) (string, error) {
			s, _ := theServer.Of(c.Store)
			return s.serve(ctx, "get "+id)
		},
		Provides: func(_ string, _ error, id string) []query.Tag { return noteTag.IDs(id) },
	})
	setNote = query.NewMutation(api, query.MutationSpec[string, string]{
		Name: "setNote",
		Run: func(ctx context.Context, c query.Call, id string) (string, error) {
			s, _ := theServer.Of(c.Store)
			return s.serve(ctx, "set "+id)
		},
		Invalidates: func(_ string, _ error, id string) []query.Tag { return noteTag.IDs(id) },
	})
)

func newServed(t testing.TB) (*store.Store, *server) {
	st, srv := newStore(t, api), newServer()
	theServer.Provide(st, srv)
	return st, srv
}

// until settles the page until it is what it should be: the server's answers arrive on other goroutines.
func until(t *testing.T, page *bindtest.Page, html string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for got := page.HTML(); got != html; got = page.HTML() {
		if ctx.Err() != nil {
			t.Fatalf("got %s, want %s", got, html)
		}
		runtime.Gosched()
	}
}

func noteView(s *bind.Scope, id string) app.UI {
	switch r := bind.Query(s, getNote, id); {
	case r.IsLoading():
		return text("loading")
	case r.IsError():
		return text("error %v", r.Err)
	default:
		return text("%s (fetching %v)", r.Data, r.IsFetching())
	}
}

func TestAQueryIsAskedOnceAndShownAsItStands(t *testing.T) {
	st, srv := newServed(t)
	page := bindtest.Mount(t, st, bind.View(func(s *bind.Scope) app.UI { return noteView(s, "1") }))
	until(t, page, "<p>loading</p>")
	if got := <-srv.asked; got != "get 1" {
		t.Errorf("asked for %q", got)
	}
	srv.answers <- answer{text: "one"}
	until(t, page, "<p>one (fetching false)</p>")
	select {
	case got := <-srv.asked:
		t.Errorf("asked again for %q", got)
	default:
	}
}

func TestTheFirstDrawingIsPendingAlready(t *testing.T) {
	st, srv := newServed(t)
	first := ""
	bindtest.Mount(t, st, bind.View(func(s *bind.Scope) app.UI {
		if r := bind.Query(s, getNote, "1"); first == "" {
			first = fmt.Sprint(r.Status, r.IsLoading())
		}
		return text("any")
	}))
	<-srv.asked
	if first != "pending true" {
		t.Errorf("got %s", first)
	}
}

func TestAnErrorIsShown(t *testing.T) {
	st, srv := newServed(t)
	page := bindtest.Mount(t, st, bind.View(func(s *bind.Scope) app.UI { return noteView(s, "1") }))
	<-srv.asked
	srv.answers <- answer{err: errors.New("no network")}
	until(t, page, "<p>error no network</p>")
}

func TestAnotherArgumentIsAnotherRequest(t *testing.T) {
	st, srv := newServed(t)
	dispatch(t, st, setWord("1"))
	page := bindtest.Mount(t, st, bind.View(func(s *bind.Scope) app.UI { return noteView(s, bind.Select(s, word)) }))
	<-srv.asked
	dispatch(t, st, setWord("2"))
	page.Settle()
	if got := <-srv.asked; got != "get 2" {
		t.Errorf("asked for %q", got)
	}
	if got := <-srv.gone; got != "get 1" {
		t.Errorf("cancelled was %q", got)
	}
	srv.answers <- answer{text: "two"}
	until(t, page, "<p>two (fetching false)</p>")
}

func TestAQueryOfAViewThatLeftIsCancelled(t *testing.T) {
	st, srv := newServed(t)
	page := bindtest.Mount(t, st, bind.View(func(s *bind.Scope) app.UI {
		if bind.Select(s, word) == "leave" {
			return text("left")
		}
		return app.Div().Body(bind.View(func(s *bind.Scope) app.UI { return noteView(s, "1") }))
	}))
	<-srv.asked
	dispatch(t, st, setWord("leave"))
	page.Settle()
	if got := <-srv.gone; got != "get 1" {
		t.Errorf("cancelled was %q", got)
	}
}

func TestQueryIfAsksOnlyWhenItIsTime(t *testing.T) {
	st, srv := newServed(t)
	page := bindtest.Mount(t, st, bind.View(func(s *bind.Scope) app.UI {
		w := bind.Select(s, word)
		r := bind.QueryIf(s, w != "", getNote, w)
		return text("%v %s", r.Status, r.Data)
	}))
	want(t, page.HTML(), "uninitialized")
	dispatch(t, st, setWord("1"))
	page.Settle()
	<-srv.asked
	srv.answers <- answer{text: "one"}
	until(t, page, "<p>fulfilled one</p>")
}

func TestAMutationShowsHowItStandsAndRefreshesWhatItInvalidates(t *testing.T) {
	st, srv := newServed(t)
	var c click
	var outcome string
	page := bindtest.Mount(t, st, app.Div().Body(
		bind.View(func(s *bind.Scope) app.UI { return noteView(s, "1") }),
		bind.View(func(s *bind.Scope) app.UI {
			save := bind.Mutation(s, setNote)
			c.on(s, func(app.Context, app.Event) {
				save.Then("1", func(_ app.Context, r string, err error) { outcome = fmt.Sprintf("%s %t", r, err == nil) })
			})
			return text("save %v %s, told %s", save.Result().Status, save.Result().Data, outcome)
		}),
	))
	<-srv.asked
	srv.answers <- answer{text: "old"}
	until(t, page, "<div>\n<p>old (fetching false)</p>\n<p>save uninitialized , told </p>\n</div>")
	c.fire()
	if got := <-srv.asked; got != "set 1" {
		t.Errorf("asked for %q", got)
	}
	until(t, page, "<div>\n<p>old (fetching false)</p>\n<p>save pending , told </p>\n</div>")
	srv.answers <- answer{text: "saved"}
	if got := <-srv.asked; got != "get 1" {
		t.Errorf("invalidated was %q", got)
	}
	until(t, page, "<div>\n<p>old (fetching true)</p>\n<p>save fulfilled saved, told saved true</p>\n</div>")
	srv.answers <- answer{text: "new"}
	until(t, page, "<div>\n<p>new (fetching false)</p>\n<p>save fulfilled saved, told saved true</p>\n</div>")
}

func TestMutationsOfTwoViewsDoNotInfluenceEachOther(t *testing.T) {
	st, srv := newServed(t)
	var clicks [2]click
	view := func(i int) app.UI {
		return bind.View(func(s *bind.Scope) app.UI {
			save := bind.Mutation(s, setNote)
			clicks[i].on(s, func(app.Context, app.Event) { save.Do("1") })
			return text("%d %v", i, save.Result().Status)
		})
	}
	page := bindtest.Mount(t, st, app.Div().Body(view(0), view(1)))
	clicks[1].fire()
	<-srv.asked
	until(t, page, "<div>\n<p>0 uninitialized</p>\n<p>1 pending</p>\n</div>")
	srv.answers <- answer{text: "saved"}
	until(t, page, "<div>\n<p>0 uninitialized</p>\n<p>1 fulfilled</p>\n</div>")
}

func TestAMutationGoesOnWhenItsViewLeaves(t *testing.T) {
	st, srv := newServed(t)
	var c click
	page := bindtest.Mount(t, st, bind.View(func(s *bind.Scope) app.UI {
		if bind.Select(s, word) == "leave" {
			return text("left")
		}
		return app.Div().Body(bind.View(func(s *bind.Scope) app.UI {
			save := bind.Mutation(s, setNote)
			c.on(s, func(app.Context, app.Event) {
				save.Then("1", func(app.Context, string, error) { t.Error("told a view that has left") })
			})
			return text("here")
		}))
	}))
	c.fire()
	<-srv.asked
	dispatch(t, st, setWord("leave"))
	page.Settle()
	select {
	case srv.answers <- answer{text: "saved"}:
	case <-srv.gone:
		t.Error("the mutation was cancelled")
	}
}
