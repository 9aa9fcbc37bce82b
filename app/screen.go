package app

import (
	"errors"

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
	Path     string `json:"path"`
	Known    bool   `json:"known"`    // whether somebody is logged in: the first attempt to resume has ended
	Stranded bool   `json:"stranded"` // a log-in is saved and could not be tried
}

var (
	placeSlice = store.NewSlice("place", place{})

	// arrived says that the page at a path is shown.
	arrived = store.Case(placeSlice, "arrived", func(p place, path string) place { p.Path = path; return p })

	thePlace = store.Select(placeSlice, func(p place) place { return p })
)

func init() {
	store.On(placeSlice, medtechapi.Resume.Fulfilled, func(p place, _ store.Done[struct{}, medtech.User]) place {
		p.Known, p.Stranded = true, false
		return p
	})
	store.On(placeSlice, medtechapi.Resume.Rejected, func(p place, f store.Failure[struct{}]) place {
		p.Known, p.Stranded = true, !settles(f.Err)
		return p
	})
	store.OnSignal(placeSlice, petra.RevertAll, func(p place) place { p.Stranded = false; return p })

	// Who logs out is not brought back to where they were; whose session has ended is.
	store.OnSignal(placeSlice, currentuser.SignOut, func(p place) place { p.Path = loginPath; return p })
}

// settles reports whether a failed attempt to resume leaves nothing but the form: another attempt would fail as well.
func settles(err error) bool {
	for _, final := range []error{medtechapi.ErrNotSaved, medtech.ErrUnauthorized, medtech.ErrInvalid, medtech.ErrSecondFactor} {
		if errors.Is(err, final) {
			return true
		}
	}
	return false
}

// CurrentScreen selects what is to be shown. A page that needs a log-in is kept for after it: the path stays.
var CurrentScreen = store.Derive2(thePlace, medtechapi.Online, screenOf)

func screenOf(p place, online bool) Screen {
	switch {
	case online:
		return pageOf(p.Path)
	case !p.Known || p.Path == "":
		return Splash
	case p.Stranded:
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
