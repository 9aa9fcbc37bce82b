package app

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"slate/app/bind"
	"slate/slices/medtechapi"
	"slate/slices/petra"
)

// splash stands until it is known whether somebody is logged in.
func (u ui) splash(*bind.Scope) app.UI {
	return app.Main().ID("main").Class("alone").TabIndex(-1).Aria("busy", true).Body(
		app.Div().Class("alone-head").Body(
			app.Span().Class("logo"),
			app.H1().ID("title").Text("Petra"),
			app.P().Attr("role", "status").Text("One moment…"),
		),
		app.Div().Class("spinner").Aria("hidden", true),
	)
}

// unreachable stands where somebody was logged in on this device and the server cannot be asked. The saved log-in is kept.
func (u ui) unreachable(s *bind.Scope) app.UI {
	session := bind.Select(s, medtechapi.Session)
	d := bind.Select(s, theDevice)
	busy := session.Phase == medtechapi.Resuming
	text := "Petra cannot reach its server. You are still logged in on this device; nothing is lost."
	switch {
	case d.Offline:
		text = "You are offline. You are still logged in on this device; Petra goes on as soon as there is a connection."
	case session.Failure == medtechapi.Unavailable:
		text = "Petra's server has a problem. You are still logged in on this device; nothing is lost."
	}
	return app.Main().ID("main").Class("alone").TabIndex(-1).Body(
		app.Div().Class("alone-head").Body(
			icon("offline", "large"),
			title("Not connected"),
			app.P().Attr("role", "status").Text(text),
		),
		app.Div().Class("actions").Body(
			busyButton(button("retry", "again", "Try again"), busy).Class("primary").
				OnClick(s.On(func(app.Context, app.Event) { resume(u.st.Context(), u.st) })),
			button("forget", "", "Log in as somebody else").
				OnClick(s.On(func(app.Context, app.Event) { u.st.Dispatch(petra.RevertAll()) })),
		),
	)
}

// notFound stands at a path that is no page.
func (u ui) notFound(*bind.Scope) app.UI {
	return app.Main().ID("main").Class("alone").TabIndex(-1).Body(
		app.Div().Class("alone-head").Body(
			app.Span().Class("logo"),
			title("Page not found"),
			app.P().Text("There is no such page in Petra. The address may be mistyped or old."),
		),
		app.A().Class("button", "primary").Href(accountPath).Text("Go to my information"),
	)
}

// broken stands in the place of what has panicked.
func broken(f bind.Failure) app.UI {
	return app.Div().Class("card", "stack").Attr("role", "alert").Body(
		note("bad", "alert", "Something went wrong here. What was saved is safe."),
		app.Div().Class("actions").Body(
			button("retry", "again", "Try again").OnClick(f.Retry),
			button("reload", "", "Reload the page").OnClick(f.Reload),
		),
	)
}
