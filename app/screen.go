package app

import (
	"slate/medtech"
	"slate/slices/currentuser"
	"slate/slices/medtechapi"
	"slate/slices/petra"
	"slate/store"
)

// Screen is one of the pages, or what stands in their place.
type Screen string

// The screens. Splash is shown until it is known whether somebody is logged in, so that the form never flashes up;
// Unreachable where a log-in is saved and the server cannot be asked.
const (
	Splash      Screen = "splash"
	Unreachable Screen = "unreachable"
	LogIn       Screen = "login"
	Account     Screen = "account"
	Doctors     Screen = "doctors"
	NotFound    Screen = "notfound"
)

// Paths of the pages.
const (
	homePath    = "/"
	loginPath   = "/login"
	accountPath = "/account"
	doctorsPath = "/doctors"
)

// place is where the person is.
type place struct {
	Path  string `json:"path"`
	Known bool   `json:"known"` // whether somebody is logged in: the first attempt to resume has ended
}

var (
	placeSlice = store.NewSlice("place", place{})

	// arrived says that the page at a path is shown.
	arrived = store.Case(placeSlice, "arrived", func(p place, path string) place { p.Path = path; return p })

	thePlace = store.Select(placeSlice, func(p place) place { return p })
)

func init() {
	known := func(p place) place { p.Known = true; return p }
	store.On(placeSlice, medtechapi.Resume.Fulfilled, func(p place, _ store.Done[struct{}, medtech.User]) place { return known(p) })
	store.On(placeSlice, medtechapi.Resume.Rejected, func(p place, _ store.Failure[struct{}]) place { return known(p) })

	// Who logs out is not brought back to where they were; whose session has ended is.
	store.OnSignal(placeSlice, currentuser.SignOut, func(p place) place { p.Path = loginPath; return p })
}

// CurrentScreen selects what is to be shown. A page that needs a log-in is kept for after it: the path stays.
var CurrentScreen = store.Derive3(thePlace, medtechapi.Session, petra.Saved, screenOf)

func screenOf(p place, s medtechapi.State, saved *petra.SavedCredentials) Screen {
	switch {
	case s.Online:
		return pageOf(p.Path)
	case !p.Known || p.Path == "":
		return Splash
	case saved != nil && s.Failure != medtechapi.SessionEnded:
		return Unreachable
	}
	return LogIn
}

// pageOf is the page at a path for somebody who is logged in.
func pageOf(path string) Screen {
	switch path {
	case "":
		return Splash
	case homePath, loginPath, accountPath:
		return Account
	case doctorsPath:
		return Doctors
	}
	return NotFound
}

// addressOf is the path that the location bar should show instead of the present one; the same where it is right.
func addressOf(screen Screen, path string) string {
	switch {
	case screen == Account:
		return accountPath
	case screen == LogIn && path == homePath:
		return loginPath
	}
	return path
}

// titles of the screens in the browser's tabs and history.
var titles = map[Screen]string{
	Splash:      "Petra",
	Unreachable: "Not connected – Petra",
	LogIn:       "Log in – Petra",
	Account:     "My information – Petra",
	Doctors:     "My doctors – Petra",
	NotFound:    "Page not found – Petra",
}
