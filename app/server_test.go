//go:build !js

package app

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"slate/medtech"
)

// server is a MedTech server in memory, as far as the pages need one: a transport that answers by itself.
type server struct {
	delay time.Duration // of each answer

	mu      sync.Mutex
	user    medtech.User
	doctors map[string]medtech.HealthcareProfessional
	asked   []string         // "METHOD /path"
	fail    map[string]error // by the beginning of "METHOD /path"
	status  map[string]int   // the same
	tokens  int
}

const (
	login    = "marie@petra.example"
	password = medtech.Secret("correct horse battery")
	token    = "long-living-token-of-the-device"
	userID   = "u-marie"
)

func newServer() *server {
	s := &server{
		user: medtech.User{
			ID: userID, Rev: "1-a", Name: "Marie Lambert", Login: login, Email: login, GroupID: "petra", PatientID: "p-marie",
			AutoDelegations: map[medtech.DataType][]string{},
		},
		doctors: map[string]medtech.HealthcareProfessional{},
		fail:    map[string]error{},
		status:  map[string]int{},
	}
	for _, d := range []medtech.HealthcareProfessional{
		{ID: "d-jonas", Rev: "1-a", Civility: "Dr", FirstName: "Jonas", LastName: "Müller", Speciality: "General practice",
			Addresses: []medtech.Address{{Descr: "Praxis am Park", Street: "Lindenstraße", HouseNumber: "27", PostalCode: "50674", City: "Köln",
				Telecoms: []medtech.Telecom{{TelecomType: medtech.Phone, TelecomNumber: "+49 221 555 0127"}}}}},
		{ID: "d-sofia", Rev: "1-a", Civility: "Dr", FirstName: "Sofía", LastName: "Núñez", Speciality: "Endocrinology"},
		{ID: "d-claire", Rev: "1-a", Civility: "Dr", FirstName: "Claire", LastName: "Dubois"},
	} {
		s.doctors[d.ID] = d
	}
	return s
}

// share puts doctors on the user's list, as if done elsewhere.
func (s *server) share(ids ...string) {
	s.change(func(u *medtech.User) {
		u.AutoDelegations = map[medtech.DataType][]string{medtech.MedicalInformation: ids}
	})
}

// change writes the user's document.
func (s *server) change(fn func(*medtech.User)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.user.Clone()
	fn(&u)
	var generation int
	fmt.Sscanf(u.Rev, "%d-", &generation)
	u.Rev = fmt.Sprintf("%d-a", generation+1)
	s.user = u
}

// breaks makes requests that begin like this fail: with an error where there is no answer, else with a status.
func (s *server) breaks(request string, err error, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.fail, request)
	delete(s.status, request)
	if err != nil {
		s.fail[request] = err
	} else if status != 0 {
		s.status[request] = status
	}
}

// heard returns the requests since the last call.
func (s *server) heard() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := s.asked
	s.asked = nil
	return asked
}

// RoundTrip implements medtech.Transport.
func (s *server) RoundTrip(ctx context.Context, r *medtech.Request) (*medtech.Response, error) {
	select {
	case <-time.After(s.delay):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	u, err := url.Parse(r.URL)
	if err != nil {
		return nil, err
	}
	path := strings.TrimPrefix(u.Path, "/rest/v1")
	request := r.Method + " " + path
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, request)
	for beginning, err := range s.fail {
		if strings.HasPrefix(request, beginning) {
			return nil, err
		}
	}
	for beginning, status := range s.status {
		if strings.HasPrefix(request, beginning) {
			return reply(status, map[string]string{"message": "no"}), nil
		}
	}
	return s.answer(request, path, r), nil
}

func (s *server) answer(request, path string, r *medtech.Request) *medtech.Response {
	switch request {
	case "POST /auth/login":
		var body struct{ Username, Password string }
		json.Unmarshal(r.Body, &body)
		known := body.Username == login || body.Username == "petra/"+userID
		if !known || body.Password != password.Reveal() && body.Password != token {
			return reply(401, map[string]any{"successful": false, "reason": "Bad credentials"})
		}
		s.tokens++
		return reply(200, map[string]any{"successful": true, "token": fmt.Sprint("session-", s.tokens), "userId": userID, "groupId": "petra"})
	case "GET /user/current", "GET /user/" + userID:
		return reply(200, s.user)
	case "PUT /user":
		var u medtech.User
		json.Unmarshal(r.Body, &u)
		if u.Rev != s.user.Rev {
			return reply(409, map[string]string{"message": "conflict"})
		}
		u.Rev = s.nextRev()
		s.user = u
		return reply(200, u)
	case "POST /hcparty/filter":
		var body struct{ Filter struct{ Name string } }
		json.Unmarshal(r.Body, &body)
		rows := []medtech.HealthcareProfessional{}
		for _, id := range slices.Sorted(maps.Keys(s.doctors)) {
			d := s.doctors[id]
			if strings.Contains(fold.Replace(strings.ToLower(d.FirstName+d.LastName)), body.Filter.Name) {
				rows = append(rows, d)
			}
		}
		return reply(200, map[string]any{"rows": rows, "pageSize": len(rows), "totalSize": len(rows)})
	}
	switch {
	case strings.HasPrefix(request, "POST /user/token/"):
		return reply(200, token)
	case strings.HasPrefix(request, "GET /hcparty/"):
		if d, ok := s.doctors[strings.TrimPrefix(path, "/hcparty/")]; ok {
			return reply(200, d)
		}
		return reply(404, map[string]string{"message": "no such document"})
	}
	return reply(200, map[string]bool{"successful": true})
}

// fold takes the accents from the doctors' names, as the server does.
var fold = strings.NewReplacer("ü", "u", "í", "i", "ú", "u", "ñ", "n")

func (s *server) nextRev() string {
	var generation int
	fmt.Sscanf(s.user.Rev, "%d-", &generation)
	return fmt.Sprintf("%d-a", generation+1)
}

func reply(status int, v any) *medtech.Response {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return &medtech.Response{Status: status, Header: medtech.Header{"content-type": "application/json"}, Body: body}
}
