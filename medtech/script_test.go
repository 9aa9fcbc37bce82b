package medtech_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"slate/medtech"
)

// script is a transport that answers by a function and remembers what it was
// asked.
type script struct {
	answer func(ctx context.Context, r exchange) (*medtech.Response, error)

	mu   sync.Mutex
	seen []exchange
}

// exchange is a request as tests look at it.
type exchange struct {
	Method string
	Path   string
	Query  string // without ts
	Header medtech.Header
	Body   string
}

func (e exchange) String() string { return e.Method + " " + e.Path }

func (s *script) RoundTrip(ctx context.Context, r *medtech.Request) (*medtech.Response, error) {
	u, err := url.Parse(r.URL)
	if err != nil {
		return nil, err
	}
	ts, rest, _ := strings.Cut(u.RawQuery, "&")
	if !strings.HasPrefix(ts, "ts=") {
		return nil, fmt.Errorf("ts is not the first parameter of %s", r.URL)
	}
	e := exchange{r.Method, strings.TrimPrefix(u.EscapedPath(), "/rest/v1"), rest, r.Header, string(r.Body)}
	s.mu.Lock()
	s.seen = append(s.seen, e)
	s.mu.Unlock()
	return s.answer(ctx, e)
}

// log lists what was asked, as "METHOD /path", and begins anew.
func (s *script) log() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	lines := []string{}
	for _, e := range s.seen {
		lines = append(lines, e.String())
	}
	s.seen = nil
	return lines
}

// last is the latest request.
func (s *script) last(t *testing.T) exchange {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.seen) == 0 {
		t.Fatal("nothing was sent")
	}
	return s.seen[len(s.seen)-1]
}

// always answers every request alike.
func always(status int, body string) *script {
	return &script{answer: func(context.Context, exchange) (*medtech.Response, error) { return reply(status, body), nil }}
}

func reply(status int, body string) *medtech.Response {
	return &medtech.Response{Status: status, Header: medtech.Header{"content-type": "application/json"}, Body: []byte(body)}
}

func replyJSON(v any) *medtech.Response {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return reply(200, string(data))
}

// newClient makes a client over a transport, without credentials unless given.
func newClient(t testing.TB, transport medtech.Transport, credentials ...medtech.Credentials) *medtech.Client {
	t.Helper()
	o := medtech.Options{BaseURL: "https://icure.test", Transport: transport}
	if len(credentials) > 0 {
		o.Credentials = credentials[0]
	}
	c, err := medtech.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var ada = medtech.Credentials{UserName: "ada", Password: "correct horse"}

// jwt makes a token that expires after life; n makes it unlike others.
func jwt(n int, life time.Duration) string {
	claims := fmt.Sprintf(`{"u":"ada","n":%d,"exp":%d}`, n, time.Now().Add(life).Unix())
	return "head." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".sign"
}

// authServer is a script of a server with log-in, refresh and one document.
type authServer struct {
	script
	life       time.Duration // of tokens
	delay      time.Duration // of log-in and refresh
	noRefresh  bool          // answers no refresh tokens
	badRefresh bool          // refuses them
	count      int
	valid      map[string]time.Time // tokens and their end
}

func newAuthServer() *authServer {
	s := &authServer{life: time.Hour, valid: map[string]time.Time{}}
	s.answer = s.serve
	return s
}

func (s *authServer) revokeAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.valid)
}

func (s *authServer) issue(user string) *medtech.Response {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count++
	token := jwt(s.count, s.life)
	s.valid[token] = time.Now().Add(s.life)
	answer := map[string]any{"successful": true, "token": token, "userId": user, "groupId": "g"}
	if !s.noRefresh {
		answer["refreshToken"] = fmt.Sprintf("refresh-%d", s.count)
	}
	return replyJSON(answer)
}

func (s *authServer) serve(ctx context.Context, e exchange) (*medtech.Response, error) {
	if strings.HasPrefix(e.Path, "/auth/log") || e.Path == "/auth/refresh" {
		select {
		case <-time.After(s.delay):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	switch e.Path {
	case "/auth/login":
		var body struct{ Username, Password string }
		if err := json.Unmarshal([]byte(e.Body), &body); err != nil {
			return nil, err
		}
		if body.Password != ada.Password.Reveal() {
			return reply(401, `{"successful":false,"reason":"wrong password `+body.Password+`"}`), nil
		}
		return s.issue(body.Username), nil
	case "/auth/refresh":
		if s.badRefresh || !strings.HasPrefix(e.Header.Get("Refresh-Token"), "refresh-") {
			return reply(401, `{"message":"no"}`), nil
		}
		return s.issue("ada"), nil
	case "/auth/logout":
		return reply(200, `{"successful":true}`), nil
	}
	s.mu.Lock()
	end, ok := s.valid[strings.TrimPrefix(e.Header.Get("Authorization"), "Bearer ")]
	s.mu.Unlock()
	if !ok || time.Now().After(end) {
		return reply(401, `{"message":"unauthorized"}`), nil
	}
	return reply(200, `{"id":"ada","rev":"1-a"}`), nil
}

func wantIs(t *testing.T, err, target error) *medtech.Error {
	t.Helper()
	if !errors.Is(err, target) {
		t.Fatalf("got error %v, want one that is %v", err, target)
	}
	e, _ := errors.AsType[*medtech.Error](err)
	return e
}
