// Package medtechtest is a MedTech server in memory, for the tests of what is built on package medtech. It is a
// medtech.Transport: no socket, no clock of its own, the same natively and as WebAssembly.
//
//	server := medtechtest.NewServer()
//	ada := server.AddUser(medtech.User{Login: "ada"}, "correct horse")
//	client, err := medtech.New(medtech.Options{BaseURL: medtechtest.BaseURL, Transport: server, Credentials: …})
//
// It knows the routes that Petra uses: log-in and log-out, users and their tokens, and professionals. A test
//
//   - says what is there with [Server.AddUser] and [Server.AddProfessional], and reads it with [Server.User];
//   - is another device with [Server.Change] and [Server.EndSessions];
//   - makes requests fail with [Server.Break] and wait with [Server.Hold], or decides on each with [Server.Intercept];
//   - sees what the server was asked with [Server.Asked], and which texts must show nowhere with [Server.Secrets].
//
// What a real server answers in every detail is tested against the backend. In a bubble of testing/synctest, make the
// server inside.
package medtechtest

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"

	"slate/medtech"
)

// BaseURL is the origin that the server answers at.
const BaseURL = "https://medtech.test"

// GroupID is the group of users who are added without one.
const GroupID = "test-group"

// Server answers MedTech requests. It is safe for concurrent use.
type Server struct {
	mu            sync.Mutex
	users         map[string]*account // by id
	professionals map[string]medtech.HealthcareProfessional
	sessions      map[string]string // JWT → user id
	asked         []string
	secrets       []string
	intercept     func(ctx context.Context, request string) (*medtech.Response, error)
	faults        []*fault
	made          int
}

type account struct {
	user     medtech.User
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

// firstRev is that of a document that is added without one.
const firstRev = "1-a"

// AddUser adds a user and returns it as the server shows it. Id, rev and group are filled in where they are missing.
func (s *Server) AddUser(u medtech.User, password string) medtech.User {
	s.mu.Lock()
	defer s.mu.Unlock()
	u = u.Clone()
	if u.ID == "" {
		u.ID = s.newID("user")
	}
	if u.Rev == "" {
		u.Rev = firstRev
	}
	if u.GroupID == "" {
		u.GroupID = GroupID
	}
	u.PasswordHash = "*"
	s.users[u.ID] = &account{user: u, password: password, tokens: map[string]string{}}
	s.secrets = append(s.secrets, password)
	return u.Clone()
}

// AddProfessional adds a professional and returns it. Id and rev are filled in where they are missing.
func (s *Server) AddProfessional(p medtech.HealthcareProfessional) medtech.HealthcareProfessional {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.ID == "" {
		p.ID = s.newID("hcp")
	}
	if p.Rev == "" {
		p.Rev = firstRev
	}
	s.professionals[p.ID] = p
	return p
}

// User returns a user as it is stored. It panics where there is none with the id.
func (s *Server) User(id string) medtech.User {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.account(id).user.Clone()
}

// Change changes a stored user as another device would, with a new rev. It panics where there is none with the id.
func (s *Server) Change(id string, change func(*medtech.User)) medtech.User {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.account(id)
	u := a.user.Clone()
	change(&u)
	return a.write(u).Clone()
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

// Asked returns the requests so far, as "METHOD /path", and forgets them. Ids are as they are in the path.
func (s *Server) Asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := s.asked
	s.asked = nil
	return asked
}

// Secrets returns the passwords of the users and all the session tokens and tokens that the server has given out, also those
// that have ended: what a test looks for where no secret may be.
func (s *Server) Secrets() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.secrets)
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
	s.mu.Unlock()
	if resp, err := s.disturb(ctx, request); resp != nil || err != nil {
		return resp, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.answer(request, r), nil
}

func (s *Server) account(id string) *account {
	a := s.users[id]
	if a == nil {
		panic(fmt.Sprintf("medtechtest: there is no user %q; add it with AddUser", id))
	}
	return a
}

// write stores u with the rev that follows the present one.
func (a *account) write(u medtech.User) medtech.User {
	var generation int
	fmt.Sscanf(a.user.Rev, "%d-", &generation)
	u.Rev = fmt.Sprintf("%d-a", generation+1)
	a.user = u
	return u
}

func (s *Server) newID(kind string) string {
	s.made++
	return fmt.Sprintf("%s-%d", kind, s.made)
}

// newSecret makes a token that [Server.Secrets] tells of.
func (s *Server) newSecret(kind string) string {
	secret := s.newID(kind)
	s.secrets = append(s.secrets, secret)
	return secret
}
