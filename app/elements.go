package app

import (
	"strings"
	"unicode"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// icon is a sign that says nothing which the text beside it does not say; see styles.css for the names.
func icon(name string, classes ...string) app.UI {
	return app.Span().Class("icon", "icon-"+name).Class(classes...).Aria("hidden", true)
}

// button is a button with an icon. What it does, in one word, is for tests.
func button(does, iconName, text string) app.HTMLButton {
	b := app.Button().Type("button").Class("button").DataSet("action", does)
	if iconName == "" {
		return b.Text(text)
	}
	return b.Body(icon(iconName), app.Span().Text(text))
}

// busyButton shows a button as one that is at work. It keeps the focus and does nothing, unlike a disabled one, which
// loses it.
func busyButton(b app.HTMLButton, busy bool) app.HTMLButton {
	if !busy {
		return b
	}
	return b.Aria("busy", true).Aria("disabled", true)
}

// note is a message in a box: of kind "bad", "warn", "good", or "" for a quiet one.
func note(kind, iconName, text string, more ...app.UI) app.HTMLDiv {
	return app.Div().Class("note", kind).Body(
		icon(iconName),
		app.Div().Body(append([]app.UI{app.P().Text(text)}, more...)...),
	)
}

// title is the heading of a screen. It can get the focus, where the screen has replaced another one.
func title(text string) app.UI { return app.H1().ID("title").TabIndex(-1).Text(text) }

// initials of a name, two at the most; titles such as "Dr" do not count.
func initials(name string) string {
	var found []rune
	for _, word := range strings.Fields(name) {
		if r := []rune(word)[0]; unicode.IsLetter(r) && !strings.EqualFold(strings.TrimSuffix(word, "."), "dr") {
			found = append(found, unicode.ToUpper(r))
		}
	}
	if len(found) > 2 {
		found = []rune{found[0], found[len(found)-1]}
	}
	return string(found)
}
