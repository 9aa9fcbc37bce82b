package app

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"slate/app/bind"
	"slate/medtech"
	"slate/queries"
)

const (
	searchPause = 250 * time.Millisecond // after the last letter
	searchFrom  = 2                      // letters
	searchTo    = 100                    // letters: longer than a name, and not what was pasted by mistake
)

// search is the box in which a name is typed. It holds the timer of the pause.
type search struct {
	app.Compo
	ui
	pause *time.Timer
}

// OnDismount ends the pause.
func (b *search) OnDismount() { b.stop() }

// Render draws the box.
func (b *search) Render() app.UI { return bind.View(b.box) }

func (b *search) box(s *bind.Scope) app.UI {
	text := bind.Select(s, theTyped)
	return app.Div().Class("search").Attr("role", "search").Body(
		app.Label().Class("label").For("doctor-search").Text("Name"),
		app.Div().Class("input-with").Body(
			icon("search", "lead-icon"),
			app.Input().ID("doctor-search").Class("input").Type("search").Name("doctor").Value(text).
				Attr("autocomplete", "off").Attr("enterkeyhint", "search").Spellcheck(false).
				Aria("describedby", "search-hint").Attr("maxlength", searchTo).
				OnInput(s.OnInput(func(typed string) string {
					typed = cut(typed, searchTo)
					b.typed(typed)
					return typed
				})),
			app.Button().Type("button").Class("button", "plain").DataSet("action", "clear").Aria("label", "Clear the search").
				Hidden(text == "").Body(icon("close")).
				OnClick(s.On(func(app.Context, app.Event) {
					b.typed("")
					focus("doctor-search")
				})),
		),
		app.P().ID("search-hint").Class("hint").Text("Two letters are enough. Accents and capitals do not matter."),
	)
}

// typed notes the text, and searches for it when nothing more is typed. An empty box is answered at once.
func (b *search) typed(text string) {
	b.st.Dispatch(typed(text))
	b.stop()
	term := termOf(text)
	if term == "" {
		b.st.Dispatch(searched(""))
		return
	}
	b.pause = time.AfterFunc(searchPause, func() { b.st.Dispatch(searched(term)) })
}

func (b *search) stop() {
	if b.pause != nil {
		b.pause.Stop()
	}
}

// cut returns the first n letters of a text.
func cut(text string, n int) string {
	for i := range text {
		if n--; n < 0 {
			return text[:i]
		}
	}
	return text
}

// termOf is what is searched for where a text is typed; empty where that is too little.
func termOf(text string) string {
	term := strings.ToLower(strings.Join(strings.Fields(text), " "))
	if utf8.RuneCountInString(term) < searchFrom {
		return ""
	}
	return term
}

// foundDoctors is the answer to the search.
func (u ui) foundDoctors(s *bind.Scope) app.UI {
	term := bind.Select(s, theTerm)
	r := bind.QueryIf(s, term != "", queries.FilterHealthcareProfessionals, term)
	shared := bind.Select(s, sharedWith)
	text, rows, more := "", []app.UI(nil), app.UI(nil)
	switch {
	case term == "":
	case r.IsError():
		more = app.Div().Attr("role", "alert").Body(note("bad", "alert", problemOf(r.Err).words(),
			button("retry", "again", "Try again").OnClick(s.On(func(app.Context, app.Event) {
				go queries.FilterHealthcareProfessionals.Refetch(u.st.Context(), u.st, term)
			}))))
	case r.IsLoading():
		text = "Searching…"
		for range 2 {
			rows = append(rows, app.Li().Class("card", "doctor").Aria("hidden", true).Body(
				app.Div().Class("doctor-line").Body(skeletonLine()...)))
		}
	case len(r.Data) == 0:
		text = "No doctor found"
		more = app.Div().Class("empty").Body(
			icon("search"),
			app.H3().Text("No doctor found"),
			app.P().Text("Nobody’s name contains “"+term+"”. Try another spelling or a part of the name."),
		)
	default:
		text = counted(len(r.Data), "doctor") + " found"
		if len(r.Data) >= queries.MaxFound {
			text = "The first " + counted(len(r.Data), "doctor") + "; type more of the name to see others"
		}
		for _, d := range r.Data {
			is := slices.Contains(shared, d.ID)
			rows = append(rows, bind.Keyed(d.ID, func(s *bind.Scope) app.UI { return u.foundDoctor(s, d, is) }))
		}
	}
	return app.Div().Class("stack").Body(
		app.P().ID("found-count").Class("result-line").Attr("role", "status").Text(text),
		app.Ul().ID("found-doctors").Class("cards").Hidden(len(rows) == 0).Aria("busy", r.IsLoading()).Body(rows...),
		more,
	)
}

// foundDoctor is a row of the answer. A doctor with whom is shared already stays in it, and says so.
func (u ui) foundDoctor(s *bind.Scope, d medtech.HealthcareProfessional, shared bool) app.UI {
	o := order{ID: d.ID, Name: doctorName(d)}
	c, changing := u.changeOf(s, d.ID)
	var act app.UI
	switch {
	case shared:
		act = app.Span().ID("found-"+d.ID).Class("badge").TabIndex(-1).Body(icon("check"), app.Span().Text("Sharing"))
	case changing && !c.Stop && c.underWay():
		act = busyButton(button("share", "", "Sharing…").ID("found-"+d.ID), true).Class("primary")
	default:
		act = button("share", "", "Share").ID("found-"+d.ID).Class("primary").Aria("label", "Share with "+o.Name).
			OnClick(s.On(func(app.Context, app.Event) { u.carryOut(o) }))
	}
	return app.Li().Class("card", "doctor").DataSet("doctor", d.ID).Body(
		app.Div().Class("doctor-line").Body(append(doctorLine(d), act)...),
		app.If(!shared, u.failure(s, c, o)),
	)
}
