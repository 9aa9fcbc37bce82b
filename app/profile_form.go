package app

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"slate/app/bind"
)

// profileForm is where the person changes name, e-mail and phone.
func (u ui) profileForm(s *bind.Scope) app.UI {
	p := bind.Select(s, theProfile)
	bind.Effect(s, "open", func(app.Context) func() { focus("profile-name"); return nil })
	if p.Problem != noProblem {
		bind.Effect(s, p.Problem, func(app.Context) func() { focus("profile-error"); return nil })
	}
	save := app.Button().Type("submit").Class("button", "primary").DataSet("action", "save")
	if p.Saving {
		save = busyButton(save, true).Text("Saving…")
	} else {
		save = save.Text("Save")
	}
	return app.Section().ID("profile").Class("card").Aria("labelledby", "profile-title").Body(
		app.Form().ID("profile-form").Class("form").NoValidate(true).Aria("busy", p.Saving).
			OnSubmit(s.On(func(_ app.Context, e app.Event) {
				e.PreventDefault()
				u.save()
			})).Body(
			app.H2().ID("profile-title").Text("Edit my information"),
			app.Div().Attr("role", "alert").Hidden(p.Problem == noProblem).Body(
				app.If(p.Problem != noProblem, note("bad", "alert", saveWords(p.Problem)).ID("profile-error").TabIndex(-1)),
			),
			u.field(s, "profile-name", "Name", "text", "name", func(d *draft) *string { return &d.Name }),
			u.field(s, "profile-email", "E-mail", "email", "email", func(d *draft) *string { return &d.Email }),
			u.field(s, "profile-mobile", "Mobile phone", "tel", "tel", func(d *draft) *string { return &d.Mobile }),
			app.Div().Class("actions").Body(
				save,
				button("cancel", "", "Cancel").OnClick(s.On(func(app.Context, app.Event) { u.st.Dispatch(left()) })),
			),
		),
	)
}

// field is one box of the form; part says which of the draft.
func (u ui) field(s *bind.Scope, id, label, kind, completion string, part func(*draft) *string) app.UI {
	p := theProfile.Of(u.st.State())
	box := app.Input().ID(id).Class("input").Type(kind).Name(completion).Attr("autocomplete", completion).
		Value(*part(&p.Draft)).
		OnInput(s.OnInput(func(typed string) string {
			d := theProfile.Of(u.st.State()).Draft
			*part(&d) = typed
			u.st.Dispatch(drafted(d))
			return typed
		}))
	if p.Problem == badEmail && kind == "email" {
		box = box.Aria("invalid", true).Aria("describedby", "profile-error")
	}
	return app.Div().Class("field").Body(app.Label().For(id).Text(label), box)
}

// save writes the form, unless it can be seen to be wrong.
func (u ui) save() {
	d := theProfile.Of(u.st.State()).Draft.trimmed()
	if d.badEmail() {
		u.st.Dispatch(invalid(badEmail))
		return
	}
	go saveProfile.Run(u.st.Context(), u.st, d)
}

// saveWords say why nothing was saved.
func saveWords(p problem) string {
	switch p {
	case badEmail:
		return "This is not an e-mail address. It looks like name@example.org."
	case conflict:
		return "Your information was changed somewhere else in the meantime. Save again to replace that, or cancel to see it."
	}
	return "Nothing was saved. " + p.words()
}
