package backend_test

import (
	"encoding/base64"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"slate/backend"
)

func TestLoginNames(t *testing.T) {
	f := serve(t)
	for _, name := range []string{"ann", " ann ", "ann@example.org", "+32470000001", annID, "petra/" + annID} {
		answer := f.want(200, loginRequest(name, "ann-password"))
		if answer["successful"] != true || answer["userId"] != annID || answer["groupId"] != "petra" || answer["dataOwnerId"] != annRec || answer["username"] != name {
			t.Errorf("%q: %v", name, answer)
		}
		me := f.want(200, request{method: "GET", path: "/rest/v1/user/current?ts=1700000000000", token: answer["token"].(string)})
		if me["id"] != annID {
			t.Errorf("%q: %v", name, me)
		}
	}
	if answer := f.want(200, loginRequest("bob", "bob-password")); answer["healthcarePartyId"] != bobRec || answer["dataOwnerId"] != bobRec {
		t.Errorf("%v", answer)
	}
}

func TestLoginRefused(t *testing.T) {
	f := serve(t)
	admin := f.login("admin")
	f.want(200, request{method: "POST", path: "/rest/v1/user", token: admin, body: map[string]any{"login": "off", "passwordHash": "off-password", "status": "DISABLED"}})
	f.want(200, request{method: "POST", path: "/rest/v1/user", token: admin, body: map[string]any{"login": "bare"}})
	for name, c := range map[string][2]string{
		"a wrong password":          {"ann", "bob-password"},
		"no password":               {"ann", ""},
		"the mask":                  {"ann", "*"},
		"an unknown user":           {"nobody", "ann-password"},
		"no name":                   {"", "ann-password"},
		"another group":             {"other/" + annID, "ann-password"},
		"a name too long":           {strings.Repeat("x", 300), "ann-password"},
		"a disabled user":           {"off", "off-password"},
		"a user without a password": {"bare", ""},
	} {
		t.Run(name, func(t *testing.T) {
			f := f.in(t)
			got := f.send(loginRequest(c[0], c[1]))
			if got.status != 401 || got.body != `{"message":"The name or the password is wrong","successful":false}` || got.header.Values("WWW-Authenticate") != nil {
				t.Errorf("%d %s", got.status, got.body)
			}
			if basic := f.send(request{method: "GET", path: "/rest/v1/user/current", basic: [2]string{c[0] + " ", c[1]}}); basic.status != 401 {
				t.Errorf("with Basic: %d %s", basic.status, basic.body)
			}
		})
	}
	if got := f.want(200, request{method: "GET", path: "/rest/v1/user/current", basic: [2]string{"ann", "ann-password"}}); got["id"] != annID {
		t.Errorf("Basic: %v", got)
	}
}

func TestSessionsEndAndAreRefreshed(t *testing.T) {
	f := serve(t)
	answer := f.want(200, loginRequest("ann", "ann-password"))
	token, refresh := answer["token"].(string), answer["refreshToken"].(string)
	current := func(token string) int {
		return f.send(request{method: "GET", path: "/rest/v1/user/current", token: token}).status
	}
	renew := func(token string) request {
		return request{method: "POST", path: "/rest/v1/auth/refresh", body: "null", header: map[string]string{"Refresh-Token": token, "Content-Type": "text/plain;charset=UTF-8"}}
	}
	if current(refresh) != 401 {
		t.Error("a refresh token works as a session token")
	}
	if got := f.send(renew(token)); got.status != 401 {
		t.Errorf("a session token refreshes: %s", got.body)
	}
	f.clock.Advance(time.Hour + time.Second)
	if current(token) != 401 {
		t.Error("an expired session token works")
	}
	renewed := f.want(200, renew(refresh))
	if renewed["successful"] != true || current(renewed["token"].(string)) != 200 {
		t.Errorf("%v", renewed)
	}
	f.clock.Advance(24 * time.Hour)
	if got := f.send(renew(refresh)); got.status != 401 {
		t.Errorf("an expired refresh token: %s", got.body)
	}
	for _, method := range []string{"GET", "POST"} {
		if out := f.want(200, request{method: method, path: "/rest/v1/auth/logout"}); out["successful"] != true {
			t.Errorf("%s logout: %v", method, out)
		}
	}
}

func TestSessionOfADeletedUserEnds(t *testing.T) {
	f := serve(t)
	answer := f.want(200, loginRequest("ann", "ann-password"))
	f.want(200, request{method: "DELETE", path: "/rest/v1/user/" + annID, token: f.login("admin")})
	if got := f.send(request{method: "GET", path: "/rest/v1/user/current", token: answer["token"].(string)}); got.status != 401 {
		t.Errorf("%d %s", got.status, got.body)
	}
	if got := f.send(request{method: "POST", path: "/rest/v1/auth/refresh", header: map[string]string{"Refresh-Token": answer["refreshToken"].(string)}}); got.status != 401 {
		t.Errorf("%d %s", got.status, got.body)
	}
}

func TestForgedTokens(t *testing.T) {
	key := []byte(strings.Repeat("k", 32))
	f, _ := start(t, filepath.Join(t.TempDir(), "b.db"), func(o *backend.Options) { o.JWTKey = key })
	good := jwt.MapClaims{"u": annID, "iss": "slate", "aud": "slate:access", "exp": f.clock.Now().Add(time.Hour).Unix()}
	with := func(changes jwt.MapClaims) jwt.MapClaims {
		c := jwt.MapClaims{}
		for k, v := range good {
			c[k] = v
		}
		for k, v := range changes {
			if c[k] = v; v == nil {
				delete(c, k)
			}
		}
		return c
	}
	sign := func(method jwt.SigningMethod, key any, c jwt.MapClaims) string {
		text, err := jwt.NewWithClaims(method, c).SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	genuine := sign(jwt.SigningMethodHS256, key, good)
	parts := strings.Split(genuine, ".")
	for name, c := range map[string]struct {
		token  string
		status int
	}{
		"genuine":           {genuine, 200},
		"alg none":          {sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, good), 401},
		"another key":       {sign(jwt.SigningMethodHS256, []byte(strings.Repeat("x", 32)), good), 401},
		"another algorithm": {sign(jwt.SigningMethodHS512, key, good), 401},
		"no signature":      {parts[0] + "." + parts[1] + ".", 401},
		"another payload":   {parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"u":"`+adminID+`"}`)) + "." + parts[2], 401},
		"expired":           {sign(jwt.SigningMethodHS256, key, with(jwt.MapClaims{"exp": f.clock.Now().Add(-time.Second).Unix()})), 401},
		"without expiry":    {sign(jwt.SigningMethodHS256, key, with(jwt.MapClaims{"exp": nil})), 401},
		"another audience":  {sign(jwt.SigningMethodHS256, key, with(jwt.MapClaims{"aud": "other"})), 401},
		"another issuer":    {sign(jwt.SigningMethodHS256, key, with(jwt.MapClaims{"iss": "other"})), 401},
		"an unknown user":   {sign(jwt.SigningMethodHS256, key, with(jwt.MapClaims{"u": "nobody"})), 401},
		"no user":           {sign(jwt.SigningMethodHS256, key, with(jwt.MapClaims{"u": nil})), 401},
		"no token at all":   {"x", 401},
	} {
		t.Run(name, func(t *testing.T) {
			f := f.in(t)
			if got := f.send(request{method: "GET", path: "/rest/v1/user/current", token: c.token}); got.status != c.status {
				t.Errorf("%d %s", got.status, got.body)
			}
		})
	}
}

func TestRestartKeepsSessionsAndData(t *testing.T) {
	path := filepath.Join(t.TempDir(), "b.db")
	f, stop := start(t, path, nil)
	token := f.login("ann")
	me := f.want(200, request{method: "GET", path: "/rest/v1/user/current", token: token})
	f.want(200, request{method: "PUT", path: "/rest/v1/user", token: token, body: merged(me, map[string]any{"name": "Ann II"})})
	stop()
	again, _ := start(t, path, nil)
	if got := again.want(200, request{method: "GET", path: "/rest/v1/user/current", token: token}); got["name"] != "Ann II" {
		t.Errorf("%v", got)
	}
}

// The claims are those that iCure's clients know.
func TestClaims(t *testing.T) {
	f := serve(t)
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(f.login("ann"), ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	var c map[string]any
	if err := json.Unmarshal(payload, &c); err != nil {
		t.Fatal(err)
	}
	if c["u"] != annID || c["doId"] != annRec || c["doTp"] != "patient" || c["exp"] != float64(f.clock.Now().Add(time.Hour).Unix()) {
		t.Errorf("%v", c)
	}
}
