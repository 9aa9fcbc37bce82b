package medtechtest

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"

	"slate/medtech"
)

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
	case method == "POST" && strings.HasPrefix(path, "/user/token/") && len(part) == 4:
		token := s.newSecret("token")
		me.tokens[part[3]] = token
		me.write(me.user) // a token is a part of its user
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
			token := s.newSecret("session")
			s.sessions[token] = id
			return answer(200, map[string]any{"successful": true, "userId": id, "groupId": a.user.GroupID, "token": token})
		}
	}
	return answer(401, map[string]any{"successful": false, "reason": "the name or the password is wrong"})
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
	return answer(200, a.write(u))
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
		if strings.Contains(medtech.SearchName(p.FirstName+p.LastName+p.Name), chain.Filter.Name) {
			rows = append(rows, p)
		}
	}
	return answer(200, medtech.Page[medtech.HealthcareProfessional]{PageSize: 1000, TotalSize: len(rows), Rows: rows})
}

func answer(status int, v any) *medtech.Response {
	body, err := json.Marshal(v)
	if err != nil {
		return answer(500, medtech.ErrorBody{Message: err.Error()})
	}
	return &medtech.Response{Status: status, Header: medtech.Header{"content-type": "application/json"}, Body: body}
}
