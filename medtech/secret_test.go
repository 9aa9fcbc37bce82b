package medtech_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"slate/medtech"
)

// text is what no test may find in anything printed.
const text = "tr0ub4dor&3"

// secretive are values that hold text somewhere.
func secretive() []any {
	secret := medtech.Secret(text)
	user := medtech.User{
		ID: "u", PasswordHash: secret, Secret: secret,
		AuthenticationTokens: map[string]medtech.AuthenticationToken{"k": {Token: secret}},
	}
	return []any{
		secret, &secret, user, &user, []medtech.User{user},
		medtech.AuthenticationResponse{Token: secret, RefreshToken: secret},
		medtech.LoginRequest{Username: "u", Password: secret},
		medtech.Credentials{UserName: "u", Password: secret, Tokens: medtech.Tokens{Token: secret, RefreshToken: secret}},
		medtech.Options{Credentials: medtech.Credentials{Password: secret}},
		medtech.Request{Method: "GET", URL: "https://h/rest/v1/" + text, Header: medtech.Header{"token": text}, Body: []byte(text)},
		&medtech.Response{Header: medtech.Header{"token": text}, Body: []byte(text)},
	}
}

func TestSecretsAreNotPrinted(t *testing.T) {
	encoded, err := json.Marshal(text) // also as it stands in JSON, and as hexadecimal
	if err != nil {
		t.Fatal(err)
	}
	forms := []string{text, string(encoded[1 : len(encoded)-1]), fmt.Sprintf("%x", text), fmt.Sprintf("%X", text), fmt.Sprintf("% x", text)}
	check := func(how string, v any, printed string) {
		t.Helper()
		for _, form := range forms {
			if strings.Contains(printed, form) {
				t.Errorf("%T by %s shows the secret: %s", v, how, printed)
			}
		}
	}
	for _, v := range secretive() {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d"} {
			check(verb, v, fmt.Sprintf(verb, v))
		}
		var b bytes.Buffer
		slog.New(slog.NewTextHandler(&b, nil)).Info("m", "v", v)
		check("slog text", v, b.String())
		b.Reset()
		slog.New(slog.NewJSONHandler(&b, nil)).Info("m", "v", v)
		check("slog JSON", v, b.String())
	}
	for _, v := range secretive()[:8] {
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		check("json", v, string(data))
	}
}

func TestSecretShowsWhetherThereIsOne(t *testing.T) {
	if got := fmt.Sprintf("%v|%s|%#v|%d", medtech.Secret("x"), medtech.Secret(""), medtech.Secret("x"), medtech.Secret("")); got != "[redacted]||[redacted]|" {
		t.Error(got)
	}
	if medtech.Secret("x").String() != "[redacted]" || medtech.Secret("x").Reveal() != "x" {
		t.Error("String or Reveal")
	}
	for s, want := range map[medtech.Secret]string{"": `""`, "x": `"*"`} {
		if data, err := json.Marshal(s); err != nil || string(data) != want {
			t.Errorf("%s, error %v", data, err)
		}
	}
	if data, err := medtech.Secret("x").MarshalText(); err != nil || string(data) != "[redacted]" {
		t.Errorf("%s, error %v", data, err)
	}
}

func TestRevealJSONIsTheWholeDocument(t *testing.T) {
	u := medtech.User{
		ID: "u", PasswordHash: text, Secret: "second", Roles: []string{},
		AuthenticationTokens: map[string]medtech.AuthenticationToken{
			"k": {Token: "third", CreationTime: 1, Validity: 2, Extra: medtech.Extra{"y": []byte("true")}},
		},
		Extra: medtech.Extra{"x": []byte(`[1]`)},
	}
	data, err := u.RevealJSON()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "reveal_user.json", indent(t, data))
	var back medtech.User
	if err := json.Unmarshal(data, &back); err != nil || back.PasswordHash != text || back.AuthenticationTokens["k"].Token != "third" {
		t.Errorf("decoded %s, error %v", back.PasswordHash.Reveal(), err)
	}
	if data, err := (medtech.User{}).RevealJSON(); err != nil || string(data) != "{}" {
		t.Errorf("zero user: %s, error %v", data, err)
	}
	answer, err := medtech.AuthenticationResponse{Successful: true, Token: "t", RefreshToken: "r"}.RevealJSON()
	if want := `{"successful":true,"token":"t","refreshToken":"r"}`; err != nil || string(answer) != want {
		t.Errorf("%s, error %v", answer, err)
	}
	u.Extra = medtech.Extra{"x": []byte(`{`)}
	if data, err := u.RevealJSON(); err == nil {
		t.Errorf("%s: what is not JSON was written", data)
	}
}
