package medtech_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"slate/medtech"
)

// uuids are random; the golden file shows where they stand.
var uuids = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}`)

// wireTap writes each request as text. Time stands still in it.
type wireTap struct {
	log     bytes.Buffer
	answers map[string]string // by the beginning of "METHOD path"
}

func (w *wireTap) RoundTrip(_ context.Context, r *medtech.Request) (*medtech.Response, error) {
	text := fmt.Sprintf("%s %s\n", r.Method, r.URL)
	for _, name := range slices.Sorted(func(yield func(string) bool) {
		for name := range r.Header {
			if !yield(name) {
				return
			}
		}
	}) {
		text += fmt.Sprintf("%s: %s\n", name, r.Header[name])
	}
	if r.Body != nil {
		text += string(r.Body) + "\n"
	}
	w.log.WriteString(uuids.ReplaceAllString(text, "<uuid v4>") + "\n")
	_, target, _ := strings.Cut(r.URL, "/rest/v1")
	for begin, body := range w.answers {
		if strings.HasPrefix(r.Method+" "+target, begin) {
			return reply(200, body), nil
		}
	}
	return reply(200, `{"id":"u","rev":"2-b"}`), nil
}

// Every request that the client can send, as it is on the wire.
func TestRequestsOnTheWire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tap := &wireTap{answers: map[string]string{
			"POST /auth/login":    `{"successful":true,"token":"jwt","refreshToken":"refresh-jwt","userId":"u"}`,
			"POST /user/token":    `"5a1ab2c3"`,
			"POST /hcparty":       `{"pageSize":10,"totalSize":1,"rows":[{"id":"h"}],"nextKeyPair":{}}`,
			"GET /user/current":   `{"id":"u","rev":"1-a","passwordHash":"*","status":"ACTIVE","autoDelegations":{"all":["x"]},"future":{"a":1}}`,
			"GET /user/byEmail/a": `{"id":"u"}`,
		}}
		c := newClient(t, tap, ada)
		users, ctx := c.Users, t.Context()
		do := func(what string, call func() error) {
			t.Helper()
			tap.log.WriteString("## " + what + "\n\n")
			if err := call(); err != nil {
				t.Errorf("%s: %v", what, err)
			}
		}
		do("log in", func() error { _, err := c.Login(ctx); return err })
		do("logged-in user", func() error { _, err := users.GetLoggedUser(ctx); return err })
		do("user by id, escaped", func() error { _, err := users.GetUser(ctx, "a/b c?d=é&#%"); return err })
		do("user by e-mail", func() error { _, err := users.GetUserByEmail(ctx, "ada+x@example.org"); return err })
		do("create a user", func() error {
			_, err := users.CreateOrModifyUser(ctx, medtech.User{Login: "ada", Email: "ada@example.org", PasswordHash: "in clear text", PatientID: "p"})
			return err
		})
		do("modify a user", func() error {
			_, err := users.CreateOrModifyUser(ctx, medtech.User{
				ID: "not-a-uuid", Rev: "1-a", PasswordHash: "*", Roles: []string{"r"},
				AuthenticationTokens: map[string]medtech.AuthenticationToken{"k": {CreationTime: 1, Validity: 2}},
				Extra:                medtech.Extra{"future": []byte(`[null]`)},
			})
			return err
		})
		do("create a token for ten years", func() error {
			_, err := users.CreateToken(ctx, "ada@example.org", medtech.LongTokenValidity)
			return err
		})
		do("create a token for 30 days", func() error { _, err := users.CreateToken(ctx, "u", 0); return err })
		do("create a token for ever", func() error { _, err := users.CreateToken(ctx, "u", medtech.NeverExpires); return err })
		do("share", func() error {
			_, err := users.ShareAllFutureDataWith(ctx, []string{"h"}, medtech.MedicalInformation)
			return err
		})
		do("stop sharing", func() error { _, err := users.StopSharingDataWith(ctx, []string{"x"}, ""); return err })
		do("professional", func() error { _, err := c.HealthcareProfessionals.GetHealthcareProfessional(ctx, "h"); return err })
		do("find professionals", func() error {
			_, err := c.HealthcareProfessionals.FilterHealthcareProfessionals(ctx, " Zoé\tDE  Smet", medtech.PageRequest{})
			return err
		})
		do("find professionals, next page", func() error {
			_, err := c.HealthcareProfessionals.FilterHealthcareProfessionals(ctx, "smet", medtech.PageRequest{Limit: 10, Start: "h 1"})
			return err
		})
		do("renew", func() error {
			resumed := newClient(t, tap, medtech.Credentials{Tokens: medtech.Tokens{RefreshToken: "refresh-jwt"}})
			tap.answers["POST /auth/refresh"] = `{"successful":true,"token":"jwt2"}`
			_, err := resumed.Users.GetLoggedUser(ctx)
			return err
		})
		do("log out", func() error { return c.Logout(ctx) })
		golden(t, "requests.txt", tap.log.Bytes())
	})
}

func TestBaseURL(t *testing.T) {
	for _, base := range []string{"https://api.icure.cloud", "http://localhost:8080", "http://[::1]:8080", "https://h/"} {
		if _, err := medtech.New(medtech.Options{BaseURL: base}); err != nil {
			t.Errorf("%s: %v", base, err)
		}
	}
	for _, base := range []string{
		"", "api.icure.cloud", "/rest/v1", "ftp://h", "https://", "https://:80", "https://h/rest/v1", "https://h?x=1", "https://h#x",
		"https://u:" + text + "@h", "https://u:" + text + "@h%zz",
	} {
		_, err := medtech.New(medtech.Options{BaseURL: base})
		if wantIs(t, err, medtech.ErrInvalid); strings.Contains(err.Error(), text) {
			t.Errorf("the password is in %v", err)
		}
	}
}

func TestRefusedBeforeAnyRequest(t *testing.T) {
	s := always(200, `{"id":"u"}`)
	c := newClient(t, s)
	ctx := t.Context()
	for name, call := range map[string]func() error{
		"no id":             func() error { _, err := c.Users.GetUser(ctx, ""); return err },
		"id that walks up":  func() error { _, err := c.Users.GetUser(ctx, ".."); return err },
		"id that stays":     func() error { _, err := c.Users.GetUser(ctx, "."); return err },
		"professional's id": func() error { _, err := c.HealthcareProfessionals.GetHealthcareProfessional(ctx, ".."); return err },
		"own id is no UUID": func() error {
			_, err := c.Users.CreateOrModifyUser(ctx, medtech.User{ID: "ada", Login: "ada"})
			return err
		},
		"nearly a UUID": func() error {
			_, err := c.Users.CreateOrModifyUser(ctx, medtech.User{ID: "3f1a5f5e-7e2c-4a0e-9d0a-00000000000g"})
			return err
		},
		"rev without id":      func() error { _, err := c.Users.CreateOrModifyUser(ctx, medtech.User{Rev: "1-a"}); return err },
		"no e-mail":           func() error { _, err := c.Users.GetUserByEmail(ctx, "ada"); return err },
		"e-mail with a space": func() error { _, err := c.Users.GetUserByEmail(ctx, "a da@x"); return err },
		"token for nobody":    func() error { _, err := c.Users.CreateToken(ctx, "", time.Hour); return err },
		"token for a moment":  func() error { _, err := c.Users.CreateToken(ctx, "u", time.Millisecond); return err },
		"token for less":      func() error { _, err := c.Users.CreateToken(ctx, "u", -time.Hour); return err },
		"unknown data type": func() error {
			_, err := c.Users.ShareAllFutureDataWith(ctx, nil, "administrativeInformation")
			return err
		},
		"share with nobody": func() error { _, err := c.Users.ShareAllFutureDataWith(ctx, []string{""}, medtech.AllData); return err },
		"stop an unknown":   func() error { _, err := c.Users.StopSharingDataWith(ctx, nil, "x"); return err },
		"log in as nobody":  func() error { _, err := c.Login(ctx); return err },
		"page of less": func() error {
			_, err := c.HealthcareProfessionals.FilterHealthcareProfessionals(ctx, "x", medtech.PageRequest{Limit: -1})
			return err
		},
		"Extra that is no JSON": func() error {
			_, err := c.Users.CreateOrModifyUser(ctx, medtech.User{Extra: medtech.Extra{"x": []byte("{")}})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			e := wantIs(t, call(), medtech.ErrInvalid)
			if e.Status != 0 || e.Op == "" {
				t.Errorf("%+v", e)
			}
			wantLog(t, s)
		})
	}
}

func TestSearchWithNothingToLookForSendsNothing(t *testing.T) {
	s := always(500, "")
	page, err := newClient(t, s).HealthcareProfessionals.FilterHealthcareProfessionals(t.Context(), " \t\u0301", medtech.PageRequest{})
	if err != nil || page.Rows == nil || len(page.Rows) != 0 || page.Next() != "" {
		t.Errorf("%+v, error %v", page, err)
	}
	wantLog(t, s)
}

func TestNamesAreLookedForWithoutMarks(t *testing.T) {
	s := always(200, `{"rows":[{"id":"h"}],"nextKeyPair":{"startKeyDocId":"i"}}`)
	c := newClient(t, s)
	for name, want := range map[string]string{
		"Desmet":             "desmet",
		"  Zoé   De Smet ":   "zoedesmet",
		"ZOE\u0301":          "zoe",
		"ÀÉÎÕÜ ÇÑ ŠŽŘ ÅØÆŒß": "aeioucnszraøæœß",
		"Nguyễn Thị Hồng":    "nguyenthihong",
		"Ëlïf İpek":          "elifipek",
		"Άννα":               "αννα",
		"Йозеф":              "иозеф",
		"李\u00a0小龙":          "李小龙",
		"O'Neil-D’Arc.":      "o'neil-d’arc.",
		"a\"b\\":             `a\"b\\`,
	} {
		page, err := c.HealthcareProfessionals.FilterHealthcareProfessionals(t.Context(), name, medtech.PageRequest{})
		if err != nil || len(page.Rows) != 1 || page.Next() != "i" {
			t.Errorf("%+v, error %v", page, err)
		}
		body := `{"$type":"FilterChain","filter":{"$type":"HealthcarePartyByNameFilter","name":"` + want + `"}}`
		if got := s.last(t).Body; got != body {
			t.Errorf("%q: sent %s, want %s", name, got, body)
		}
	}
}

func TestTokenAnswers(t *testing.T) {
	for body, want := range map[string]medtech.Secret{
		`"5a1a-b2"`: "5a1a-b2", "5a1a-b2": "5a1a-b2", " \"x\" \n": "x", "": "", `""`: "", `{"a":1}`: "", "<html>": "", `"a b"`: "", `"x`: "",
	} {
		got, err := newClient(t, always(200, body)).Users.CreateToken(t.Context(), "u", time.Hour)
		if got != want {
			t.Errorf("%s: %q", body, got.Reveal())
		}
		if want == "" {
			wantIs(t, err, medtech.ErrUnexpected)
		} else if err != nil {
			t.Error(err)
		}
	}
	_, err := newClient(t, always(403, `{"message":"no"}`)).Users.CreateToken(t.Context(), "u", time.Hour)
	wantIs(t, err, medtech.ErrForbidden)
}

func TestFreshIDsAreDifferent(t *testing.T) {
	s := always(200, `{"id":"u"}`)
	c := newClient(t, s)
	seen := map[string]bool{}
	for range 50 {
		if _, err := c.Users.CreateOrModifyUser(t.Context(), medtech.User{Login: "x"}); err != nil {
			t.Fatal(err)
		}
		seen[uuids.FindString(s.last(t).Body)] = true
	}
	if len(seen) != 50 || seen[""] {
		t.Errorf("%d different ids of 50", len(seen))
	}
}

func TestCallerKeepsTheUser(t *testing.T) {
	u := medtech.User{Login: "x", AutoDelegations: map[medtech.DataType][]string{medtech.AllData: nil}}
	s := always(200, `{"id":"u"}`)
	if _, err := newClient(t, s).Users.CreateOrModifyUser(t.Context(), u); err != nil {
		t.Fatal(err)
	}
	if u.ID != "" || u.Roles != nil || u.AutoDelegations[medtech.AllData] != nil {
		t.Error("the argument was changed")
	}
	if body := s.last(t).Body; !strings.Contains(body, `"autoDelegations":{"all":[]}`) {
		t.Errorf("sent %s", body)
	}
}

func TestLogTellsNoSecrets(t *testing.T) {
	var log bytes.Buffer
	c, err := medtech.New(medtech.Options{
		BaseURL: "https://h", Credentials: ada, Transport: newAuthServer(),
		Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		t.Fatal(err)
	}
	mustRead(t, c)
	if _, err := c.Users.GetUserByEmail(t.Context(), "ada@example.org"); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{ada.Password.Reveal(), c.Tokens().Token.Reveal(), c.Tokens().RefreshToken.Reveal(), "ada@", "ada%40"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("%q is in the log:\n%s", secret, &log)
		}
	}
	if got := strings.Count(log.String(), "medtech: answer"); got != 3 {
		t.Errorf("%d lines for 3 requests:\n%s", got, &log)
	}
}
