package medtech_test

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
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
		start := time.Now()
		cancel()
		wantIs(t, <-first, context.Canceled)
		if waited := time.Since(start); waited != 0 {
			t.Errorf("the caller who left returned after %v", waited)
		}
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

func TestRefusalOfAnOldTokenIsAnsweredByTheNewOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newAuthServer()
		c := newClient(t, s, ada)
		mustRead(t, c)
		s.log()
		s.answer = func(ctx context.Context, e exchange) (*medtech.Response, error) {
			r, err := s.serve(ctx, e)
			if e.Path == "/user/slow" {
				time.Sleep(time.Minute / 2)
			}
			return r, err
		}
		s.revokeAll()
		slow := make(chan error, 1)
		go func() { _, err := c.Users.GetUser(t.Context(), "slow"); slow <- err }()
		synctest.Wait()
		mustRead(t, c)
		if err := <-slow; err != nil {
			t.Error(err)
		}
		wantLog(t, &s.script, "GET /user/slow", current, refresh, current, "GET /user/slow")
	})
}

func TestRefreshTokenIsKeptWhenNoNewOneComes(t *testing.T) {
	s := newAuthServer()
	c := newClient(t, s, ada)
	mustRead(t, c)
	s.noRefresh = true
	for range 2 {
		s.revokeAll()
		mustRead(t, c)
	}
	wantLog(t, &s.script, login, current, current, refresh, current, current, refresh, current)
}

func TestNothingOfARenewalOutlivesItsCallers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var under atomic.Int32
		s := &script{answer: func(ctx context.Context, _ exchange) (*medtech.Response, error) {
			under.Add(1)
			defer under.Add(-1)
			<-ctx.Done()
			time.Sleep(time.Millisecond) // a transport needs a moment to give up
			return nil, ctx.Err()
		}}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := newClient(t, s, ada).Users.GetLoggedUser(ctx)
		wantIs(t, err, medtech.ErrTimeout)
		if n := under.Load(); n != 0 {
			t.Errorf("%d requests under way after the call", n)
		}
	})
}
