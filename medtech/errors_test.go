package medtech_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"slate/medtech"
)

func TestStatusKinds(t *testing.T) {
	tests := []struct {
		status  int
		body    string
		kind    medtech.Kind
		message string
	}{
		{400, `{"message":"User with login ada already exists"}`, medtech.ErrDuplicate, "User with login ada already exists"},
		{400, `{"message":"bad"}`, medtech.ErrBadRequest, "bad"},
		{401, ``, medtech.ErrUnauthorized, ""},
		{402, `{}`, medtech.ErrQuota, ""},
		{403, `{"message":"Access denied"}`, medtech.ErrForbidden, "Access denied"},
		{404, ``, medtech.ErrNotFound, ""},
		{404, `<html>`, medtech.ErrNotFound, ""},
		{406, `{}`, medtech.ErrWeakPassword, ""},
		{409, `{"message":"rev"}`, medtech.ErrConflict, "rev"},
		{412, `{}`, medtech.ErrWeakPassword, ""},
		{413, `{}`, medtech.ErrTooLarge, ""},
		{417, `{}`, medtech.ErrSecondFactor, ""},
		{422, `{"message":5}`, medtech.ErrBadRequest, ""},
		{429, `{}`, medtech.ErrTooManyRequests, ""},
		{500, `[`, medtech.ErrServer, ""},
		{503, `{"message":"restarting"}`, medtech.ErrServer, "restarting"},
		{302, ``, medtech.ErrUnexpected, ""},
		{418, ``, medtech.ErrUnexpected, ""},
		{200, ``, medtech.ErrUnexpected, "the body is not the JSON that belongs here"},
		{200, `{"id":5}`, medtech.ErrUnexpected, "the body is not the JSON that belongs here"},
		{200, `null`, medtech.ErrUnexpected, "the body is not a document with an id"},
		{204, ``, medtech.ErrUnexpected, "the body is not the JSON that belongs here"},
	}
	for _, tt := range tests {
		s := &script{answer: func(context.Context, exchange) (*medtech.Response, error) {
			r := reply(tt.status, tt.body)
			r.Header.Set("X-Request-ID", "req-7")
			return r, nil
		}}
		u, err := newClient(t, s).Users.GetUser(t.Context(), "a b")
		e := wantIs(t, err, tt.kind)
		want := medtech.Error{
			Op: "get user", Kind: tt.kind, Status: tt.status, Message: tt.message, RequestID: "req-7", Method: "GET", Path: "/rest/v1/user/a%20b",
		}
		if *e != want || u.ID != "" {
			t.Errorf("status %d, %s:\ngot  %+v\nwant %+v", tt.status, tt.body, *e, want)
		}
		for _, part := range []string{"medtech: get user: ", string(tt.kind), tt.message, "request id req-7", "GET /rest/v1/user/a%20b"} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%q lacks %q", err, part)
			}
		}
	}
}

func TestErrorText(t *testing.T) {
	e := &medtech.Error{
		Op: "log in", Kind: medtech.ErrTooManyRequests, Status: 429, Message: "slow down", Method: "POST", Path: "/rest/v1/auth/login",
		RequestID: "r", RetryAfter: 3 * time.Second, Err: errors.New("below"),
	}
	want := "medtech: log in: too many attempts; wait before the next one: slow down: below (wait 3s, status 429, POST /rest/v1/auth/login, request id r)"
	if e.Error() != want {
		t.Errorf("got  %s\nwant %s", e, want)
	}
	if got := (&medtech.Error{Op: "x", Err: context.Canceled}).Error(); got != "medtech: x: context canceled" {
		t.Error(got)
	}
}

func TestWaitOfTooManyRequests(t *testing.T) {
	for header, want := range map[string]time.Duration{
		"5": 5 * time.Second, " 0 ": 0, "": 0, "-1": 0, "99999999999999999999": 0, "1e3": 0, "Wed, 21 Oct 2026 07:28:00 GMT": 0, "86401": 0,
	} {
		for status, kind := range map[int]medtech.Kind{429: medtech.ErrTooManyRequests, 503: medtech.ErrServer} {
			s := &script{answer: func(context.Context, exchange) (*medtech.Response, error) {
				r := reply(status, "{}")
				r.Header.Set("Retry-After", header)
				return r, nil
			}}
			_, err := newClient(t, s).Users.GetLoggedUser(t.Context())
			if e := wantIs(t, err, kind); e.RetryAfter != want {
				t.Errorf("%d, %q: wait %v, want %v", status, header, e.RetryAfter, want)
			}
		}
	}
}

// Some servers quote the body that they could not read.
func TestServersWordsWithSecretsAreScrubbed(t *testing.T) {
	const password = `pass"word`
	for _, quoted := range []string{`cannot read: pass\"word`, `cannot read: {\"p\":\"pass\\\"word\"}`} {
		s := always(400, `{"message":"`+quoted+`"}`)
		c := newClient(t, s, medtech.Credentials{UserName: "ada", Password: password})
		_, err := c.Login(t.Context())
		if wantIs(t, err, medtech.ErrBadRequest); strings.Contains(err.Error(), "word") || !strings.Contains(err.Error(), "[redacted]") {
			t.Errorf("%v", err)
		}
		_, err = newClient(t, s).Users.CreateOrModifyUser(t.Context(), medtech.User{PasswordHash: password})
		if wantIs(t, err, medtech.ErrBadRequest); strings.Contains(err.Error(), "word") {
			t.Errorf("%v", err)
		}
	}
	s := always(400, `{"message":"`+strings.Repeat("é", 2000)+`"}`)
	_, err := newClient(t, s).Users.GetLoggedUser(t.Context())
	if e := wantIs(t, err, medtech.ErrBadRequest); len(e.Message) > 510 || !strings.HasSuffix(e.Message, "é…") {
		t.Errorf("a message of %d bytes", len(e.Message))
	}
}

func TestOffline(t *testing.T) {
	below := errors.New("no route to host")
	s := &script{answer: func(context.Context, exchange) (*medtech.Response, error) { return nil, below }}
	_, err := newClient(t, s).Users.GetLoggedUser(t.Context())
	if e := wantIs(t, err, medtech.ErrOffline); !errors.Is(err, below) || e.Path != "/rest/v1/user/current" || e.Status != 0 {
		t.Errorf("%+v", e)
	}
	_, err = newClient(t, s, ada).Users.GetLoggedUser(t.Context())
	wantIs(t, err, medtech.ErrOffline)
}

func TestAnswerTooLarge(t *testing.T) {
	c, err := medtech.New(medtech.Options{BaseURL: "http://h", Transport: always(200, `{"id":"0123456789"}`), MaxResponseBytes: 10})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Users.GetLoggedUser(t.Context())
	wantIs(t, err, medtech.ErrTooLarge)
}

// silent is a server that never answers.
func silent() *script {
	return &script{answer: func(ctx context.Context, _ exchange) (*medtech.Response, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}}
}

func TestTimeouts(t *testing.T) {
	for timeout, want := range map[time.Duration]time.Duration{0: time.Minute, time.Second: time.Second} {
		synctest.Test(t, func(t *testing.T) {
			c, err := medtech.New(medtech.Options{BaseURL: "http://h", Transport: silent(), Timeout: timeout})
			if err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			_, err = c.Users.GetLoggedUser(t.Context())
			wantIs(t, err, medtech.ErrTimeout)
			if errors.Is(err, context.DeadlineExceeded) || time.Since(start) != want {
				t.Errorf("%v after %v, want %v", err, time.Since(start), want)
			}
		})
	}
}

func TestNoTimeoutAndTheCallersDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, err := medtech.New(medtech.Options{BaseURL: "http://h", Transport: silent(), Timeout: -1})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 24*time.Hour)
		defer cancel()
		start := time.Now()
		_, err = c.Users.GetLoggedUser(ctx)
		wantIs(t, err, medtech.ErrTimeout)
		wantIs(t, err, context.DeadlineExceeded)
		if time.Since(start) != 24*time.Hour {
			t.Errorf("after %v", time.Since(start))
		}
	})
}

func TestCancelledCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, cred := range map[string]medtech.Credentials{"in the call": {}, "in the log-in": ada} {
			s := silent()
			ctx, cancel := context.WithCancelCause(t.Context())
			result := make(chan error, 1)
			go func() { _, err := newClient(t, s, cred).Users.GetLoggedUser(ctx); result <- err }()
			synctest.Wait()
			cancel(errors.New("the page was left"))
			err := <-result
			e := wantIs(t, err, context.Canceled)
			if e.Kind != "" || e.Op != "get the logged-in user" {
				t.Errorf("%s: %+v", name, e)
			}
		}
	})
}

func TestEndedContextSendsNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := always(200, `{"id":"u"}`)
	_, err := newClient(t, s).Users.GetLoggedUser(ctx)
	wantIs(t, err, context.Canceled)
	wantLog(t, s)
}
