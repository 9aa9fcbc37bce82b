package app

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"slate/app/bind"
	"slate/medtech"
	"slate/slices/currentuser"
	"slate/slices/medtechapi"
)

// header is the bar with the name, the pages and the menu.
func (u ui) header(s *bind.Scope) app.UI {
	user := bind.Select(s, currentuser.User)
	screen := bind.Select(s, CurrentScreen)
	home, label, face := homePath, "Settings", icon("settings")
	if user != nil {
		home, label = accountPath, "Menu of "+nameOf(*user)
		if letters := initials(nameOf(*user)); letters != "" {
			face = app.Span().Aria("hidden", true).Text(letters)
		}
	}
	return app.Header().Class("top").Body(
		app.Div().Class("bar").Body(
			app.A().Class("brand").Href(home).Body(app.Span().Class("logo"), app.Span().Text("Petra")),
			app.If(user != nil, app.Nav().Class("nav").Aria("label", "Main").Body(
				navLink(accountPath, "person", "My information", screen == Account),
				navLink(doctorsPath, "doctors", "My doctors", screen == Doctors),
			)),
			app.Button().Type("button").Class("avatar", "menu-button").
				Attr("popovertarget", "menu").Body(face, app.Span().Class("visually-hidden").Text(label)),
		),
		app.Div().ID("menu").Class("menu").Attr("popover", "auto").Body(
			app.If(user != nil, u.person(user)),
			bind.View(u.theme),
			bind.View(u.install),
			app.If(user != nil, bind.View(u.logOut)),
		),
	)
}

func navLink(path, iconName, text string, current bool) app.UI {
	a := app.A().Href(path).Body(icon(iconName), app.Span().Text(text))
	if current {
		a.Aria("current", "page")
	}
	return a
}

// person says who is logged in.
func (ui) person(user *medtech.User) app.UI {
	if user == nil {
		return nil
	}
	return app.Div().Class("menu-person").Body(
		app.Strong().Text(nameOf(*user)),
		app.Span().Text(loginOf(*user)),
	)
}

// install offers to put Petra on the home screen, where the browser does.
func (u ui) install(s *bind.Scope) app.UI {
	return app.Div().Hidden(!bind.Select(s, theDevice).Installable).Body(
		button("install", "update", "Install Petra").Class("block").
			OnClick(s.On(func(ctx app.Context, _ app.Event) { ctx.ShowAppInstallPrompt() })),
	)
}

// logOut ends the session. What is on the screen goes at once, also where the server cannot be told, and the address
// becomes that of the log-in in place of the page's.
func (u ui) logOut(s *bind.Scope) app.UI {
	busy := bind.Select(s, medtechapi.Session).Phase == medtechapi.LoggingOut
	return busyButton(button("logout", "logout", "Log out"), busy).Class("block").
		Attr("popovertarget", "menu").Attr("popovertargetaction", "hide").
		OnClick(s.On(func(app.Context, app.Event) {
			if !busy {
				leave(u.st.Context(), u.st)
			}
		}))
}

// nameOf is what a user is called.
func nameOf(u medtech.User) string {
	if u.Name != "" {
		return u.Name
	}
	return loginOf(u)
}

func loginOf(u medtech.User) string {
	if u.Login != "" {
		return u.Login
	}
	return u.Email
}
