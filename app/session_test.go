//go:build !js

package app

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"slate/app/bind/bindtest"
	"slate/medtech"
	"slate/medtech/medtechtest"
	"slate/slices/medtechapi"
	"slate/slices/petra"
	"slate/store"
)

func TestTheFormIsShownOnlyWhenItIsKnownThatNobodyIsLoggedIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := open(t, newServer(), newPhone(), "/")
		v.shows(`data-screen="splash"`, `data-ready`)
		v.hides("login-form")
		v.resume()
		v.shows(`data-screen="login"`, `id="login"`, `id="password"`)
		v.hides("login-error", "logout")
		v.golden("login")
	})
}

func TestStartFindsOutWhoIsLoggedInAndEndsWhatItBegan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st, err := store.New(store.Options{}, Slices()...)
		if err != nil {
			t.Fatal(err)
		}
		defer st.Close()
		medtechapi.Provide(st, medtechapi.Environment{BaseURL: medtechtest.BaseURL, Transport: newServer()})
		st.Dispatch(arrived("/doctors"))
		stop := Start(st)
		defer stop()
		synctest.Wait()
		if got := CurrentScreen.Of(st.State()); got != LogIn {
			t.Errorf("after the start the screen is %s, want %s", got, LogIn)
		}
	})
}

func TestAServerDrawsTheSplash(t *testing.T) {
	page := Page(nil)
	html := htmlOf(page)
	if !strings.Contains(html, `data-screen="splash"`) || strings.Contains(html, `data-ready="true"`) || strings.Contains(html, "login-form") {
		t.Errorf("without a store the page is\n%s", html)
	}
}

func TestAWrongPasswordIsSaidAndNothingTypedIsLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := open(t, newServer(), newPhone(), "/doctors")
		v.resume()
		v.logIn(login, "wrong")
		v.shows("The login or the password is not right", `id="login-error"`, `value="`+login+`"`, `aria-invalid`)
		v.golden("login_wrong")

		v.logIn(login, password)
		v.shows(`data-screen="doctors"`) // the page that was asked for
	})
}

func TestEachFailureOfALogInHasItsWords(t *testing.T) {
	for _, c := range []struct {
		name   string
		status int // 0: no answer
		words  string
	}{
		{"offline", 0, "cannot be reached"},
		{"too many", 429, "too many attempts"},
		{"second factor", 417, "one-time code"},
		{"broken", 500, "has a problem"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				srv := newServer()
				srv.Break("POST /auth/login", c.status)
				v := open(t, srv, newPhone(), "/login")
				v.resume()
				v.logIn(login, password)
				v.shows(c.words, `data-screen="login"`)
			})
		})
	}
}

func TestAnEmptyFieldIsSaidWithoutAskingTheServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := newServer()
		st, err := store.New(store.Options{}, Slices()...)
		if err != nil {
			t.Fatal(err)
		}
		defer st.Close()
		medtechapi.Provide(st, medtechapi.Environment{BaseURL: medtechtest.BaseURL, Transport: srv})
		form := &logIn{ui: ui{st}}
		page := bindtest.Mount(t, st, form)
		for _, step := range []struct {
			login string
			words string
		}{{"  ", "Type your e-mail or login."}, {login, "Type your password."}} {
			st.Dispatch(medtechapi.SetEmail(step.login))
			form.submit()
			form.Update()
			if html := page.HTML(); !strings.Contains(html, step.words) {
				t.Errorf("the form does not say %q:\n%s", step.words, html)
			}
		}
		if asked := srv.Asked(); len(asked) > 0 {
			t.Errorf("the server was asked: %v", asked)
		}
	})
}

func TestTheFormIsBusyWhileItLogsIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := newServer()
		release := srv.Hold("")
		v := open(t, srv, newPhone(), "/login")
		v.resume()
		v.st.Dispatch(medtechapi.SetEmail(login))
		form := &logIn{ui: ui{v.st}, password: password}
		form.submit()
		synctest.Wait()
		form.submit() // a second click
		v.shows("Logging in…", `aria-busy`)
		release()
		time.Sleep(time.Minute) // whatever else it would send
		v.shows(`data-screen="account"`, "Marie Lambert")
		if n := strings.Count(strings.Join(srv.Asked(), "\n"), "/auth/login"); n != 1 {
			t.Errorf("%d log-ins were sent for two clicks", n)
		}
	})
}

func TestAVisitGoesOnWhereTheLastOneEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv, device := newServer(), newPhone()
		leave := func() {
			st, err := store.New(store.Options{}, Slices()...)
			if err != nil {
				t.Fatal(err)
			}
			defer st.Close()
			petra.Keep(st, device.storage)
			medtechapi.Provide(st, medtechapi.Environment{BaseURL: medtechtest.BaseURL, Transport: srv, Vault: device.vault})
			if _, err := medtechapi.Login.Run(t.Context(), st, medtech.Credentials{UserName: login, Password: password}); err != nil {
				t.Fatal(err)
			}
		}
		leave()

		mend := srv.Break("POST /auth/login", 0)
		v := open(t, srv, device, "/doctors")
		v.resume()
		v.shows(`data-screen="unreachable"`, "still logged in on this device", `data-action="retry"`)
		v.hides("login-form")
		v.golden("unreachable")

		mend()
		v.resume()
		v.shows(`data-screen="doctors"`)
		v.st.Dispatch(medtechapi.Expired())
		v.shows(`data-screen="login"`, `value="`+login+`"`)
	})
}

func TestASessionThatHasEndedLeadsToTheForm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := openLoggedIn(t, newServer(), "/account")
		saved := petra.Saved.Of(v.st.State())
		v.st.Dispatch(medtechapi.Expired())
		v.shows(`data-screen="login"`, "Your session has ended")
		v.hides("Marie Lambert")
		v.logIn(login, "wrong")
		v.shows(`data-screen="login"`, "is not right")
		if saved == nil {
			t.Error("the log-in was not saved")
		}
	})
}

func TestAfterLoggingOutNothingOfThePersonIsLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := newServer()
		share(srv, "d-jonas")
		v := openLoggedIn(t, srv, "/doctors")
		v.st.Dispatch(typed("nun"))
		v.st.Dispatch(searched("nun"))
		v.shows("Jonas", "Núñez", "Marie Lambert")
		leave(t.Context(), v.st)
		v.shows(`data-screen="login"`)
		v.hides("Jonas", "Núñez", "Marie", "nun", login)
		if path := thePlace.Of(v.st.State()).Path; path != "/login" {
			t.Errorf("the next log-in would lead to %s, where the last person was", path)
		}
	})
}

func TestLoggingOutInAnotherTabLogsOutHere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := openLoggedIn(t, newServer(), "/doctors")
		defer watchLogout(t.Context(), v.st)()
		v.st.Dispatch(petra.SavedElsewhere(petra.State{Theme: petra.Dark}))
		v.shows(`data-screen="login"`)
		v.hides("Marie Lambert", login)
		if petra.CurrentTheme.Of(v.st.State()) != petra.Dark {
			t.Error("the theme was not taken over")
		}
	})
}

func TestNoSecretIsDrawnKeptOrLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := newServer()
		share(srv, "d-jonas")
		v := open(t, srv, newPhone(), "/doctors")
		v.resume()
		v.logIn(login, "another secret")
		pages := v.HTML()
		v.logIn(login, password)
		for _, path := range []string{"/account", "/doctors"} {
			v.goTo(path)
			pages += v.HTML()
		}
		state, err := v.st.Encode(v.st.State())
		if err != nil {
			t.Fatal(err)
		}
		if !json.Valid(state) {
			t.Fatal("the state is no JSON")
		}
		secrets := append(srv.Secrets(), "another secret")
		if len(secrets) != 4 {
			t.Fatalf("want the password, a session and the device's token besides the wrong password, have %q", secrets)
		}
		for where, text := range map[string]string{"the page": pages, "the state": string(state), "the log": v.logs.String()} {
			for _, secret := range secrets {
				if strings.Contains(text, secret) {
					t.Errorf("%s has the secret %q", where, secret)
				}
			}
		}
	})
}
