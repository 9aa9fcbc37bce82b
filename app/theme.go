package app

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"slate/app/bind"
	"slate/slices/petra"
)

// themes in the order of the choice. The icons are named like them.
var themes = []struct {
	theme petra.Theme
	icon  string
	label string
}{
	{petra.System, "system", "System"},
	{petra.Light, "light", "Light"},
	{petra.Dark, "dark", "Dark"},
}

// theme lets the person choose how Petra looks.
func (u ui) theme(s *bind.Scope) app.UI {
	current := bind.Select(s, petra.CurrentTheme)
	options := make([]app.UI, 0, len(themes))
	for _, t := range themes {
		options = append(options, app.Label().Body(
			app.Input().Type("radio").Name("theme").Value(t.icon).Checked(t.theme == current).
				OnChange(s.On(func(app.Context, app.Event) { u.st.Dispatch(petra.SetTheme(t.theme)) })),
			icon(t.icon),
			app.Span().Text(t.label),
		))
	}
	return app.FieldSet().Class("choice").Body(
		app.Legend().Text("Appearance"),
		app.Div().Class("choice-options").Body(options...),
	)
}
