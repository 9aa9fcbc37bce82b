package backend_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const johnID = "e0000000-0000-4000-8000-000000000001"

// create creates a user as the administrator.
func (f *fixture) create(body map[string]any) map[string]any {
	f.t.Helper()
	return f.want(200, request{method: "POST", path: "/rest/v1/user", token: f.login("admin"), body: body})
}

func TestMasking(t *testing.T) {
	f := serve(t)
	admin := f.login("admin")
	send := func(r request) string {
		r.token = admin
		got := f.send(r)
		if got.status != 200 {
			t.Fatalf("%d %s", got.status, got.body)
		}
		return got.body
	}
	golden(t, "user_created", send(request{method: "POST", path: "/rest/v1/user?ts=1", body: `{"id":"` + johnID + `","properties":[],"roles":[],"autoDelegations":{},"authenticationTokens":{},
		"login":" john ","email":"john@hospital.care","passwordHash":"correct horse","newMember":{"kept":true},"_type":"org.taktik.icure.User","gone":null}`}))
	golden(t, "user_invited", send(request{method: "POST", path: "/rest/v1/user", body: `{"id":"e0000000-0000-4000-8000-000000000002","email":"invited@hospital.care","patientId":"p"}`}))
	send(request{method: "POST", path: "/rest/v1/user/token/" + johnID + "/key1?tokenValidity=3600", body: "null", header: map[string]string{"Content-Type": "text/plain;charset=UTF-8"}})
	golden(t, "user_with_token", send(request{method: "GET", path: "/rest/v1/user/" + johnID}))
	golden(t, "user_matches", send(request{method: "GET", path: "/rest/v1/user/matches"}))
}

func TestDuplicates(t *testing.T) {
	f := serve(t)
	f.create(map[string]any{"id": johnID, "login": "john", "email": "john@hospital.care"})
	admin := f.login("admin")
	for name, c := range map[string]struct {
		status int
		body   map[string]any
		says   string
	}{
		"the same e-mail":           {400, map[string]any{"login": "other", "email": "john@hospital.care"}, "User with email john@hospital.care already exists"},
		"the same login":            {400, map[string]any{"login": "john"}, "User with login john already exists"},
		"a login that is an e-mail": {400, map[string]any{"login": "john@hospital.care"}, "User with login john@hospital.care already exists"},
		"an e-mail for a login":     {400, map[string]any{"email": "john"}, "already exists"},
		"a login that is a phone":   {400, map[string]any{"login": "+32470000001"}, "User with login +32470000001 already exists"},
		"the same id":               {409, map[string]any{"id": johnID, "login": "other"}, "id exists already"},
		"no name at all":            {400, map[string]any{"name": "John"}, "needs a login"},
		"a rev":                     {400, map[string]any{"login": "x", "rev": "1-0"}, "no rev"},
		"an unknown data type":      {400, map[string]any{"login": "x", "autoDelegations": map[string][]string{"administrativeInformation": {}}}, "administrativeInformation"},
		"an unknown status":         {400, map[string]any{"login": "x", "status": "SLEEPING"}, "status"},
		"a short password":          {400, map[string]any{"login": "x", "passwordHash": "seven77"}, "too short"},
		"a second factor":           {400, map[string]any{"login": "x", "use2fa": true}, "second factor"},
		"a login too long":          {400, map[string]any{"login": strings.Repeat("x", 300)}, "at most"},
	} {
		t.Run(name, func(t *testing.T) {
			f := f.in(t)
			got := f.send(request{method: "POST", path: "/rest/v1/user", token: admin, body: c.body})
			if got.status != c.status || !strings.Contains(got.body, c.says) {
				t.Errorf("%d %s", got.status, got.body)
			}
		})
	}
	ann := f.login("ann")
	me := f.want(200, request{method: "GET", path: "/rest/v1/user/current", token: ann})
	if got := f.send(request{method: "PUT", path: "/rest/v1/user", token: ann, body: merged(me, map[string]any{"email": "john@hospital.care"})}); got.status != 400 {
		t.Errorf("taking another's e-mail by a change: %d %s", got.status, got.body)
	}
	f.want(200, request{method: "DELETE", path: "/rest/v1/user/" + johnID, token: admin})
	f.create(map[string]any{"login": "john", "email": "john@hospital.care"})
}

// Sixteen creations with one login at once: one succeeds.
func TestCreationRace(t *testing.T) {
	f := serve(t)
	admin := f.login("admin")
	statuses := make([]int, 16)
	var wg sync.WaitGroup
	for i := range statuses {
		wg.Go(func() {
			statuses[i] = f.send(request{method: "POST", path: "/rest/v1/user", token: admin, body: map[string]any{"login": "same"}}).status
		})
	}
	wg.Wait()
	count := map[int]int{}
	for _, s := range statuses {
		count[s]++
	}
	if count[200] != 1 || count[400] != 15 {
		t.Errorf("%v", count)
	}
}

// create 1-, token 2-, change 3-, delete 4-: the revisions that the documentation of
// the protocol prints.
func TestRevisions(t *testing.T) {
	f := serve(t)
	admin := f.login("admin")
	john := f.create(map[string]any{"id": johnID, "login": "john", "passwordHash": "john-password"})
	f.want(200, request{method: "POST", path: "/rest/v1/user/token/john/k", token: admin, body: "null", header: map[string]string{"Content-Type": "text/plain"}})
	stale := f.send(request{method: "PUT", path: "/rest/v1/user", token: admin, body: john})
	if stale.status != 409 || !strings.Contains(stale.body, john["rev"].(string)) {
		t.Errorf("a stale rev: %d %s", stale.status, stale.body)
	}
	if none := f.send(request{method: "PUT", path: "/rest/v1/user", token: admin, body: merged(john, map[string]any{"rev": nil})}); none.status != 409 {
		t.Errorf("no rev: %d %s", none.status, none.body)
	}
	read := f.want(200, request{method: "GET", path: "/rest/v1/user/" + johnID, token: admin})
	changed := f.want(200, request{method: "PUT", path: "/rest/v1/user", token: admin, body: read})
	deleted := f.want(200, request{method: "DELETE", path: "/rest/v1/user/" + johnID, token: admin})
	for i, rev := range []any{john["rev"], read["rev"], changed["rev"], deleted["rev"]} {
		if !strings.HasPrefix(rev.(string), fmt.Sprint(i+1, "-")) {
			t.Errorf("write %d has the revision %v", i+1, rev)
		}
	}
	if len(deleted) != 2 || deleted["id"] != johnID {
		t.Errorf("the answer to a deletion: %v", deleted)
	}
	if gone := f.want(200, request{method: "GET", path: "/rest/v1/user/" + johnID, token: admin}); gone["deletionDate"] == nil || gone["rev"] != deleted["rev"] {
		t.Errorf("a read after the deletion: %v", gone)
	}
	for _, r := range []request{
		{method: "DELETE", path: "/rest/v1/user/" + johnID, token: admin},
		{method: "PUT", path: "/rest/v1/user", token: admin, body: merged(changed, map[string]any{"rev": deleted["rev"]})},
		{method: "POST", path: "/rest/v1/user/token/john/k", token: admin},
	} {
		if got := f.send(r); got.status != 404 {
			t.Errorf("%s of a deleted user: %d %s", r.method, got.status, got.body)
		}
	}
	if got := f.send(loginRequest("john", "john-password")); got.status != 401 {
		t.Errorf("a deleted user logs in: %d", got.status)
	}
}

func TestChangeCarriesOver(t *testing.T) {
	f := serve(t)
	admin := f.login("admin")
	f.create(map[string]any{"id": johnID, "login": "john", "passwordHash": "john-password", "status": "ACTIVE", "type": "database",
		"permissions": []any{map[string]any{"grants": []any{"X"}}}, "roles": []string{"USER"}, "unknown": "kept", "termsOfUseDate": 5})
	f.want(200, request{method: "POST", path: "/rest/v1/user/token/john/k", token: admin})
	john := f.want(200, request{method: "GET", path: "/rest/v1/user/" + johnID, token: admin})
	// What the SDK's model lacks is not sent.
	sdk := merged(john, map[string]any{"permissions": nil, "status": nil, "type": nil, "termsOfUseDate": nil, "createdDate": nil, "applicationTokens": nil, "unknown": nil, "name": "John"})
	self := f.login("john")
	changed := f.want(200, request{method: "PUT", path: "/rest/v1/user", token: self, body: sdk})
	if diff := cmp.Diff(merged(john, map[string]any{"name": "John", "rev": changed["rev"]}), changed); diff != "" {
		t.Error(diff)
	}
	f.login("john") // the password was kept by "*"
	changed = f.want(200, request{method: "PUT", path: "/rest/v1/user", token: self, body: merged(changed, map[string]any{"passwordHash": "another password"})})
	if changed["passwordHash"] != "*" {
		t.Errorf("%v", changed["passwordHash"])
	}
	f.want(401, loginRequest("john", "john-password"))
	f.want(200, loginRequest("john", "another password"))
	changed = f.want(200, request{method: "PUT", path: "/rest/v1/user", token: self, body: merged(changed, map[string]any{"passwordHash": nil, "authenticationTokens": map[string]any{}})})
	if _, there := changed["passwordHash"]; there {
		t.Error("a password that is left out was not removed")
	}
	f.want(401, loginRequest("john", "another password"))
	if tokens := changed["authenticationTokens"].(map[string]any); len(tokens) != 1 {
		t.Errorf("tokens that are left out: %v", tokens)
	}
	changed = f.want(200, request{method: "PUT", path: "/rest/v1/user", token: self, body: merged(changed, map[string]any{"authenticationTokens": map[string]any{
		"k":   map[string]any{"creationTime": 1, "validity": 1, "deletionDate": 7},
		"new": map[string]any{"creationTime": 1, "validity": 60, "token": "a-token-that-I-chose-myself-0001"},
	}})})
	if got, want := compact(t, changed["authenticationTokens"]), `{"new":{"creationTime":1700000000000,"validity":60}}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	f.want(200, loginRequest("john", "a-token-that-I-chose-myself-0001"))
}

func compact(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestUsersCannotRaiseThemselves(t *testing.T) {
	f := serve(t)
	ann, admin := f.login("ann"), f.login("admin")
	me := f.want(200, request{method: "GET", path: "/rest/v1/user/current", token: ann})
	for member, value := range map[string]any{
		"roles": []string{"USER", "ADMIN"}, "healthcarePartyId": bobRec, "patientId": "b0000000-0000-4000-8000-000000000009", "deviceId": "x",
		"status": "DISABLED", "type": "ldap", "permissions": []any{map[string]any{"grants": []any{"ALL"}}},
	} {
		got := f.send(request{method: "PUT", path: "/rest/v1/user", token: ann, body: merged(me, map[string]any{member: value})})
		if got.status != 403 || !strings.Contains(got.body, member) {
			t.Errorf("%s: %d %s", member, got.status, got.body)
		}
		if member == "type" || member == "status" {
			continue
		}
		if got := f.send(request{method: "PUT", path: "/rest/v1/user", token: ann, body: merged(me, map[string]any{"id": bobID, member: value})}); got.status != 403 {
			t.Errorf("%s of another: %d %s", member, got.status, got.body)
		}
	}
	same := merged(me, map[string]any{"roles": []string{"USER", "USER"}, "patientId": nil, "groupId": "other", "created": 1})
	changed := f.want(200, request{method: "PUT", path: "/rest/v1/user", token: ann, body: same})
	if diff := cmp.Diff(merged(me, map[string]any{"rev": changed["rev"], "roles": []any{"USER", "USER"}}), changed); diff != "" {
		t.Error(diff)
	}
	raised := f.want(200, request{method: "PUT", path: "/rest/v1/user", token: admin, body: merged(changed, map[string]any{"roles": []string{"ADMIN"}, "status": "DISABLED", "patientId": nil})})
	if raised["status"] != "DISABLED" || raised["patientId"] != nil {
		t.Errorf("an administrator: %v", raised)
	}
}

func TestSharing(t *testing.T) {
	f := serve(t)
	ann := f.login("ann")
	me := f.want(200, request{method: "GET", path: "/rest/v1/user/current", token: ann})
	share := func(lists map[string]any) map[string]any {
		me = f.want(200, request{method: "PUT", path: "/rest/v1/user", token: ann, body: merged(me, map[string]any{"autoDelegations": lists})})
		return me["autoDelegations"].(map[string]any)
	}
	got := share(map[string]any{"medicalInformation": []string{bobRec, bobRec, "anything"}, "cdItemVaccine": []string{}})
	if diff := cmp.Diff(map[string]any{"medicalInformation": []any{bobRec, "anything"}, "cdItemVaccine": []any{}}, got); diff != "" {
		t.Error(diff)
	}
	if got := share(map[string]any{"medicalInformation": []string{}}); compact(t, got) != `{"medicalInformation":[]}` {
		t.Errorf("an emptied key: %v", got)
	}
	refused := f.send(request{method: "PUT", path: "/rest/v1/user", token: ann, body: merged(me, map[string]any{"autoDelegations": map[string]any{"everything": []string{}}})})
	if refused.status != 400 || !strings.Contains(refused.body, "everything") {
		t.Errorf("%d %s", refused.status, refused.body)
	}
}

// Two rivals change one revision: one gets the new user, the other a 409.
func TestRivals(t *testing.T) {
	f := serve(t)
	ann := f.login("ann")
	me := f.want(200, request{method: "GET", path: "/rest/v1/user/current", token: ann})
	replies := make([]reply, 8)
	var wg sync.WaitGroup
	for i := range replies {
		wg.Go(func() {
			replies[i] = f.send(request{method: "PUT", path: "/rest/v1/user", token: ann, body: merged(me, map[string]any{"name": fmt.Sprint("rival ", i)})})
		})
	}
	wg.Wait()
	winner := -1
	for i, r := range replies {
		if r.status == 200 {
			if winner >= 0 {
				t.Errorf("%d and %d both won", winner, i)
			}
			winner = i
		} else if r.status != 409 {
			t.Errorf("%d %s", r.status, r.body)
		}
	}
	if now := f.want(200, request{method: "GET", path: "/rest/v1/user/current", token: ann}); now["name"] != fmt.Sprint("rival ", winner) {
		t.Errorf("stored is %v, the winner was %d", now["name"], winner)
	}
}

func TestByEmail(t *testing.T) {
	f := serve(t)
	for _, who := range []string{"ann", "admin"} {
		if got := f.want(200, request{method: "GET", path: "/rest/v1/user/byEmail/ann%40example.org", token: f.login(who)}); got["id"] != annID {
			t.Errorf("%s: %v", who, got)
		}
	}
}
