package medtechapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slate/medtech"
	"slate/medtech/medtechtest"
	"slate/slices/currentuser"
	"slate/slices/medtechapi"
	"slate/slices/petra"
	"slate/store"
)

const password = "correct horse battery staple"

// session is a store whose thunks talk to a server in memory.
type session struct {
	*store.Store
	server  *medtechtest.Server
	user    medtech.User
	actions []string
	log     *strings.Builder
	env     medtechapi.Environment
}

func newSession(t *testing.T) *session {
	t.Helper()
	s := &session{server: medtechtest.NewServer(), log: &strings.Builder{}}
	s.user = s.server.AddUser(medtech.User{Login: "ada", Email: "ada@example.org"}, password)
	s.env = medtechapi.Environment{BaseURL: medtechtest.BaseURL, Transport: s.server, Vault: petra.NewMemoryVault()}
	s.restart(t, nil)
	return s
}

// restart is a reload: a new store that starts with what was saved.
func (s *session) restart(t *testing.T, saved []byte) {
	t.Helper()
	if s.Store != nil {
		s.Close()
	}
	st, err := store.New(store.Options{
		Saved:  saved,
		Logger: slog.New(slog.NewTextHandler(s.log, nil)),
		Middleware: []store.Middleware{func(_ *store.Store, next store.Dispatcher) store.Dispatcher {
			return func(a store.Action) error {
				s.actions = append(s.actions, a.Type())
				text, err := json.Marshal(a)
				if err != nil {
					t.Errorf("%s cannot be written as JSON: %v", a.Type(), err)
				}
				s.log.Write(text)
				return next(a)
			}
		}},
	}, petra.Slice, currentuser.Slice, medtechapi.Slice)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	medtechapi.Provide(st, s.env)
	s.Store = st
}

func (s *session) login(t *testing.T, password medtech.Secret) error {
	t.Helper()
	_, err := medtechapi.Login.Run(t.Context(), s.Store, medtech.Credentials{UserName: "ada", Password: password})
	return err
}

func (s *session) stands() medtechapi.State { return medtechapi.Session.Of(s.State()) }

func TestLogin(t *testing.T) {
	s := newSession(t)
	if err := s.login(t, password); err != nil {
		t.Fatal(err)
	}
	if got, want := s.stands(), (medtechapi.State{Email: "ada", Online: true}); got != want {
		t.Errorf("session %+v, want %+v", got, want)
	}
	if u := currentuser.User.Of(s.State()); u == nil || u.ID != s.user.ID {
		t.Errorf("current user %+v", u)
	}
	if saved := petra.Saved.Of(s.State()); saved == nil || saved.Login != medtechtest.GroupID+"/"+s.user.ID {
		t.Errorf("saved %+v", saved)
	}
	if api, err := medtechapi.API(s.Store); api == nil || err != nil {
		t.Errorf("API: %v, %v", api, err)
	}
	want := []string{"medTechApi/login/pending", "app/setSavedCredentials", "medTechApi/login/fulfilled"}
	if d := cmp.Diff(want, s.actions); d != "" {
		t.Error("actions:", d)
	}
}

func TestLoginFailures(t *testing.T) {
	reach := func(resp *medtech.Response, err error) func(context.Context, string) (*medtech.Response, error) {
		return func(context.Context, string) (*medtech.Response, error) { return resp, err }
	}
	for _, c := range []struct {
		name      string
		password  medtech.Secret
		intercept func(context.Context, string) (*medtech.Response, error)
		want      medtechapi.Failure
		is        error
	}{
		{"wrong password", "wrong", nil, medtechapi.WrongCredentials, medtech.ErrUnauthorized},
		{"no password", "", nil, medtechapi.WrongCredentials, medtech.ErrInvalid},
		{"second factor", password, reach(medtechtest.Fail(417, "code"), nil), medtechapi.NeedsSecondFactor, medtech.ErrSecondFactor},
		{"too many", password, reach(medtechtest.Fail(429, "slowly"), nil), medtechapi.TooManyAttempts, medtech.ErrTooManyRequests},
		{"no connection", password, reach(nil, medtech.ErrOffline), medtechapi.Unreachable, medtech.ErrOffline},
		{"server fails", password, reach(medtechtest.Fail(500, "sorry"), nil), medtechapi.Unavailable, medtech.ErrServer},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSession(t)
			s.server.Intercept(c.intercept)
			if err := s.login(t, c.password); !errors.Is(err, c.is) {
				t.Fatalf("error %v, want %v", err, c.is)
			}
			want := medtechapi.State{Email: "ada", Failure: c.want, InvalidToken: c.want == medtechapi.WrongCredentials}
			if got := s.stands(); got != want {
				t.Errorf("session %+v, want %+v", got, want)
			}
			if _, err := medtechapi.API(s.Store); !errors.Is(err, medtechapi.ErrSignedOut) {
				t.Errorf("API: %v", err)
			}
			s.server.Intercept(nil)
			if err := s.login(t, password); err != nil || !s.stands().Online {
				t.Errorf("log-in after the failure: %v, %+v", err, s.stands())
			}
		})
	}
}

func TestResume(t *testing.T) {
	s := newSession(t)
	if err := s.login(t, password); err != nil {
		t.Fatal(err)
	}
	saved, err := s.Encode(s.State())
	if err != nil {
		t.Fatal(err)
	}
	// What is saved of the session belongs to the run that saved it; only the petra slice outlives a reload.
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(saved, &parts); err != nil {
		t.Fatal(err)
	}
	only, err := json.Marshal(map[string]json.RawMessage{petra.Slice.Name(): parts[petra.Slice.Name()]})
	if err != nil {
		t.Fatal(err)
	}
	resume := func() error {
		_, err := medtechapi.Resume.Run(t.Context(), s.Store, struct{}{})
		return err
	}

	s.restart(t, only)
	s.server.Intercept(func(context.Context, string) (*medtech.Response, error) { return nil, medtech.ErrOffline })
	if err := resume(); !errors.Is(err, medtech.ErrOffline) || s.stands().Failure != medtechapi.Unreachable {
		t.Fatalf("offline: %v, %+v", err, s.stands())
	}
	if petra.Saved.Of(s.State()) == nil {
		t.Fatal("the saved log-in was forgotten because the server could not be reached")
	}
	s.server.Intercept(nil)
	if err := resume(); err != nil || !s.stands().Online {
		t.Fatalf("back online: %v, %+v", err, s.stands())
	}

	s.server.EndSessions()
	s.restart(t, only)
	if err := resume(); !errors.Is(err, medtech.ErrUnauthorized) || s.stands().Failure != medtechapi.SessionEnded {
		t.Fatalf("refused: %v, %+v", err, s.stands())
	}
	if err := resume(); !errors.Is(err, medtechapi.ErrNotSaved) || s.stands().Failure != medtechapi.NoFailure {
		t.Fatalf("a refused log-in was not forgotten: %v, %+v", err, s.stands())
	}

	s.env.Vault = petra.NewMemoryVault() // another device: the key is not there
	s.restart(t, only)
	if err := resume(); !errors.Is(err, petra.ErrSealed) || petra.Saved.Of(s.State()) != nil {
		t.Fatalf("sealed by another key: %v", err)
	}
}

func TestLogout(t *testing.T) {
	s := newSession(t)
	if err := s.login(t, password); err != nil {
		t.Fatal(err)
	}
	sealed := petra.Saved.Of(s.State()).Sealed
	s.server.Asked()
	s.server.Intercept(func(_ context.Context, request string) (*medtech.Response, error) {
		if strings.HasSuffix(request, "/auth/logout") {
			return nil, medtech.ErrOffline // a device without a connection can be logged out all the same
		}
		return nil, nil
	})
	if _, err := medtechapi.Logout.Run(t.Context(), s.Store, struct{}{}); err != nil {
		t.Fatal(err)
	}
	if got, want := s.stands(), (medtechapi.State{Email: "ada"}); got != want {
		t.Errorf("session %+v, want %+v", got, want)
	}
	if currentuser.User.Of(s.State()) != nil || petra.Saved.Of(s.State()) != nil {
		t.Error("the user or the saved log-in is still there")
	}
	if _, err := s.env.Vault.Open(t.Context(), sealed); !errors.Is(err, petra.ErrSealed) {
		t.Errorf("the vault still opens the old token: %v", err)
	}
	if asked := s.server.Asked(); !slices.Equal(asked, []string{"GET /auth/logout"}) {
		t.Errorf("asked %v", asked)
	}
}

func TestNoSecretInActionsLogsAndState(t *testing.T) {
	s := newSession(t)
	if err := s.login(t, password); err != nil {
		t.Fatal(err)
	}
	if err := s.login(t, "another secret"); err == nil {
		t.Fatal("a wrong password was accepted")
	}
	state, err := s.Encode(s.State())
	if err != nil {
		t.Fatal(err)
	}
	secrets := s.server.Secrets()
	if len(secrets) < 3 {
		t.Fatalf("%d secrets, want a password, a session and a token at least", len(secrets))
	}
	for _, secret := range append(secrets, "another secret") {
		for where, text := range map[string]string{"actions and logs": s.log.String(), "state": string(state)} {
			if strings.Contains(text, secret) {
				t.Errorf("%s hold the secret %q", where, secret)
			}
		}
	}
	if !strings.Contains(s.log.String(), `"userName"`) && !strings.Contains(s.log.String(), `"UserName"`) {
		t.Error("the log holds no log-in at all: this test looks at nothing")
	}
}

func TestOneLoginAtATime(t *testing.T) {
	s := newSession(t)
	inside, goOn := make(chan struct{}), make(chan struct{})
	s.server.Intercept(func(_ context.Context, request string) (*medtech.Response, error) {
		if strings.HasSuffix(request, "/auth/login") {
			close(inside)
			<-goOn
		}
		return nil, nil
	})
	first := make(chan error)
	go func() { first <- s.login(t, password) }()
	<-inside
	if err := s.login(t, password); !errors.Is(err, store.ErrSkipped) {
		t.Errorf("second log-in: %v", err)
	}
	close(goOn)
	if err := <-first; err != nil {
		t.Error(err)
	}
}
