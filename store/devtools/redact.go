package devtools

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
)

// Hidden stands for what is not shown.
const Hidden = "[hidden]"

var hidden = json.RawMessage(`"` + Hidden + `"`)

// Names of fields that hold secrets, and parts of such names.
var (
	secretNames = []string{"key", "pin", "otp", "cvv", "seed", "ssn"}
	secretWords = []string{"password", "passwd", "pwd", "passphrase", "secret", "token", "credential", "privatekey", "encryptionkey", "masterkey",
		"apikey", "authorization", "bearer", "cookie", "sessionid", "jwt", "pincode", "mnemonic"}
)

// LooksSecret reports whether a field's name says that it holds a secret: a password, passphrase, token, credential,
// private key, … in any spelling ("accessToken", "API_KEY").
func LooksSecret(field string) bool {
	plain := strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "").Replace(field))
	return slices.Contains(secretNames, plain) ||
		slices.ContainsFunc(secretWords, func(word string) bool { return strings.Contains(plain, word) })
}

// mask puts Hidden in place of the text of secret fields, and null in place of anything else in them, so that the value
// still fits the type it came from. It returns Hidden where the data is no JSON. The result is written anew also where
// nothing was masked: of a field that the data has twice only the last one was looked at.
func mask(data json.RawMessage, secret func(string) bool) json.RawMessage {
	v, err := decodeAny(data)
	if err != nil {
		return hidden
	}
	out, _ := json.Marshal(maskValue(v, secret)) // it was decoded from JSON
	return out
}

func maskValue(v any, secret func(string) bool) any {
	switch v := v.(type) {
	case map[string]any:
		for field, value := range v {
			switch text, isText := value.(string); {
			case !secret(field):
				v[field] = maskValue(value, secret)
			case !isText:
				v[field] = nil
			case text != "":
				v[field] = Hidden
			}
		}
	case []any:
		for i := range v {
			v[i] = maskValue(v[i], secret)
		}
	}
	return v
}

// hides reports whether nothing is shown of a slice: its name is a field of the state.
func (o *Options) hides(slice string) bool { return slices.Contains(o.Hide, slice) || o.Secret(slice) }

// hidesAction reports whether nothing but the type is shown of an action: it belongs to a hidden slice ("session/opened";
// a slice's name may have a "/" as well), or a part of its type names a secret ("account/passwordChanged"), so that its
// payload may be that alone.
func (o *Options) hidesAction(typ string) bool {
	within := func(slice string) bool { return typ == slice || strings.HasPrefix(typ, slice+"/") }
	if slices.ContainsFunc(o.Hide, within) || slices.ContainsFunc(strings.Split(typ, "/"), o.Secret) {
		return true
	}
	for i, c := range typ {
		if c == '/' && o.Secret(typ[:i]) {
			return true
		}
	}
	return false
}

// state returns what may be shown of a slice's state.
func (o *Options) state(slice string, data json.RawMessage) json.RawMessage {
	return mask(redacted(o.RedactState, slice, data), o.Secret)
}

// payload returns what may be shown of an action's payload.
func (o *Options) payload(action string, data json.RawMessage) json.RawMessage {
	switch {
	case len(data) == 0:
		return nil
	case o.hidesAction(action):
		return hidden
	}
	return mask(redacted(o.RedactPayload, action, data), o.Secret)
}

// meta returns what may be shown of an action's remarks.
func (o *Options) meta(action string, data json.RawMessage) json.RawMessage {
	if len(data) == 0 || o.hidesAction(action) {
		return nil
	}
	return mask(data, o.Secret)
}

// redacted calls an application's function. What it must not show is hidden also where it fails.
func redacted(redact func(string, json.RawMessage) json.RawMessage, name string, data json.RawMessage) (shown json.RawMessage) {
	if redact == nil {
		return data
	}
	defer func() {
		if recover() != nil {
			shown = hidden
		}
	}()
	if shown = redact(name, bytes.Clone(data)); shown == nil {
		return hidden
	}
	return shown
}

// decodeAny reads a JSON value, and nothing behind it, without losing digits of numbers.
func decodeAny(data []byte) (v any, err error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("there is more than one value")
	}
	return v, nil
}
