//go:build !js

package app

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"slate/medtech"
	"slate/slices/currentuser"
	"slate/store"
)

func TestThePageSaysThatSharingIsNotRetroactive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := openLoggedIn(t, newServer(), "/doctors")
		v.shows("Sharing is not retroactive", "Stopping revokes nothing", "Nobody yet")
		v.golden("doctors_none")
	})
}

func TestTheListLoadsEachDoctorById(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := newServer()
		share(srv, "d-jonas", "d-gone", "d-sofia")
		v := openLoggedIn(t, srv, "/doctors")
		v.shows("Dr Jonas Müller", "General practice", "Praxis am Park, Lindenstraße 27, 50674 Köln", "Dr Sofía Núñez",
			"Unknown doctor", `data-doctor="d-gone"`, `id="stop-d-gone"`)
		v.golden("doctors_shared")
	})
}

func TestADoctorWhoCannotBeLoadedCanBeAskedForAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := newServer()
		share(srv, "d-jonas")
		v := openLoggedIn(t, srv, "/account")
		mend := srv.Break("GET /hcparty/", 0)
		v.goTo("/doctors")
		v.shows("The server cannot be reached", `data-action="retry"`, `data-banner="offline"`)
		mend()
		reconnect(v.st.Context(), v.st)
		v.shows("Dr Jonas Müller")
		v.hides(`data-banner="offline"`)
	})
}

func TestASearchWaitsForAPauseAndForTwoLetters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := newServer()
		v := openLoggedIn(t, srv, "/doctors")
		srv.Asked()
		box := &search{ui: ui{v.st}}
		for _, text := range []string{"n", "nú", "núñ"} {
			box.typed(text)
			time.Sleep(searchPause / 2)
		}
		v.wait()
		if asked := srv.Asked(); len(asked) > 0 {
			t.Errorf("while typing goes on the server was asked: %v", asked)
		}
		time.Sleep(searchPause)
		v.wait()
		if asked := srv.Asked(); !slices.Equal(asked, []string{"POST /hcparty/filter"}) {
			t.Errorf("after the pause the server was asked %v", asked)
		}
		box.typed("")
		v.wait()
		v.hides(" found", "Núñez")
	})
}

// find searches without the pause.
func (v *visit) find(text string) {
	v.st.Dispatch(typed(text))
	v.st.Dispatch(searched(termOf(text)))
	v.wait()
}

func TestASearchSaysWhatItFound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := newServer()
		share(srv, "d-jonas")
		v := openLoggedIn(t, srv, "/doctors")
		v.find("o")
		v.hides(" found", "found-d-")
		v.find("on")
		v.shows("1 doctor found", `id="found-d-jonas"`, "Sharing") // shared already, and says so
		v.find("xyz")
		v.shows("No doctor found", "Nobody’s name contains “xyz”")
		mend := srv.Break("POST /hcparty/filter", 500)
		v.find("cl")
		v.shows("The server has a problem", `data-action="retry"`)
		mend()
		reconnect(v.st.Context(), v.st)
		v.shows("1 doctor found", "Dr Claire Dubois", `data-action="share"`)
		v.golden("doctors_found")
	})
}

func TestSharingPutsADoctorOnTheListAndStoppingTakesThemOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := newServer()
		v := openLoggedIn(t, srv, "/doctors")
		v.find("mü")
		jonas := order{ID: "d-jonas", Name: "Dr Jonas Müller"}
		u := ui{v.st}

		release := srv.Hold("")
		srv.Asked()
		u.carryOut(jonas)
		synctest.Wait()
		u.carryOut(jonas) // a second click
		v.shows("Sharing…")
		v.hides("stop-d-jonas")
		arrive := srv.Hold("GET /hcparty/") // the row is there before the doctor is
		release()
		time.Sleep(10 * time.Second) // whatever else it would send
		v.shows("You now share with Dr Jonas Müller.", `id="stop-d-jonas"`)
		v.hides("Sharing…")
		asked := srv.Asked()
		if puts := count(asked, "PUT /user"); puts != 1 {
			t.Errorf("two clicks sent %d changes: %v", puts, asked)
		}
		if refetched := count(asked, "GET /user/"+userID); refetched != 1 {
			t.Errorf("the user's document was fetched %d times after the change: %v", refetched, asked)
		}

		jonas.Stop = true
		v.st.Dispatch(ask("d-jonas"))
		v.shows(`data-action="confirm-stop"`, "What they have received until now stays with them.")
		v.golden("doctors_confirm")
		arrive()
		v.shows("Stop sharing with Dr Jonas Müller?")
		v.st.Dispatch(ask(""))
		v.hides("confirm-stop")
		v.st.Dispatch(ask("d-jonas"))
		release = srv.Hold("")
		u.carryOut(jonas)
		v.shows("Stopping…")
		v.hides("confirm-stop")
		release()
		time.Sleep(10 * time.Second)
		v.shows("You no longer share with Dr Jonas Müller.", "Nobody yet")
		v.hides("stop-d-jonas")

		time.Sleep(noticeTime)
		v.hides("You no longer share")
	})
}

// ask is the action asked; tests use the name for requests.
var ask = asked

func count(all []string, one string) (n int) {
	for _, s := range all {
		if s == one {
			n++
		}
	}
	return n
}

func TestAFailedChangeIsSaidBesideTheRowAndLeavesTheListAsItIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := newServer()
		share(srv, "d-sofia")
		v := openLoggedIn(t, srv, "/doctors")
		v.find("on")
		u := ui{v.st}
		mend := srv.Break("PUT /user", 0)
		u.carryOut(order{ID: "d-jonas", Name: "Dr Jonas Müller"})
		v.shows("Dr Jonas Müller was not added. The server cannot be reached.", `data-action="retry"`)
		v.hides("stop-d-jonas", "You now share")
		u.carryOut(order{ID: "d-sofia", Name: "Dr Sofía Núñez", Stop: true})
		v.shows("You still share with Dr Sofía Núñez.", `id="stop-d-sofia"`)
		v.golden("doctors_failed")

		mend()
		mend = srv.Break("PUT /user", 409)
		u.carryOut(order{ID: "d-jonas", Name: "Dr Jonas Müller"})
		time.Sleep(time.Minute) // the client tries a few times
		v.shows("changed somewhere else")

		mend()
		u.carryOut(order{ID: "d-jonas", Name: "Dr Jonas Müller"})
		v.shows(`id="stop-d-jonas"`)
		v.hides("was not added")
	})
}

func TestAChangeMadeElsewhereIsShown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := newServer()
		v := openLoggedIn(t, srv, "/doctors")
		v.shows("Nobody yet")
		share(srv, "d-claire")
		reconnect(v.st.Context(), v.st)
		v.shows("Dr Claire Dubois", `id="stop-d-claire"`)
	})
}

func TestARowOfAListTakesNothingFromTheOneBeforeIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := newServer()
		share(srv, "d-jonas", "d-sofia", "d-claire")
		v := openLoggedIn(t, srv, "/doctors")
		v.st.Dispatch(asked("d-sofia"))
		v.wait()
		u := currentuser.User.Of(v.st.State()).Clone()
		u.AutoDelegations = map[medtech.DataType][]string{medtech.MedicalInformation: {"d-sofia", "d-claire"}}
		u.Rev = "9-a"
		v.st.Dispatch(currentuser.SetUser(u))
		v.shows(`id="confirm-d-sofia"`, "Stop sharing with Dr Sofía Núñez?")
		v.hides("confirm-d-claire", "confirm-d-jonas", "Jonas")
	})
}

func TestTheStateOfThePagesIsJSON(t *testing.T) {
	st, err := store.New(store.Options{}, Slices()...)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	st.Dispatch(typed("x"))
	if data, err := st.Encode(st.State()); err != nil || !strings.Contains(string(data), `"typed":"x"`) {
		t.Errorf("got %s, %v", data, err)
	}
}
