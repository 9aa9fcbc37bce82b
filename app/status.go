package app

import (
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"slate/app/bind"
)

// noticeTime is how long the message of a success stays.
const noticeTime = 6 * time.Second

// banners say what concerns every page: no connection, a newer version. The region is always there, so that what appears
// in it is announced.
func (u ui) banners(s *bind.Scope) app.UI {
	d := bind.Select(s, theDevice)
	screen := bind.Select(s, CurrentScreen)
	region := app.Div().Class("banners").Attr("role", "status")
	var lines []app.UI
	if text := connectionWords(d); text != "" && screen != Unreachable && screen != Splash {
		lines = append(lines, app.Div().Class("banner").DataSet("banner", "offline").Body(
			app.Div().Class("banner-line").Body(
				icon("offline"),
				app.P().Text(text),
				app.If(!d.Offline, button("retry", "again", "Try again").
					OnClick(s.On(func(app.Context, app.Event) { reconnect(u.st.Context(), u.st) }))),
			),
		))
	}
	if d.Update {
		lines = append(lines, app.Div().Class("banner", "news").DataSet("banner", "update").Body(
			app.Div().Class("banner-line").Body(
				icon("update"),
				app.P().Text("A newer version of Petra is ready."),
				button("update", "", "Use it now").
					OnClick(s.On(func(ctx app.Context, _ app.Event) { applyUpdate(ctx) })),
				button("later", "", "Later").Class("plain").
					OnClick(s.On(func(app.Context, app.Event) { u.st.Dispatch(updateReady(false)) })),
			),
		))
	}
	return region.Body(lines...)
}

func connectionWords(d device) string {
	switch {
	case d.Offline:
		return "You are offline. What you see may be out of date."
	case d.Unreached:
		return "The server cannot be reached. What you see may be out of date."
	}
	return ""
}

// toast says what has worked, and goes after a while.
func (u ui) toast(s *bind.Scope) app.UI {
	notice := bind.Select(s, theNotice)
	region := app.Div().Class("toast").Attr("role", "status")
	if notice == "" {
		return region
	}
	bind.Effect(s, notice, func(app.Context) func() {
		timer := time.AfterFunc(noticeTime, func() { u.st.Dispatch(noticed()) })
		return func() { timer.Stop() }
	})
	return region.Body(app.P().Body(icon("check"), app.Span().Text(notice)))
}
