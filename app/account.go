package app

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"slate/app/bind"
	"slate/medtech"
	"slate/queries"
	"slate/slices/currentuser"
)

// account is the page of what is known of the person.
func (u ui) account(s *bind.Scope) app.UI {
	u.keepFresh(s)
	return app.Main().ID("main").TabIndex(-1).Body(
		app.Header().Class("page-head").Body(
			title("My information"),
			app.P().Class("lead").Text("How you log in to Petra and how you are reached."),
		),
		app.Div().Class("columns").Body(
			bind.View(u.information),
			bind.View(u.sharingSummary),
		),
	)
}

// information is the card, or the form in its place.
func (u ui) information(s *bind.Scope) app.UI {
	user := bind.Select(s, currentuser.User)
	if user == nil {
		return app.Section().Class("card").Aria("busy", true)
	}
	if bind.Select(s, theProfile).Editing {
		return u.profileForm(s)
	}
	r := bind.Query(s, queries.GetUser, user.ID)
	return app.Section().ID("profile").Class("card", "account-card").Aria("labelledby", "profile-title").Body(
		app.Div().Class("account-head").Body(
			app.Span().Class("avatar").Aria("hidden", true).Text(initials(nameOf(*user))),
			app.Div().Body(
				app.H2().ID("profile-title").Text(nameOf(*user)),
				app.P().Class("quiet").Text(roleOf(*user)),
			),
			button("edit", "edit", "Edit").Aria("label", "Edit my information").
				OnClick(s.On(func(app.Context, app.Event) { u.st.Dispatch(edited(draftOf(*user))) })),
		),
		app.Dl().Class("facts").Body(
			fact("Login", user.Login),
			fact("E-mail", user.Email),
			fact("Mobile phone", user.MobilePhone),
		),
		app.If(r.IsError(), note("warn", "alert", "This may be out of date. "+problemOf(r.Err).words(),
			button("retry", "again", "Try again").OnClick(s.On(func(app.Context, app.Event) {
				go queries.GetUser.Refetch(u.st.Context(), u.st, user.ID)
			})))),
		app.Details().Class("technical").Body(
			app.Summary().Body(icon("chevron"), app.Span().Text("Technical details")),
			app.Dl().Class("facts").Body(
				code("User id", user.ID),
				code("Group id", user.GroupID),
				code("Revision", user.Rev),
			),
		),
	)
}

// sharingSummary leads to the doctors.
func (u ui) sharingSummary(s *bind.Scope) app.UI {
	n := len(bind.Select(s, sharedWith))
	heading := "You share with " + counted(n, "doctor")
	text := "They receive the medical information that you add from now on."
	if n == 0 {
		heading, text = "You share with nobody yet", "Choose the doctors who receive the medical information that you add from now on."
	}
	return app.Section().Class("card", "account-card").Aria("labelledby", "summary-title").Body(
		app.Div().Class("account-head").Body(
			app.Span().Class("avatar").Aria("hidden", true).Body(icon("doctors")),
			app.Div().Body(app.H2().ID("summary-title").Text(heading), app.P().Class("quiet").Text(text)),
		),
		app.Div().Class("actions").Body(app.A().Class("button").Href(doctorsPath).Text("My doctors")),
	)
}

// fact is one thing that is known.
func fact(name, value string) app.UI {
	dd := app.Dd().Text(value)
	if value == "" {
		dd = app.Dd().Class("none").Text("Not given")
	}
	return app.Div().Class("fact").Body(app.Dt().Text(name), dd)
}

// code is a fact for those who help with a problem.
func code(name, value string) app.UI {
	if value == "" {
		return fact(name, value)
	}
	return app.Div().Class("fact").Body(app.Dt().Text(name), app.Dd().Body(app.Code().Text(value)))
}

// roleOf says as whom somebody uses Petra.
func roleOf(u medtech.User) string {
	switch u.DataOwnerType() {
	case medtech.HealthcarePartyOwner:
		return "Doctor"
	case medtech.PatientOwner:
		return "Patient"
	case medtech.DeviceOwner:
		return "Device"
	}
	return "Administrator"
}
