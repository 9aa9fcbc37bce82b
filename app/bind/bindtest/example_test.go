//go:build !js

package bindtest_test

import (
	"testing"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"slate/app/bind"
	"slate/app/bind/bindtest"
	"slate/store"
)

type light struct{ On bool }

var (
	lightSlice = store.NewSlice("light", light{})
	toggle     = store.CaseSignal(lightSlice, "toggle", func(s light) light { s.On = !s.On; return s })
	isOn       = store.Select(lightSlice, func(s light) bool { return s.On })
)

func lamp() app.UI {
	return bind.View(func(s *bind.Scope) app.UI {
		if bind.Select(s, isOn) {
			return app.P().Text("on")
		}
		return app.P().Text("off")
	})
}

func TestMountShowsTheComponentAndItsChanges(t *testing.T) {
	st, err := store.New(store.Options{}, lightSlice)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	page := bindtest.Mount(t, st, lamp())
	if got := page.HTML(); got != "<p>off</p>" {
		t.Errorf("got %s", got)
	}
	if err := st.Dispatch(toggle()); err != nil {
		t.Fatal(err)
	}
	if got := page.HTML(); got != "<p>on</p>" {
		t.Errorf("got %s", got)
	}
}
