package backend_test

import (
	"strings"
	"sync"
	"testing"
	"time"
)

func (f *fixture) makeToken(session, query string, header map[string]string) string {
	f.t.Helper()
	h := map[string]string{"Content-Type": "text/plain;charset=UTF-8"}
	for k, v := range header {
		h[k] = v
	}
	got := f.send(request{method: "POST", path: "/rest/v1/user/token/" + query, token: session, body: "null", header: h})
	if got.status != 200 || !strings.HasPrefix(got.body, `"`) {
		f.t.Fatalf("%d %s", got.status, got.body)
	}
	return strings.Trim(got.body, `"`)
}

func (f *fixture) valid(session, id, token string) string {
	f.t.Helper()
	return f.send(request{method: "GET", path: "/rest/v1/user/token/" + id, token: session, header: map[string]string{"token": token}}).body
}

func TestTokenIsAPassword(t *testing.T) {
	f := serve(t)
	ann := f.login("ann")
	token := f.makeToken(ann, "ann/k1?tokenValidity=3600&ts=5", nil)
	f.want(200, loginRequest("petra/"+annID, token))
	f.want(200, request{method: "GET", path: "/rest/v1/user/current", basic: [2]string{"ann@example.org", token}})
	f.want(401, loginRequest("bob", token))
	if got := f.valid(ann, annID, token); got != "true" {
		t.Errorf("valid: %s", got)
	}
	if got := f.valid(ann, annID, "something else"); got != "false" {
		t.Errorf("wrong: %s", got)
	}
	if got := f.valid(ann, annID, ""); got != "false" {
		t.Errorf("none: %s", got)
	}
	if got := f.valid(ann, annID, "ann-password"); got != "false" {
		t.Errorf("the password is no token: %s", got)
	}
	replaced := f.makeToken(ann, annID+"/k1", nil)
	f.want(401, loginRequest("ann", token))
	f.want(200, loginRequest("ann", replaced))
	f.clock.Advance(59 * time.Minute)
	if got := f.valid(f.login("ann"), annID, replaced); got != "true" {
		t.Errorf("after 59 minutes: %s", got)
	}
	f.clock.Advance(time.Minute)
	if got := f.valid(f.login("ann"), annID, replaced); got != "false" {
		t.Errorf("after an hour: %s", got)
	}
	f.want(401, loginRequest("ann", replaced))
}

func TestTokenKinds(t *testing.T) {
	f := serve(t)
	admin := f.login("admin")
	forever := f.makeToken(admin, "ann/forever?tokenValidity=-1", nil)
	tenYears := f.makeToken(admin, "%2B32470000001/ten?tokenValidity=315360000", nil)
	code := f.makeToken(admin, "ann%40example.org/code?tokenValidity=86400", map[string]string{"token": "123456"})
	if code != "123456" {
		t.Errorf("a token of one's own: %q", code)
	}
	f.want(200, loginRequest("ann", code))
	f.clock.Advance(601 * time.Second)
	f.want(401, loginRequest("ann", code)) // short tokens live ten minutes
	f.clock.Advance(9 * 365 * 24 * time.Hour)
	f.want(200, loginRequest("ann", tenYears))
	f.want(200, loginRequest("ann", forever))
	admin = f.login("admin")
	for _, validity := range []string{"0", "-2", "x", "99999999999", "1.5"} {
		if got := f.send(request{method: "POST", path: "/rest/v1/user/token/ann/k?tokenValidity=" + validity, token: admin}); got.status != 400 {
			t.Errorf("validity %s: %d %s", validity, got.status, got.body)
		}
	}
	if got := f.send(request{method: "POST", path: "/rest/v1/user/token/nobody/k", token: admin}); got.status != 404 {
		t.Errorf("%d %s", got.status, got.body)
	}
}

// Tokens made at the same moment are all kept: the server repeats its own change.
func TestTokensInParallel(t *testing.T) {
	f := serve(t)
	ann := f.login("ann")
	tokens := make([]string, 6)
	var wg sync.WaitGroup
	for i := range tokens {
		wg.Go(func() { tokens[i] = f.makeToken(ann, "ann/k"+string(rune('0'+i)), nil) })
	}
	wg.Wait()
	for _, token := range tokens {
		f.want(200, loginRequest("ann", token))
	}
}
