//go:build browser && !js

package e2e_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"

	"slate/medtech"
)

// rest asks the server behind the browser's back and decodes the answer into out.
func (s *server) rest(method, path, login string, in, out any) {
	s.t.Helper()
	raw, err := json.Marshal(in)
	if err != nil {
		s.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.url+"/rest/v1"+path, bytes.NewReader(raw))
	if err != nil {
		s.t.Fatal(err)
	}
	r.SetBasicAuth(login, password)
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode/100 != 2 {
		s.t.Fatalf("%s %s: %s %s %v", method, path, answer.Status, body, err)
	}
	if err := json.Unmarshal(body, out); err != nil {
		s.t.Fatalf("%s %s: %v", method, path, err)
	}
}

// user is the user with a login, as the server has it.
func (s *server) user(login string) (u medtech.User) {
	s.t.Helper()
	s.rest("GET", "/user/current", login, nil, &u)
	return u
}

// addDoctor creates a doctor with a name and returns the id.
func (s *server) addDoctor(first, last string) string {
	s.t.Helper()
	var h medtech.HealthcareParty
	s.rest("POST", "/hcparty", admin, medtech.HealthcareParty{FirstName: first, LastName: last, Speciality: "Medicine"}, &h)
	return h.ID
}
