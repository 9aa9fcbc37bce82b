package backend

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"sync"

	"slate/medtech"
)

// Server is an iCure-compatible server. Make it with [New]; all methods may be called
// from any goroutine.
type Server struct {
	options   Options
	users     collection[medtech.User]
	parties   collection[medtech.HealthcareParty]
	patients  collection[medtech.Patient]
	settings  settings
	passwords *passwords
	sessions  *sessions
	logins    *limiter
	anonymous *limiter
	handler   http.Handler

	naming sync.Mutex // held from checking that a user name is free until it is taken

	closing  sync.RWMutex // held for reading by each request
	isClosed bool
}

// New makes a server over a store: it declares the indexes it needs and reads or
// makes the key of the session tokens. It starts no goroutine. Errors are those of
// the store, or say which option is wrong.
func New(ctx context.Context, options Options) (*Server, error) {
	o, err := options.withDefaults()
	if err != nil {
		return nil, err
	}
	s := &Server{
		options:   o,
		users:     collection[medtech.User]{o.Store, "user", "User", userParts},
		parties:   collection[medtech.HealthcareParty]{o.Store, "hcparty", "Healthcare party", partyParts},
		patients:  collection[medtech.Patient]{o.Store, "patient", "Patient", patientParts},
		settings:  settings{o.Store},
		passwords: newPasswords(o.Argon2, runtime.GOMAXPROCS(0)),
		logins:    newLimiter(o.LoginRate),
		anonymous: newLimiter(o.AnonymousRate),
	}
	if err := o.Store.Ensure(ctx, s.users.db, userIndexes...); err != nil {
		return nil, fmt.Errorf("backend: %w", err)
	}
	key := o.JWTKey
	if len(key) == 0 {
		if key, err = s.settings.jwtKey(ctx, o.Now()); err != nil {
			return nil, fmt.Errorf("backend: the key of the session tokens: %w", err)
		}
	}
	s.sessions = newSessions(key, o)
	if s.handler, err = s.chain(); err != nil {
		return nil, err
	}
	return s, nil
}

// Handler serves all routes: mount it at "/rest/" and "/healthz", or alone.
func (s *Server) Handler() http.Handler { return s.handler }

// Close waits for the requests in progress; later ones are answered 503. It leaves
// the store open. Closing twice is allowed.
func (s *Server) Close() error {
	s.closing.Lock()
	defer s.closing.Unlock()
	s.isClosed = true
	return nil
}

// whileOpen serves until the server is closed, and makes Close wait.
func (s *Server) whileOpen(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.closing.RLock()
		defer s.closing.RUnlock()
		if s.isClosed {
			s.fail(w, r, &statusError{status: http.StatusServiceUnavailable, message: "The server is shutting down; try again later"})
			return
		}
		next.ServeHTTP(w, r)
	})
}

// health tells whether the store answers.
func (s *Server) health(c *call, _ nothing) (healthBody, error) {
	if _, err := s.options.Store.Changes(c.Context(), s.users.db, "", 1); err != nil {
		return healthBody{}, err
	}
	return healthBody{Status: "ok"}, nil
}

type healthBody struct {
	Status string `json:"status"`
}
