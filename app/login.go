package app

import (
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"slate/app/bind"
	"slate/medtech"
	"slate/slices/medtechapi"
)

// logIn is the form. The password is here and in the browser's box, and nowhere in the state; it is gone with the form.
type logIn struct {
	app.Compo
	ui
	password medtech.Secret
	visible  bool // the password
	attempts int
	lacks    string // id of the field that was empty at the latest attempt
}

// Render draws the form.
func (l *logIn) Render() app.UI { return bind.View(l.form) }

func (l *logIn) form(s *bind.Scope) app.UI {
	session := bind.Select(s, medtechapi.Session)
	busy := session.Phase == medtechapi.LoggingIn
	message := l.message(session)
	if message != "" {
		bind.Effect(s, l.attempts, func(app.Context) func() { focus("login-error"); return nil })
	}
	submit := app.Button().Type("submit").Class("button", "primary", "block").Body(app.Span().Text("Log in"))
	if busy {
		submit = busyButton(app.Button().Type("submit").Class("button", "primary", "block").Body(app.Span().Text("Logging in…")), true)
	}
	return app.Main().ID("main").Class("alone").TabIndex(-1).Body(
		app.Div().Class("alone-head").Body(
			app.Span().Class("logo"),
			title("Welcome to Petra"),
			app.P().Text("Your medical data, shared with the doctors you choose."),
		),
		app.Form().ID("login-form").Class("card", "form").NoValidate(true).Aria("busy", busy).
			OnSubmit(s.On(func(_ app.Context, e app.Event) {
				e.PreventDefault()
				l.submit()
			})).Body(
			app.Div().Attr("role", "alert").Hidden(message == "").Body(
				app.If(message != "", app.P().ID("login-error").Class("note", "bad").TabIndex(-1).Body(
					icon("alert"), app.Span().Text(message),
				)),
			),
			app.Div().Class("field").Body(
				app.Label().For("login").Text("E-mail or login"),
				l.mark(app.Input(), session, "login").Type("text").Name("username").Value(session.Email).
					Attr("autocomplete", "username").Attr("autocapitalize", "none").
					Spellcheck(false).Attr("inputmode", "email").
					OnInput(s.OnInput(func(typed string) string {
						l.st.Dispatch(medtechapi.SetEmail(typed))
						return typed
					})),
			),
			app.Div().Class("field").Body(
				app.Label().For("password").Text("Password"),
				app.Div().Class("input-with").Body(
					l.mark(app.Input(), session, "password").Type(l.passwordType()).Name("password").
						Attr("autocomplete", "current-password").
						OnInput(s.OnInput(func(typed string) string {
							l.password = medtech.Secret(typed)
							return typed
						})),
					l.reveal(s),
				),
			),
			submit,
		),
	)
}

// mark gives a box its id, and says where it is the one to be corrected.
func (l *logIn) mark(box app.HTMLInput, session medtechapi.State, id string) app.HTMLInput {
	box = box.ID(id).Class("input").Required(true)
	if l.lacks == id || l.lacks == "" && session.InvalidToken {
		box = box.Aria("invalid", true).Aria("describedby", "login-error")
	}
	return box
}

// reveal shows and hides the password.
func (l *logIn) reveal(s *bind.Scope) app.UI {
	name, sign := "Show password", "eye"
	if l.visible {
		name, sign = "Hide password", "eye-off"
	}
	return app.Button().Type("button").Class("button", "plain").DataSet("action", "reveal").
		Aria("label", name).Aria("controls", "password").Body(icon(sign)).
		OnClick(s.On(func(app.Context, app.Event) { l.visible = !l.visible }))
}

func (l *logIn) passwordType() string {
	if l.visible {
		return "text"
	}
	return "password"
}

// message is what went wrong, with the form before the server.
func (l *logIn) message(session medtechapi.State) string {
	switch l.lacks {
	case "login":
		return "Type your e-mail or login."
	case "password":
		return "Type your password."
	}
	return logInWords(session.Failure)
}

// submit logs in, unless something is missing or an attempt is under way.
func (l *logIn) submit() {
	session := medtechapi.Session.Of(l.st.State())
	login := strings.TrimSpace(session.Email)
	if session.Phase != medtechapi.Idle {
		return
	}
	l.attempts++
	switch {
	case login == "":
		l.lacks = "login"
	case l.password == "":
		l.lacks = "password"
	default:
		l.lacks = ""
		go medtechapi.Login.Run(l.st.Context(), l.st, medtech.Credentials{UserName: login, Password: l.password})
	}
}
