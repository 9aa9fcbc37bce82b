package backend

import (
	"net/http"
)

// routes is the whole surface of the server. The mux is made from it, and so can a
// description of the interface be.
var routes = []route{
	endpoint("POST", "/rest/v1/auth/login", public, "Log in with a name and a password or token", (*Server).login),
	endpoint("POST", "/rest/v1/auth/refresh", public, "Get a new session token for a refresh token", (*Server).refresh),
	endpoint("GET", "/rest/v1/auth/logout", public, "End the session", (*Server).logout),
	endpoint("POST", "/rest/v1/auth/logout", public, "End the session", (*Server).logout),

	endpoint("GET", "/rest/v1/user/current", signedIn, "The user who asks", (*Server).currentUser),
	endpoint("GET", "/rest/v1/user/matches", signedIn, "The groups in which the credentials work", (*Server).matchingUsers),
	endpoint("POST", "/rest/v1/user", administrators, "Create a user", (*Server).createUser),
	endpoint("PUT", "/rest/v1/user", signedIn, "Change a user", (*Server).changeUser),
	endpoint("GET", "/rest/v1/user/{id}", signedIn, "A user by id", (*Server).userByID),
	endpoint("DELETE", "/rest/v1/user/{id}", signedIn, "Delete a user softly", (*Server).deleteUser),
	endpoint("GET", "/rest/v1/user/byEmail/{email}", signedIn, "A user by e-mail address", (*Server).userByEmail),
	endpoint("POST", "/rest/v1/user/token/{identifier}/{key}", signedIn, "Make a token that works as a password", (*Server).createToken),
	endpoint("GET", "/rest/v1/user/token/{id}", signedIn, "Whether a token works now", (*Server).checkToken),

	endpoint("GET", "/rest/v1/hcparty/current", signedIn, "The healthcare party of the user who asks", (*Server).currentParty),
	endpoint("POST", "/rest/v1/hcparty", administrators, "Create a healthcare party", (*Server).createParty),
	endpoint("PUT", "/rest/v1/hcparty", signedIn, "Change a healthcare party", (*Server).changeParty),
	endpoint("GET", "/rest/v1/hcparty/{id}", signedIn, "A healthcare party by id", (*Server).partyByID),
	endpoint("POST", "/rest/v1/hcparty/filter", signedIn, "Search healthcare parties", (*Server).filterParties),

	endpoint("POST", "/rest/v1/patient", signedIn, "Create a patient", (*Server).createPatient),
	endpoint("PUT", "/rest/v1/patient", signedIn, "Change a patient", (*Server).changePatient),
	endpoint("GET", "/rest/v1/patient/{id}", signedIn, "A patient by id", (*Server).patientByID),

	endpoint("GET", "/healthz", public, "Whether the server and its database answer", (*Server).health),
}

// chain puts the table of routes behind everything that concerns all of them.
func (s *Server) chain() (http.Handler, error) {
	mux := http.NewServeMux()
	for _, rt := range routes {
		mux.Handle(rt.method+" "+rt.path, s.endpoint(rt))
	}
	sameOrigin := http.NewCrossOriginProtection()
	for _, origin := range s.options.Origins {
		if err := sameOrigin.AddTrustedOrigin(origin); err != nil {
			return nil, err
		}
	}
	sameOrigin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.fail(w, r, forbidden("Pages of this origin may not call this server: add the origin to its configuration"))
	}))
	h := s.unknown(mux)
	h = sameOrigin.Handler(h)
	h = s.cors(h)
	h = s.whileOpen(h)
	h = s.recovered(h)
	return s.logged(h), nil
}

// unknown answers in JSON what the mux would answer in text: 404, 405 with Allow, and
// redirects to a clean path.
func (s *Server) unknown(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h, pattern := mux.Handler(r)
		if pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		said := headerOnly{header: w.Header(), status: http.StatusOK}
		h.ServeHTTP(&said, r)
		message := "There is no such route"
		if allow := said.header.Get("Allow"); allow != "" {
			message = "This route takes other methods: " + allow
		}
		s.fail(w, r, &statusError{status: said.status, message: message})
	})
}

// headerOnly takes the status and the header of an answer and drops its body.
type headerOnly struct {
	header http.Header
	status int
}

func (h *headerOnly) Header() http.Header         { return h.header }
func (h *headerOnly) WriteHeader(status int)      { h.status = status }
func (h *headerOnly) Write(b []byte) (int, error) { return len(b), nil }
