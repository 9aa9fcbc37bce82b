package medtech_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"slate/medtech"
)

func TestWrongPasswordIsTriedOnce(t *testing.T) {
	s := newAuthServer()
	c := newClient(t, s, medtech.Credentials{UserName: "ada", Password: "hunter2-secret"})
	for range 3 {
		_, err := c.Users.GetLoggedUser(t.Context())
		e := wantIs(t, err, medtech.ErrUnauthorized)
		if e.Status != 401 || e.Op != "get the logged-in user" || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("error %q, status %d, op %q", err, e.Status, e.Op)
		}
	}
	wantLog(t, &s.script, login)
	_, err := c.Login(t.Context())
	wantIs(t, err, medtech.ErrUnauthorized)
	wantLog(t, &s.script, login)
}

func TestUnsuccessfulLogins(t *testing.T) {
	tests := map[string]struct {
		status int
		body   string
		kind   medtech.Kind
		wait   time.Duration
	}{
		"unsuccessful with status 200": {200, `{"successful":false,"reason":"locked"}`, medtech.ErrUnauthorized, 0},
		"no token":                     {200, `{"successful":true}`, medtech.ErrUnexpected, 0},
		"not JSON":                     {200, `<html>`, medtech.ErrUnexpected, 0},
		"second factor missing":        {417, `{}`, medtech.ErrSecondFactor, 0},
		"second factor wrong":          {406, `{}`, medtech.ErrSecondFactor, 0},
		"short password":               {412, `{}`, medtech.ErrWeakPassword, 0},
		"too many attempts":            {429, `{}`, medtech.ErrTooManyRequests, 7 * time.Second},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := &script{answer: func(context.Context, exchange) (*medtech.Response, error) {
				r := reply(tt.status, tt.body)
				r.Header.Set("Retry-After", "7")
				return r, nil
			}}
			answer, err := newClient(t, s, ada).Login(t.Context())
			e := wantIs(t, err, tt.kind)
			if e.RetryAfter != tt.wait || answer != (medtech.AuthenticationResponse{}) {
				t.Errorf("wait %v, want %v; answer %+v", e.RetryAfter, tt.wait, answer)
			}
		})
	}
}

func TestLoginAnswersWhoItIs(t *testing.T) {
	s := newAuthServer()
	c := newClient(t, s, ada)
	answer, err := c.Login(t.Context())
	if err != nil || answer.UserID != "ada" || answer.GroupID != "g" || answer.Token != c.Tokens().Token {
		t.Fatalf("answer %+v, error %v", answer, err)
	}
	mustRead(t, c)
	wantLog(t, &s.script, login, current)
}

func TestBasicSendsEveryRequestWithThePassword(t *testing.T) {
	s := always(200, `{"id":"ada","groupId":"g","patientId":"p"}`)
	basic := ada
	basic.Basic = true
	c := newClient(t, s, basic)
	answer, err := c.Login(t.Context())
	if err != nil || answer.UserID != "ada" || answer.DataOwnerID != "p" || !answer.Successful {
		t.Fatalf("answer %+v, error %v", answer, err)
	}
	mustRead(t, c)
	if got := s.last(t).Header.Get("authorization"); got != "Basic YWRhOmNvcnJlY3QgaG9yc2U=" {
		t.Errorf("authorization %q", got)
	}
	wantLog(t, s, current, current)
	s.answer = always(401, "").answer
	_, err = c.Users.GetLoggedUser(t.Context())
	wantIs(t, err, medtech.ErrUnauthorized)
	_, err = c.Login(t.Context())
	if e := wantIs(t, err, medtech.ErrUnauthorized); e.Op != "log in" {
		t.Errorf("op %q", e.Op)
	}
	wantLog(t, s, current, current) // a 401 is final
}
