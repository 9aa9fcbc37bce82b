package app

import (
	"slices"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"slate/app/bind"
	"slate/medtech"
	"slate/queries"
	"slate/store"
)

// sharedDoctor is a row of the list: the doctor, asked for by id, with the way to stop.
func (u ui) sharedDoctor(s *bind.Scope, id string) app.UI {
	r := bind.Query(s, queries.GetHealthcareProfessional, id)
	c, changing := u.changeOf(s, id)
	confirming := bind.Select(s, store.Derive(theConfirming, func(asked string) bool { return asked == id }))
	name := "this doctor"
	if r.HasData {
		name = doctorName(r.Data)
	}
	stop := button("stop", "", "Stop sharing").ID("stop-"+id).Aria("label", "Stop sharing with "+name)
	if changing && c.underWay() {
		stop = busyButton(button("stop", "", "Stopping…").ID("stop-"+id), true)
	}
	stop = stop.Aria("expanded", confirming).Hidden(confirming).
		OnClick(s.On(func(app.Context, app.Event) {
			if !changing || !c.underWay() {
				u.st.Dispatch(asked(id))
			}
		}))

	var who []app.UI
	var more, question app.UI
	o := order{ID: id, Name: name, Stop: true}
	if confirming {
		question = u.confirmStop(s, o)
	}
	switch {
	case r.HasData:
		who = doctorLine(r.Data)
	case problemOf(r.Err) == missing:
		who = unknownLine("Unknown doctor", "There is no doctor with this id any more. You can stop sharing.")
	case r.IsError():
		who = unknownLine("Doctor", "Not loaded")
		more = note("bad", "alert", problemOf(r.Err).words(),
			button("retry", "again", "Try again").OnClick(s.On(func(app.Context, app.Event) {
				go queries.GetHealthcareProfessional.Refetch(u.st.Context(), u.st, id)
			})))
	default:
		who = skeletonLine()
	}
	return app.Li().Class("card", "doctor").DataSet("doctor", id).Aria("busy", r.IsLoading()).Body(
		app.Div().Class("doctor-line").Body(append(who, stop)...),
		more,
		question,
		u.failure(s, c, o),
	)
}

// confirmStop asks whether to stop, and says what that means.
func (u ui) confirmStop(s *bind.Scope, o order) app.UI {
	box, question := "confirm-"+o.ID, "question-"+o.ID
	bind.Effect(s, box, func(app.Context) func() {
		focus(box)
		return func() {
			if theConfirming.Of(u.st.State()) == "" { // and not another doctor's question
				focus("stop-" + o.ID)
			}
		}
	})
	keep := func(app.Context, app.Event) { u.st.Dispatch(asked("")) }
	return app.Div().ID(box).Class("confirm").Attr("role", "group").Aria("labelledby", question).TabIndex(-1).
		OnKeyDown(s.On(func(ctx app.Context, e app.Event) {
			if e.Get("key").String() == "Escape" {
				keep(ctx, e)
			}
		})).Body(
		app.P().ID(question).Body(
			app.Strong().Text("Stop sharing with "+o.Name+"? "),
			app.Text("They will get nothing that you add from now on. What they have received until now stays with them."),
		),
		app.Div().Class("actions").Body(
			button("confirm-stop", "", "Stop sharing").Class("danger").
				OnClick(s.On(func(app.Context, app.Event) { u.carryOut(o) })),
			button("keep", "", "Keep sharing").OnClick(s.On(keep)),
		),
	)
}

// changeOf reads the attempt that concerns a doctor; false where there is none.
func (u ui) changeOf(s *bind.Scope, id string) (change, bool) {
	type attempt struct {
		change
		has bool
	}
	a := bind.Select(s, store.Derive(theChanges, func(all map[string]change) attempt {
		c, has := all[id]
		return attempt{c, has}
	}))
	return a.change, a.has
}

// failure says beside the row why an order was not carried out, and offers to try again.
func (u ui) failure(s *bind.Scope, c change, o order) app.UI {
	if c.Problem == noProblem || c.Stop != o.Stop {
		return nil
	}
	what := o.Name + " was not added. "
	if o.Stop {
		what = "You still share with " + o.Name + ". "
	}
	id := "failed-" + o.ID
	bind.Effect(s, id, func(app.Context) func() { reveal(id); return nil })
	return app.Div().ID(id).Attr("role", "alert").Body(
		note("bad", "alert", what+c.Problem.words(),
			button("retry", "again", "Try again").OnClick(s.On(func(app.Context, app.Event) { u.carryOut(o) }))),
	)
}

// carryOut goes on when the row is gone: what a person asked for is done.
func (u ui) carryOut(o order) { go changeSharing.Run(u.st.Context(), u.st, o) }

// doctorLine shows a doctor: sign, name, speciality, and how they are reached.
func doctorLine(d medtech.HealthcareProfessional) []app.UI {
	name := doctorName(d)
	var facts []app.UI
	if place := placeOf(d); place != "" {
		facts = append(facts, app.Li().Body(icon("place"), app.Span().Text(place)))
	}
	if phone := telecomOf(d, medtech.Phone, medtech.Mobile); phone != "" {
		facts = append(facts, app.Li().Body(icon("phone"), app.Span().Text(phone)))
	}
	return []app.UI{
		app.Span().Class("avatar").Aria("hidden", true).Text(initials(name)),
		app.Div().Class("doctor-name").Body(
			app.H3().Body(app.Bdi().Text(name)), // a name in another direction turns nothing else around
			app.If(d.Speciality != "", app.P().Class("doctor-speciality").Text(d.Speciality)),
			app.If(len(facts) > 0, app.Ul().Class("doctor-facts").Body(facts...)),
		),
	}
}

// unknownLine stands for a doctor of whom nothing is known.
func unknownLine(heading, text string) []app.UI {
	return []app.UI{
		app.Span().Class("avatar").Aria("hidden", true).Body(icon("person")),
		app.Div().Class("doctor-name").Body(app.H3().Text(heading), app.P().Class("doctor-speciality").Text(text)),
	}
}

// skeletonLine stands for a doctor who is being loaded.
func skeletonLine() []app.UI {
	return []app.UI{
		app.Span().Class("avatar").Aria("hidden", true),
		app.Div().Class("doctor-name").Body(
			app.H3().Body(app.Span().Class("visually-hidden").Text("Loading a doctor"), app.Span().Class("skeleton").Aria("hidden", true)),
			app.P().Aria("hidden", true).Body(app.Span().Class("skeleton", "short")),
		),
	}
}

// doctorName is the name with its title.
func doctorName(d medtech.HealthcareProfessional) string {
	name := d.DisplayName()
	if name == "" {
		return "Doctor without a name"
	}
	if d.Civility != "" && !strings.HasPrefix(name, d.Civility) {
		return d.Civility + " " + name
	}
	return name
}

// placeOf is where a doctor works, on one line.
func placeOf(d medtech.HealthcareProfessional) string {
	if len(d.Addresses) == 0 {
		return ""
	}
	a := d.Addresses[0]
	var parts []string
	for _, part := range []string{a.Descr, joined(a.Street, a.HouseNumber), joined(a.PostalCode, a.City)} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ", ")
}

func joined(all ...string) string { return strings.TrimSpace(strings.Join(all, " ")) }

// telecomOf is the first number of the first of the kinds that a doctor has.
func telecomOf(d medtech.HealthcareProfessional, kinds ...medtech.TelecomType) string {
	for _, kind := range kinds {
		for _, a := range d.Addresses {
			if i := slices.IndexFunc(a.Telecoms, func(t medtech.Telecom) bool { return t.TelecomType == kind }); i >= 0 {
				return a.Telecoms[i].TelecomNumber
			}
		}
	}
	return ""
}
