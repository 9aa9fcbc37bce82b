package backend_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPartyAsOthersSeeIt(t *testing.T) {
	f := serve(t)
	get := func(who string) string {
		got := f.send(request{method: "GET", path: "/rest/v1/hcparty/" + bobRec, token: f.login(who)})
		if got.status != 200 {
			t.Fatalf("%d %s", got.status, got.body)
		}
		return got.body
	}
	public := get("ann")
	golden(t, "hcparty_public", public)
	for _, secret := range []string{"85010112345", "BE001", "a remark of mine", "Secret", "internalScore", bobID} {
		if strings.Contains(public, secret) {
			t.Errorf("others see %q", secret)
		}
		if whole := get("bob"); !strings.Contains(whole, secret) {
			t.Errorf("the owner does not see %q", secret)
		}
	}
	if get("bob") != get("admin") {
		t.Error("an administrator sees something else than the owner")
	}
}

func TestChangeParty(t *testing.T) {
	f := serve(t)
	bob := f.login("bob")
	me := f.want(200, request{method: "GET", path: "/rest/v1/hcparty/current", token: bob})
	changed := f.want(200, request{method: "PUT", path: "/rest/v1/hcparty", token: bob, body: merged(me, map[string]any{"publicKey": "30820122", "userId": adminID, "created": 3, "_type": "x"})})
	if changed["publicKey"] != "30820122" || changed["userId"] != bobID || changed["created"] != me["created"] || changed["internalScore"] != 7.0 || !strings.HasPrefix(changed["rev"].(string), "2-") {
		t.Errorf("%v", changed)
	}
	if got := f.send(request{method: "PUT", path: "/rest/v1/hcparty", token: bob, body: me}); got.status != 409 {
		t.Errorf("a stale rev: %d %s", got.status, got.body)
	}
	if got := f.send(request{method: "PUT", path: "/rest/v1/hcparty", token: f.login("admin"), body: `{"id":"nobody","rev":"1-0"}`}); got.status != 404 {
		t.Errorf("%d %s", got.status, got.body)
	}
}

func TestSearchParties(t *testing.T) {
	f := serve(t)
	admin, ann := f.login("admin"), f.login("ann")
	for i, name := range [][2]string{{"Élodie", "Dubois"}, {"Ana", "Núñez"}, {"Łukasz", "Wójcik"}, {"Ann", "Dubost"}} {
		f.want(200, request{method: "POST", path: "/rest/v1/hcparty", token: admin, body: map[string]any{"id": fmt.Sprint("h", i), "firstName": name[0], "lastName": name[1]}})
	}
	search := func(query string, filter map[string]any) (ids []string, page map[string]any) {
		page = f.want(200, request{method: "POST", path: "/rest/v1/hcparty/filter" + query, token: ann, body: map[string]any{"filter": filter, "$type": "FilterChain"}})
		for _, row := range page["rows"].([]any) {
			ids = append(ids, row.(map[string]any)["id"].(string))
		}
		return ids, page
	}
	for name, want := range map[string][]string{
		"dub": {"h0", "h3"}, "DUBOIS": {"h0"}, "elodie": {"h0"}, "Élodie dub": {"h0"}, "nunez": {"h1"}, "lukasz wojcik": {"h2"},
		"muller": {bobRec}, "Müller": {bobRec}, "Mu\u0308ller": {bobRec}, "cardio": {bobRec}, "ois": nil, "nobody": nil, "": {"h0", "h3", bobRec, "h1", "h2"},
	} {
		got, page := search("", map[string]any{"$type": "HealthcarePartyByNameFilter", "name": name})
		if diff := cmp.Diff(want, got); diff != "" || page["totalSize"] != float64(len(want)) || page["pageSize"] != 1000.0 {
			t.Errorf("%q: %v %s", name, page, diff)
		}
	}
	if got, _ := search("", map[string]any{"$type": "HealthcarePartyByIdsFilter", "ids": []string{"h2", "none", "h0"}}); !cmp.Equal(got, []string{"h2", "h0"}) {
		t.Errorf("by ids: %v", got)
	}
	var all []string
	start, pages := "", 0
	for {
		ids, page := search("?limit=2&ts=1"+start, map[string]any{"$type": "AllHealthcarePartiesFilter"})
		all, pages = append(all, ids...), pages+1
		next, more := page["nextKeyPair"].(map[string]any)
		if !more {
			break
		}
		start = "&startDocumentId=" + next["startKeyDocId"].(string)
	}
	if want := []string{"h0", "h3", bobRec, "h1", "h2"}; !cmp.Equal(all, want) || pages != 3 {
		t.Errorf("%d pages: %v", pages, all)
	}
	if got, _ := search("?startDocumentId=unknown", map[string]any{"$type": "AllHealthcarePartiesFilter"}); got != nil {
		t.Errorf("from an unknown start: %v", got)
	}
	if row, _ := json.Marshal(f.want(200, request{method: "POST", path: "/rest/v1/hcparty/filter", token: ann, body: `{"$type":"HealthcarePartyByNameFilter","name":"bob"}`})); strings.Contains(string(row), "85010112345") {
		t.Errorf("a search shows what is not public: %s", row)
	}
}

func TestPatientOwnRecord(t *testing.T) {
	f := serve(t)
	ann := f.login("ann")
	got := f.send(request{method: "GET", path: "/rest/v1/patient/" + annRec, token: ann})
	golden(t, "patient", got.body)
	me := f.want(200, request{method: "GET", path: "/rest/v1/patient/" + annRec, token: ann})
	changed := f.want(200, request{method: "PUT", path: "/rest/v1/patient", token: ann, body: merged(me, map[string]any{"profession": "baker", "author": "x", "delegations": map[string]any{"x": []any{}}})})
	if changed["profession"] != "baker" || changed["author"] != me["author"] || changed["delegations"] == nil {
		t.Errorf("%v", changed)
	}
	created := f.want(200, request{method: "POST", path: "/rest/v1/patient", token: f.login("bob"), body: `{"firstName":"New","lastName":"Patient"}`})
	if created["author"] != bobID || created["responsible"] != bobRec || created["active"] != true || created["gender"] != "unknown" {
		t.Errorf("%v", created)
	}
}
