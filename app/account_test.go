//go:build !js

package app

import (
	"strings"
	"testing"
	"testing/synctest"

	goapp "github.com/maxence-charriere/go-app/v9/pkg/app"

	"slate/medtech"
	"slate/slices/currentuser"
	"slate/slices/petra"
	"slate/store"
)

func htmlOf(e goapp.UI) string { return goapp.HTMLString(e) }

func TestTheAccountShowsWhatIsKnown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := openLoggedIn(t, newServer(), "/")
		v.shows(`data-screen="account"`, "Marie Lambert", login, "Not given", "Patient", "petra", `aria-current="page"`)
		v.golden("account")
	})
}

func TestAnInvalidationRefreshesTheAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := newServer()
		v := openLoggedIn(t, srv, "/account")
		srv.Change(userID, func(u *medtech.User) { u.MobilePhone = "+32470000221" })
		v.hides("+32470000221")
		reconnect(v.st.Context(), v.st)
		v.shows("+32470000221")
	})
}

func TestTheProfileIsSavedOnTopOfTheNewestRevision(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := newServer()
		v := openLoggedIn(t, srv, "/account")
		u := ui{v.st}
		v.st.Dispatch(edited(draftOf(*currentuser.User.Of(v.st.State()))))
		v.shows(`id="profile-form"`, `value="Marie Lambert"`)
		v.golden("account_edit")

		v.st.Dispatch(drafted(draft{Name: "Marie L.", Email: "marie"}))
		u.save()
		v.shows("This is not an e-mail address")

		srv.Change(userID, func(u *medtech.User) { u.MobilePhone = "elsewhere" })
		v.st.Dispatch(drafted(draft{Name: " Marie L. ", Email: login, Mobile: "+32470000221"}))
		u.save()
		v.shows("changed somewhere else", `value="+32470000221"`) // nothing typed is lost
		u.save()
		v.shows("Marie L.", "+32470000221")
		v.hides("profile-form")
		if kept := srv.User(userID); kept.Name != "Marie L." || kept.MobilePhone != "+32470000221" {
			t.Errorf("the server has %q, %q", kept.Name, kept.MobilePhone)
		}
	})
}

func TestAPatientSeesWhatWasNotRefreshed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := newServer()
		v := openLoggedIn(t, srv, "/account")
		srv.Break("GET /user/", 500)
		reconnect(v.st.Context(), v.st)
		v.shows("This may be out of date.", "Marie Lambert", `data-action="retry"`)
	})
}

func TestTheThemeIsChosen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		device := newPhone()
		v := open(t, newServer(), device, "/login")
		v.st.Dispatch(petra.SetTheme(petra.Dark))
		v.wait()
		text, _, _ := device.storage.Load("petra")
		if !strings.Contains(text, "dark") {
			t.Errorf("the device keeps %q", text)
		}
	})
}

func TestANewerVersionIsOffered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := openLoggedIn(t, newServer(), "/account")
		v.Dispatcher().AppUpdate()
		v.shows("A newer version of Petra is ready.", `data-action="update"`)
		v.st.Dispatch(updateReady(false))
		v.hides("newer version")
	})
}

func TestWhatIsShownFollowsFromPathAndSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := openLoggedIn(t, newServer(), "/login")
		for path, want := range map[string]Screen{
			"/": Account, "/login": Account, "/account": Account, "/doctors": Doctors, "/nothing": NotFound, "": Account,
		} {
			v.goTo(path)
			if got := CurrentScreen.Of(v.st.State()); got != want {
				t.Errorf("%q shows %s, want %s", path, got, want)
			}
		}
	})
}

func TestWordsOfEveryProblem(t *testing.T) {
	for _, err := range []error{
		medtech.ErrOffline, medtech.ErrTimeout, medtech.ErrConflict, medtech.ErrDuplicate, medtech.ErrBadRequest, medtech.ErrForbidden,
		medtech.ErrNotFound, medtech.ErrTooManyRequests, medtech.ErrUnauthorized, medtech.ErrServer, medtech.ErrUnexpected, store.ErrClosed,
	} {
		words := problemOf(err).words()
		if words == "" || strings.Contains(words, err.Error()) || strings.ContainsAny(words, ":_/") {
			t.Errorf("%v is told as %q", err, words)
		}
	}
	if problemOf(nil).words() != "" {
		t.Error("no problem has words")
	}
}

func TestInitials(t *testing.T) {
	for name, want := range map[string]string{
		"Dr Jonas Müller": "JM", "Marie": "M", "": "", "dr. Ada King Lovelace": "AL", "élodie": "É", "7 of 9": "O",
	} {
		if got := initials(name); got != want {
			t.Errorf("initials of %q are %q, want %q", name, got, want)
		}
	}
}
