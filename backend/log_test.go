package backend_test

import (
	"encoding/json"
	"strings"
	"testing"
)

// Nothing that a request or an answer carries in confidence is in the log: not the
// password, no token of any kind, no hash, no e-mail address, no key of a token.
func TestLogsHoldNoSecrets(t *testing.T) {
	f := serve(t)
	answer := f.want(200, loginRequest("ann", "ann-password"))
	session, refresh := answer["token"].(string), answer["refreshToken"].(string)
	token := f.makeToken(session, "ann@example.org/tokenkey?tokenValidity=60", nil)
	f.want(401, loginRequest("ann", "wrong-secret"))
	f.want(200, request{method: "GET", path: "/rest/v1/user/byEmail/ann%40example.org", token: session})
	f.want(200, request{method: "GET", path: "/rest/v1/user/current", basic: [2]string{"ann", token}})
	f.want(200, request{method: "POST", path: "/rest/v1/auth/refresh", header: map[string]string{"Refresh-Token": refresh}})
	f.want(400, request{method: "POST", path: "/rest/v1/user", token: f.login("admin"), body: `{"passwordHash":"half-secret`})
	f.send(request{method: "GET", path: "/rest/v1/unknown-secret-path"})
	// A document that cannot be read makes a 500 and an error in the log.
	if err := f.store.Close(); err != nil {
		t.Fatal(err)
	}
	f.want(503, request{method: "GET", path: "/rest/v1/user/current?secretquery=1", token: session})

	log := f.log.String()
	for _, secret := range []string{"ann-password", "wrong-secret", "half-secret", session, refresh, token, "ann@example.org", "tokenkey", "secretquery", "unknown-secret-path", "argon2id", "sha256"} {
		if strings.Contains(log, secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	lines := strings.Split(strings.TrimSpace(log), "\n")
	var first map[string]any
	if err := json.Unmarshal([]byte(lines[0]), &first); err != nil {
		t.Fatal(err)
	}
	if first["method"] != "POST" || first["route"] != "POST /rest/v1/auth/login" || first["status"] != 200.0 || first["user"] != annID || first["request"] == "" {
		t.Errorf("%s", lines[0])
	}
	if len(lines) != 11 { // ten requests and one error
		t.Errorf("%d lines:\n%s", len(lines), log)
	}
}
