package app

import (
	"context"
	"errors"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"slate/medtech"
	"slate/queries"
	"slate/slices/petra"
	"slate/store"
)

// device is what is known of the browser and its connection.
type device struct {
	Offline     bool `json:"offline"`     // the browser says so
	Unreached   bool `json:"unreached"`   // the latest request got no answer
	Update      bool `json:"update"`      // a newer version is ready
	Installable bool `json:"installable"` // the browser offers to install
}

var (
	deviceSlice = store.NewSlice("device", device{})

	connected   = store.Case(deviceSlice, "connected", func(d device, online bool) device { d.Offline = !online; return d })
	updateReady = store.Case(deviceSlice, "updateReady", func(d device, is bool) device { d.Update = is; return d })
	installable = store.Case(deviceSlice, "installable", func(d device, is bool) device { d.Installable = is; return d })

	theDevice = store.Select(deviceSlice, func(d device) device { return d })
)

func init() {
	store.OnMatch(deviceSlice, answered, func(d device, _ store.Action) device { d.Unreached = false; return d })
	store.OnMatch(deviceSlice, unanswered, func(d device, _ store.Action) device { d.Unreached = true; return d })
}

// answered matches what only an answer of the server can cause. Endpoints tell, and not the thunks around them: a mutation's
// failure comes before the reads that it causes, so that the latest word is the latest answer.
func answered(a store.Action) bool {
	_, user := queries.GetUser.MatchFulfilled(a)
	_, doctor := queries.GetHealthcareProfessional.MatchFulfilled(a)
	_, found := queries.FilterHealthcareProfessionals.MatchFulfilled(a)
	_, shared := queries.ShareDataWith.MatchFulfilled(a)
	_, stopped := queries.StopSharingWith.MatchFulfilled(a)
	return user || doctor || found || shared || stopped
}

// unanswered matches requests that failed because nobody answered.
func unanswered(a store.Action) bool {
	var err error
	if f, ok := queries.GetUser.MatchRejected(a); ok {
		err = f.Err
	} else if f, ok := queries.GetHealthcareProfessional.MatchRejected(a); ok {
		err = f.Err
	} else if f, ok := queries.FilterHealthcareProfessionals.MatchRejected(a); ok {
		err = f.Err
	} else if f, ok := queries.ShareDataWith.MatchRejected(a); ok {
		err = f.Err
	} else if f, ok := queries.StopSharingWith.MatchRejected(a); ok {
		err = f.Err
	}
	return errors.Is(err, medtech.ErrOffline) || errors.Is(err, medtech.ErrTimeout)
}

// watchConnection follows what the browser says of the network. Back online, it calls back.
func watchConnection(st *store.Store, back func()) (stop func()) {
	window := app.Window()
	listener := app.FuncOf(func(app.Value, []app.Value) any {
		online := window.Get("navigator").Get("onLine").Truthy()
		st.Dispatch(connected(online))
		if online {
			back()
		}
		return nil
	})
	events := []string{"online", "offline"}
	for _, event := range events {
		window.Call("addEventListener", event, listener)
	}
	if line := window.Get("navigator").Get("onLine"); app.IsClient && !line.Truthy() {
		st.Dispatch(connected(false))
	}
	return func() {
		for _, event := range events {
			window.Call("removeEventListener", event, listener)
		}
		listener.Release()
	}
}

// watchTheme puts the theme where the style sheets look for it.
func watchTheme(st *store.Store) (stop func()) {
	apply := func(t petra.Theme) {
		root := app.Window().Get("document").Get("documentElement")
		if t == petra.System {
			root.Call("removeAttribute", "data-theme")
			return
		}
		root.Call("setAttribute", "data-theme", string(t))
	}
	apply(petra.CurrentTheme.Of(st.State()))
	return store.Subscribe(context.Background(), st, petra.CurrentTheme, apply)
}

// watchUpdate asks whether a newer version was downloaded before this page began.
func watchUpdate(st *store.Store) {
	if shell := app.Window().Get("shell"); shell.Truthy() {
		shell.Call("updateWaiting").Then(func(waiting app.Value) {
			if waiting.Truthy() {
				st.Dispatch(updateReady(true))
			}
		})
	}
}

// applyUpdate loads the newer version.
func applyUpdate(ctx app.Context) {
	if shell := app.Window().Get("shell"); shell.Truthy() {
		shell.Call("applyUpdate")
		return
	}
	ctx.Reload()
}

// refocus is focus, unless the person is typing somewhere.
func refocus(id string) {
	if active := app.Window().Get("document").Get("activeElement"); active.Truthy() && active.Get("tagName").String() == "INPUT" {
		return
	}
	focus(id)
}

// focus moves the focus to an element, where it is on the page.
func focus(id string) {
	if e := app.Window().GetElementByID(id); e.Truthy() {
		e.Call("focus")
	}
}

// reveal scrolls an element into view, where it is not.
func reveal(id string) {
	if e := app.Window().GetElementByID(id); e.Truthy() {
		e.Call("scrollIntoView", map[string]any{"block": "nearest"})
	}
}
