package medtech_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"slate/medtech"
)

func TestLogoutForgetsEverything(t *testing.T) {
	s := newAuthServer()
	c := newClient(t, s, ada)
	mustRead(t, c)
	if err := c.Logout(t.Context()); err != nil {
		t.Fatal(err)
	}
	if c.Tokens() != (medtech.Tokens{}) {
		t.Error("tokens are still there")
	}
	_, err := c.Users.GetLoggedUser(t.Context())
	wantIs(t, err, medtech.ErrUnauthorized)
	_, err = c.Login(t.Context())
	wantIs(t, err, medtech.ErrUnauthorized)
	if err := c.Logout(t.Context()); err != nil {
		t.Error(err)
	}
	wantLog(t, &s.script, login, current, logout)
}

func TestLogoutWithoutNetworkForgetsTheTokensAllTheSame(t *testing.T) {
	s := newAuthServer()
	c := newClient(t, s, medtech.Credentials{Tokens: medtech.Tokens{Token: "t"}})
	s.answer = func(context.Context, exchange) (*medtech.Response, error) { return nil, errors.New("no route") }
	wantIs(t, c.Logout(t.Context()), medtech.ErrOffline)
	s.log()
	_, err := c.Users.GetLoggedUser(t.Context())
	wantIs(t, err, medtech.ErrUnauthorized)
	wantLog(t, &s.script)
}

func TestLogoutOfAnEndedSessionSucceeds(t *testing.T) {
	c := newClient(t, always(401, `{}`), medtech.Credentials{Tokens: medtech.Tokens{Token: "t"}})
	if err := c.Logout(t.Context()); err != nil {
		t.Fatal(err)
	}
	c = newClient(t, always(500, `{}`), medtech.Credentials{Tokens: medtech.Tokens{Token: "t"}})
	wantIs(t, c.Logout(t.Context()), medtech.ErrServer)
}

func TestRenewalCannotUndoALogout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newAuthServer()
		s.delay = time.Second
		c := newClient(t, s, ada)
		result := make(chan error, 1)
		go func() { _, err := c.Users.GetLoggedUser(t.Context()); result <- err }()
		synctest.Wait()
		if err := c.Logout(t.Context()); err != nil {
			t.Fatal(err)
		}
		wantIs(t, <-result, medtech.ErrUnauthorized)
		if c.Tokens() != (medtech.Tokens{}) {
			t.Error("the late log-in brought tokens back")
		}
	})
}

func TestUnusableCredentials(t *testing.T) {
	tokens := medtech.Tokens{Token: "t"}
	for name, cred := range map[string]medtech.Credentials{
		"password without user":  {Password: "p"},
		"user without password":  {UserName: "u"},
		"Basic without password": {UserName: "u", Basic: true, Tokens: tokens},
		"Basic with tokens":      {UserName: "u", Password: "p", Basic: true, Tokens: tokens},
		"Basic alone":            {Basic: true},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := medtech.New(medtech.Options{BaseURL: "http://h", Credentials: cred})
			wantIs(t, err, medtech.ErrInvalid)
		})
	}
}
