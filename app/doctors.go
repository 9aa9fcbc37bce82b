package app

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"slate/app/bind"
	"slate/queries"
	"slate/slices/currentuser"
)

// notRetroactive is the sentence that must not be missed.
const notRetroactive = "Sharing is not retroactive: a doctor receives what you add after you start to share, not what is there already. " +
	"Stopping revokes nothing: what a doctor has received stays with them."

// doctors is the page of the doctors who get what the person adds from now on.
func (u ui) doctors(s *bind.Scope) app.UI {
	u.keepFresh(s)
	return app.Main().ID("main").TabIndex(-1).Body(
		app.Header().Class("page-head").Body(
			title("My doctors"),
			app.P().Class("lead").Text("Choose who receives the medical information that you add from now on."),
		),
		app.Div().Class("columns").Body(
			app.Section().Class("column").Aria("labelledby", "shared-title").Body(
				bind.View(u.sharedDoctors),
				note("", "info", notRetroactive),
			),
			app.Section().Class("column").Aria("labelledby", "found-title").Body(
				app.Div().Class("section-head").Body(app.H2().ID("found-title").Text("Find a doctor")),
				&search{ui: u},
				bind.View(u.foundDoctors),
			),
		),
	)
}

// keepFresh asks for the user's document while the page is shown, so that a change, from here or elsewhere, is fetched and
// seen.
func (u ui) keepFresh(s *bind.Scope) {
	if user := bind.Select(s, currentuser.User); user != nil {
		bind.Query(s, queries.GetUser, user.ID)
	}
}

// sharedDoctors is the list.
func (u ui) sharedDoctors(s *bind.Scope) app.UI {
	ids := bind.Select(s, sharedWith)
	if target := bind.Select(s, theFocus); target.ID != "" {
		bind.Effect(s, target, func(app.Context) func() { refocus(target.ID); return nil })
	}
	cards := make([]app.UI, 0, len(ids))
	for _, id := range ids {
		cards = append(cards, bind.Keyed(id, func(s *bind.Scope) app.UI { return u.sharedDoctor(s, id) }))
	}
	return app.Div().Class("stack").Body(
		app.Div().Class("section-head").Body(
			app.H2().ID("shared-title").TabIndex(-1).Body(
				app.Span().Text("Sharing with"),
				app.Span().Class("visually-hidden").Text(" "+counted(len(ids), "doctor")),
			),
			app.Span().Class("count").Aria("hidden", true).Text(strconv.Itoa(len(ids))),
		),
		app.Ul().ID("shared-doctors").Class("cards").Hidden(len(ids) == 0).Body(cards...),
		app.If(len(ids) == 0, app.Div().Class("empty").Body(
			icon("doctors"),
			app.H3().Text("Nobody yet"),
			app.P().Text("Find a doctor by name and share what you add from now on."),
		)),
	)
}

// counted writes a number with its noun.
func counted(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return strconv.Itoa(n) + " " + noun
}
