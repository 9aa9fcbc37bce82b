package medtech_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"slate/medtech"
)

func wantLog(t *testing.T, s *script, want ...string) {
	t.Helper()
	if want == nil {
		want = []string{}
	}
	if diff := cmp.Diff(want, s.log()); diff != "" {
		t.Fatalf("requests (-want +got):\n%s", diff)
	}
}

func mustRead(t *testing.T, c *medtech.Client) {
	t.Helper()
	u, err := c.Users.GetLoggedUser(t.Context())
	if err != nil || u.ID != "ada" {
		t.Fatalf("got user %q, error %v", u.ID, err)
	}
}

const login, refresh, current, logout = "POST /auth/login", "POST /auth/refresh", "GET /user/current", "GET /auth/logout"

func TestFirstCallLogsInAndLaterOnesReuseTheToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newAuthServer()
		c := newClient(t, s, ada)
		mustRead(t, c)
		mustRead(t, c)
		if got := s.last(t).Header.Get("Authorization"); got != "Bearer "+c.Tokens().Token.Reveal() {
			t.Errorf("authorization %q is not the session's token", got)
		}
		wantLog(t, &s.script, login, current, current)
	})
}

func TestTokenIsRefreshedBeforeItExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newAuthServer()
		c := newClient(t, s, ada)
		mustRead(t, c)
		time.Sleep(s.life - 31*time.Second)
		mustRead(t, c)
		wantLog(t, &s.script, login, current, current)
		time.Sleep(2 * time.Second)
		mustRead(t, c)
		wantLog(t, &s.script, refresh, current)
		if got := c.Tokens().RefreshToken; got.Reveal() != "refresh-2" {
			t.Errorf("kept refresh token %q, want the new one", got.Reveal())
		}
	})
}

func TestShortLivedTokenIsUsedForHalfItsLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newAuthServer()
		s.life = 10 * time.Second
		c := newClient(t, s, ada)
		mustRead(t, c)
		time.Sleep(4 * time.Second)
		mustRead(t, c)
		wantLog(t, &s.script, login, current, current)
		time.Sleep(2 * time.Second)
		mustRead(t, c)
		wantLog(t, &s.script, refresh, current)
	})
}

func TestTokenExpiredOnArrivalIsUsedUntilRefused(t *testing.T) {
	// The device's clock is ahead: renewing before every call would never end.
	s := &script{answer: func(_ context.Context, e exchange) (*medtech.Response, error) {
		if e.Path == "/auth/login" {
			return replyJSON(map[string]any{"successful": true, "token": jwt(1, -time.Hour), "refreshToken": "r"}), nil
		}
		return reply(200, `{"id":"ada"}`), nil
	}}
	c := newClient(t, s, ada)
	mustRead(t, c)
	mustRead(t, c)
	wantLog(t, s, login, current, current)
}

func TestUnreadableTokenNeverExpires(t *testing.T) {
	for _, token := range []string{"opaque", "a.b", "a.!!!.c", "a.bm90IGpzb24.c", "a.eyJleHAiOiJzb29uIn0.c", "a.e30.c"} {
		synctest.Test(t, func(t *testing.T) {
			s := &script{answer: func(_ context.Context, e exchange) (*medtech.Response, error) {
				if e.Path == "/auth/login" {
					return replyJSON(map[string]any{"successful": true, "token": token, "refreshToken": "r"}), nil
				}
				return reply(200, `{"id":"ada"}`), nil
			}}
			c := newClient(t, s, ada)
			mustRead(t, c)
			time.Sleep(100 * 365 * 24 * time.Hour)
			mustRead(t, c)
			wantLog(t, s, login, current, current)
		})
	}
}

func TestRefusedRefreshFallsBackToLogin(t *testing.T) {
	s := newAuthServer()
	s.badRefresh = true
	c := newClient(t, s, ada)
	mustRead(t, c)
	s.revokeAll()
	mustRead(t, c)
	wantLog(t, &s.script, login, current, current, refresh, login, current)
}

func TestRefreshThatCannotTellDoesNotLogIn(t *testing.T) {
	s := newAuthServer()
	c := newClient(t, s, ada)
	mustRead(t, c)
	s.revokeAll()
	s.answer = func(ctx context.Context, e exchange) (*medtech.Response, error) {
		if e.Path == "/auth/refresh" {
			return reply(503, `{"message":"restarting"}`), nil
		}
		return s.serve(ctx, e)
	}
	_, err := c.Users.GetLoggedUser(t.Context())
	wantIs(t, err, medtech.ErrServer)
	wantLog(t, &s.script, login, current, current, refresh)
	s.answer = s.serve
	mustRead(t, c) // nothing is remembered of a failure that passes
}

func TestParallelCallsShareOneRenewal(t *testing.T) {
	for name, setup := range map[string]func(*authServer){
		"refresh":           func(*authServer) {},
		"log-in":            func(s *authServer) { s.noRefresh = true },
		"refresh, then log": func(s *authServer) { s.badRefresh = true },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newAuthServer()
				setup(s)
				c := newClient(t, s, ada)
				mustRead(t, c)
				s.log()
				s.revokeAll()
				s.delay = time.Second
				const n = 50
				var all sync.WaitGroup
				for range n {
					all.Go(func() { mustRead(t, c) })
				}
				all.Wait()
				count := map[string]int{}
				for _, line := range s.log() {
					count[line]++
				}
				want := map[string]int{current: 2 * n}
				if !s.noRefresh {
					want[refresh] = 1
				}
				if s.noRefresh || s.badRefresh {
					want[login] = 1
				}
				if diff := cmp.Diff(want, count); diff != "" {
					t.Fatalf("requests (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestFirstCallsInParallelLogInOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newAuthServer()
		s.delay = time.Second
		c := newClient(t, s, ada)
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() { mustRead(t, c) })
		}
		all.Wait()
		if got := strings.Count(strings.Join(s.log(), "\n"), login); got != 1 {
			t.Fatalf("%d log-ins, want 1", got)
		}
	})
}

func TestCancelledCallerLeavesTheRenewalToOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newAuthServer()
		s.delay = time.Minute / 2
		c := newClient(t, s, ada)
		ctx, cancel := context.WithCancel(t.Context())
		first := make(chan error, 1)
		go func() { _, err := c.Users.GetLoggedUser(ctx); first <- err }()
		synctest.Wait()
		second := make(chan error, 1)
		go func() { _, err := c.Users.GetLoggedUser(t.Context()); second <- err }()
		synctest.Wait()
		cancel()
		wantIs(t, <-first, context.Canceled)
		if err := <-second; err != nil {
			t.Fatalf("the caller who stayed got %v", err)
		}
		wantLog(t, &s.script, login, current)
	})
}

func TestRenewalEndsWithItsLastCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newAuthServer()
		s.delay = time.Second * 40
		c := newClient(t, s, ada)
		var errs [3]error
		ctx, cancel := context.WithCancel(t.Context())
		var all sync.WaitGroup
		for i := range errs {
			all.Go(func() { _, errs[i] = c.Users.GetLoggedUser(ctx) })
		}
		synctest.Wait()
		start := time.Now()
		cancel()
		all.Wait()
		if waited := time.Since(start); waited != 0 {
			t.Errorf("callers returned %v after their context", waited)
		}
		for _, err := range errs {
			wantIs(t, err, context.Canceled)
		}
		s.delay = 0
		mustRead(t, c) // whoever comes later is not given the cancelled one
		wantLog(t, &s.script, login, login, current)
	})
}

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

func TestResumedSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newAuthServer()
		before := newClient(t, s, ada)
		mustRead(t, before)
		c := newClient(t, s, medtech.Credentials{Tokens: before.Tokens()})
		s.log()
		mustRead(t, c)
		wantLog(t, &s.script, current)
		time.Sleep(2 * time.Hour)
		late := newClient(t, s, medtech.Credentials{Tokens: before.Tokens()})
		mustRead(t, late)
		wantLog(t, &s.script, refresh, current)
		s.badRefresh = true
		s.revokeAll()
		for range 2 {
			_, err := late.Users.GetLoggedUser(t.Context())
			wantIs(t, err, medtech.ErrUnauthorized)
		}
		wantLog(t, &s.script, current, refresh) // and nothing for the second
		_, err := late.Login(t.Context())
		wantIs(t, err, medtech.ErrInvalid)
	})
}

func TestTokenThatNothingCanRenewIsUsedUntilRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newAuthServer()
		before := newClient(t, s, ada)
		mustRead(t, before)
		s.log()
		c := newClient(t, s, medtech.Credentials{Tokens: medtech.Tokens{Token: before.Tokens().Token}})
		time.Sleep(2 * time.Hour)
		_, err := c.Users.GetLoggedUser(t.Context())
		wantIs(t, err, medtech.ErrUnauthorized)
		wantLog(t, &s.script, current)
	})
}

func TestFreshTokenRefusedIsNotRenewedAgain(t *testing.T) {
	s := newAuthServer()
	s.answer = func(ctx context.Context, e exchange) (*medtech.Response, error) {
		if e.Path == "/user/current" {
			return reply(401, `{"message":"no"}`), nil
		}
		return s.serve(ctx, e)
	}
	_, err := newClient(t, s, ada).Users.GetLoggedUser(t.Context())
	wantIs(t, err, medtech.ErrUnauthorized)
	wantLog(t, &s.script, login, current, refresh, current)
}

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
