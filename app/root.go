package app

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"slate/app/bind"
	"slate/slices/medtechapi"
	"slate/store"
)

// root is the component of every path. The pages differ in what they draw, not in their component: going from one to the
// other keeps header, banners and messages in place.
type root struct {
	app.Compo
	ui
	shown Screen
}

// ui draws the pages. Its methods are what bind.View draws.
type ui struct{ st *store.Store }

// OnNav notes which page it is.
func (r *root) OnNav(ctx app.Context) {
	path := ctx.Page().URL().Path
	if path == "" {
		path = homePath
	}
	r.st.Dispatch(arrived(path))
	r.correct(ctx)
}

// OnAppUpdate hears of a newer version while the page is open.
func (r *root) OnAppUpdate(app.Context) { r.st.Dispatch(updateReady(true)) }

// OnAppInstallChange hears that the browser offers to install.
func (r *root) OnAppInstallChange(ctx app.Context) {
	r.st.Dispatch(installable(ctx.IsAppInstallable()))
}

// Render draws the page.
func (r *root) Render() app.UI { return bind.View(r.page) }

// page is the frame and, in it, the screen.
func (r *root) page(s *bind.Scope) app.UI {
	screen := bind.Select(s, CurrentScreen)
	bind.Effect(s, screen, func(ctx app.Context) func() { r.show(ctx, screen); return nil })
	return app.Div().Class("app").
		DataSet("ready", r.st != nil).
		DataSet("screen", string(screen)).
		Body(
			app.A().Class("skip").Href("#main").Text("Skip to content").OnClick(s.On(func(_ app.Context, e app.Event) {
				e.PreventDefault()
				e.StopImmediatePropagation() // or go-app would take it for another page
				focus("main")
			})),
			bind.View(r.header),
			bind.View(r.banners),
			r.screen(screen),
			bind.View(r.toast),
		)
}

// screen draws what stands between header and messages.
func (u ui) screen(screen Screen) app.UI {
	switch screen {
	case LogIn:
		return &logIn{ui: u}
	case Unreachable:
		return bind.View(u.unreachable)
	case Account:
		return bind.View(u.account)
	case Doctors:
		return bind.View(u.doctors)
	case NotFound:
		return bind.View(u.notFound)
	}
	return bind.View(u.splash)
}

// show tells the browser of another screen. The focus goes to its heading, save for the first screen, and where a message
// takes it.
func (r *root) show(ctx app.Context, screen Screen) {
	ctx.Page().SetTitle(titles[screen])
	r.correct(ctx)
	if r.shown != "" && r.shown != Splash && medtechapi.Session.Of(r.st.State()).Failure == medtechapi.NoFailure {
		focus("title")
	}
	r.shown = screen
}

// correct makes the location bar show the address of what is shown, without a new entry in the history.
func (u ui) correct(ctx app.Context) {
	state := u.st.State()
	screen, address := CurrentScreen.Of(state), *ctx.Page().URL()
	path := addressOf(screen, thePlace.Of(state).Path)
	if path == address.Path || screen == Splash {
		return
	}
	address.Path, address.RawQuery, address.Fragment = path, "", ""
	ctx.Page().ReplaceURL(&address)
	u.st.Dispatch(arrived(path))
}
