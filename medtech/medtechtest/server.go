// Package medtechtest is a MedTech server in memory, for the tests of what is built on package medtech. It is a
// medtech.Transport: no socket, no clock of its own, the same natively and as WebAssembly.
//
//	server := medtechtest.NewServer()
//	ada := server.AddUser(medtech.User{Login: "ada"}, "correct horse")
//	client, err := medtech.New(medtech.Options{BaseURL: medtechtest.BaseURL, Transport: server, Credentials: …})
//
// It knows the routes that Petra uses, remembers what it was asked and can be told to fail. What a real server answers in
// every detail is tested against the backend.
package medtechtest

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"

	"slate/medtech"
)

// BaseURL is the origin that the server answers at.
const BaseURL = "https://medtech.test"

// GroupID is the group of all its users.
const GroupID = "test-group"

// Server answers MedTech requests. It is safe for concurrent use.
type Server struct {
	mu            sync.Mutex
	users         map[string]*account // by id
	professionals map[string]medtech.HealthcareProfessional
	sessions      map[string]string // JWT → user id
	asked         []string
	intercept     func(ctx context.Context, request string) (*medtech.Response, error)
	made          int
}

type account struct {
	user     medtech.User
	writes   int
	password string
	tokens   map[string]string
}

// NewServer returns an empty server.
func NewServer() *Server {
	return &Server{
		users:         map[string]*account{},
		professionals: map[string]medtech.HealthcareProfessional{},
		sessions:      map[string]string{},
	}
}

// AddUser adds a user and returns it as the server shows it. Id and group are filled in where they are missing.
func (s *Server) AddUser(u medtech.User, password string) medtech.User {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u.ID == "" {
		u.ID = s.newID("user")
	}
	u.GroupID, u.PasswordHash = GroupID, "*"
	a := &account{user: u, password: password, tokens: map[string]string{}}
	s.users[u.ID] = a
	return a.written(u)
}

// AddProfessional adds a professional and returns it. The id is filled in where it is missing.
func (s *Server) AddProfessional(p medtech.HealthcareProfessional) medtech.HealthcareProfessional {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.ID == "" {
		p.ID = s.newID("hcp")
	}
	p.Rev = "1-0"
	s.professionals[p.ID] = p
	return p
}

// User returns a user as it is stored.
func (s *Server) User(id string) medtech.User {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.users[id].user
}

// Change changes a stored user as another device would, with a new rev.
func (s *Server) Change(id string, change func(*medtech.User)) medtech.User {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.users[id]
	u := a.user.Clone()
	change(&u)
	return a.written(u)
}

// EndSessions makes every session, refresh and token invalid: only passwords work.
func (s *Server) EndSessions() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.sessions)
	for _, a := range s.users {
		clear(a.tokens)
	}
}

// Intercept has fn see each request, as "METHOD /path", before it is answered. Where fn returns a response or an error,
// that is the answer. Nil ends it.
func (s *Server) Intercept(fn func(ctx context.Context, request string) (*medtech.Response, error)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.intercept = fn
}

// Asked returns the requests so far, as "METHOD /path", and forgets them. Ids are as they are in the path.
func (s *Server) Asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := s.asked
	s.asked = nil
	return asked
}

// Fail is a response with a status and an error body.
func Fail(status int, message string) *medtech.Response {
	return answer(status, medtech.ErrorBody{Message: message})
}

// RoundTrip implements medtech.Transport.
func (s *Server) RoundTrip(ctx context.Context, r *medtech.Request) (*medtech.Response, error) {
	u, err := url.Parse(r.URL)
	if err != nil {
		return nil, err
	}
	request := r.Method + " " + strings.TrimPrefix(u.EscapedPath(), "/rest/v1")
	s.mu.Lock()
	s.asked = append(s.asked, request)
	intercept := s.intercept
	s.mu.Unlock()
	if intercept != nil {
		if resp, err := intercept(ctx, request); resp != nil || err != nil {
			return resp, err
		}
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.answer(request, r), nil
}

func (s *Server) answer(request string, r *medtech.Request) *medtech.Response {
	method, path, _ := strings.Cut(request, " ")
	if path == "/auth/login" {
		return s.login(r.Body)
	}
	me := s.users[s.sessions[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")]]
	if me == nil {
		return Fail(401, "log in")
	}
	part := strings.Split(strings.TrimPrefix(path, "/"), "/")
	id := ""
	if len(part) > 1 {
		id, _ = url.PathUnescape(part[1])
	}
	switch {
	case path == "/auth/logout":
		return answer(200, map[string]bool{"successful": true})
	case method == "GET" && path == "/user/current":
		return answer(200, me.user)
	case method == "GET" && part[0] == "user" && len(part) == 2 && s.users[id] != nil:
		return answer(200, s.users[id].user)
	case method == "PUT" && path == "/user":
		return s.modify(r.Body)
	case method == "POST" && strings.HasPrefix(path, "/user/token/"):
		token := s.newID("token")
		me.tokens[part[3]] = token
		me.written(me.user)
		return answer(200, token)
	case method == "POST" && path == "/hcparty/filter":
		return s.find(r.Body)
	case method == "GET" && part[0] == "hcparty" && len(part) == 2:
		if p, ok := s.professionals[id]; ok {
			return answer(200, p)
		}
	}
	return Fail(404, "no such thing: "+request)
}

func (s *Server) login(body []byte) *medtech.Response {
	var c struct{ Username, Password string }
	if err := json.Unmarshal(body, &c); err != nil {
		return Fail(400, err.Error())
	}
	for id, a := range s.users {
		if c.Username != a.user.Login && c.Username != a.user.Key() {
			continue
		}
		if c.Password == a.password || slices.Contains(slices.Collect(maps.Values(a.tokens)), c.Password) {
			token := s.newID("session")
			s.sessions[token] = id
			return answer(200, map[string]any{"successful": true, "userId": id, "groupId": GroupID, "token": token})
		}
	}
	return answer(401, map[string]bool{"successful": false})
}

func (s *Server) modify(body []byte) *medtech.Response {
	var u medtech.User
	if err := json.Unmarshal(body, &u); err != nil {
		return Fail(400, err.Error())
	}
	a := s.users[u.ID]
	switch {
	case a == nil:
		return Fail(404, "no such user")
	case a.user.Rev != u.Rev:
		return Fail(409, "the rev is not the newest")
	}
	return answer(200, a.written(u))
}

func (s *Server) find(body []byte) *medtech.Response {
	var chain struct {
		Filter struct{ Name string } `json:"filter"`
	}
	if err := json.Unmarshal(body, &chain); err != nil {
		return Fail(400, err.Error())
	}
	rows := []medtech.HealthcareProfessional{}
	for _, id := range slices.Sorted(maps.Keys(s.professionals)) {
		p := s.professionals[id]
		if strings.Contains(strings.ToLower(p.FirstName+p.LastName+p.Name), chain.Filter.Name) {
			rows = append(rows, p)
		}
	}
	return answer(200, medtech.Page[medtech.HealthcareProfessional]{PageSize: 1000, TotalSize: len(rows), Rows: rows})
}

func (a *account) written(u medtech.User) medtech.User {
	a.writes++
	u.Rev = fmt.Sprintf("%d-0", a.writes)
	a.user = u
	return u
}

func (s *Server) newID(kind string) string {
	s.made++
	return fmt.Sprintf("%s-%d", kind, s.made)
}

func answer(status int, v any) *medtech.Response {
	body, err := json.Marshal(v)
	if err != nil {
		return answer(500, medtech.ErrorBody{Message: err.Error()})
	}
	return &medtech.Response{Status: status, Header: medtech.Header{"content-type": "application/json"}, Body: body}
}
