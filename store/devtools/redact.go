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
	secretNames = []string{"key", "pin", "otp", "cvv"}
	secretWords = []string{"password", "passwd", "passphrase", "secret", "token", "credential", "privatekey", "authorization", "cookie", "jwt", "apikey", "pincode"}
)

// LooksSecret reports whether a field's name says that it holds a secret: a password, passphrase, token, credential,
// private key, … in any spelling ("accessToken", "API_KEY").
func LooksSecret(field string) bool {
	plain := strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "").Replace(field))
	return slices.Contains(secretNames, plain) ||
		slices.ContainsFunc(secretWords, func(word string) bool { return strings.Contains(plain, word) })
}

// mask puts Hidden in place of the text of secret fields, and null in place of anything else in them, so that the value
// still fits the type it came from. It returns the data itself where nothing is secret, and Hidden where it is no JSON.
func mask(data json.RawMessage, secret func(string) bool) json.RawMessage {
	v, err := decodeAny(data)
	if err != nil {
		return hidden
	}
	masked := false
	v = maskValue(v, secret, &masked)
	if !masked {
		return data
	}
	out, _ := json.Marshal(v) // it was decoded from JSON
	return out
}

func maskValue(v any, secret func(string) bool, masked *bool) any {
	switch v := v.(type) {
	case map[string]any:
		for field, value := range v {
			switch text, isText := value.(string); {
			case !secret(field):
				v[field] = maskValue(value, secret, masked)
			case isText && text != "":
				v[field], *masked = Hidden, true
			case !isText && value != nil:
				v[field], *masked = nil, true
			}
		}
	case []any:
		for i := range v {
			v[i] = maskValue(v[i], secret, masked)
		}
	}
	return v
}

// hides reports whether nothing is shown of a slice: its name is a field of the state.
func (o *Options) hides(slice string) bool { return slices.Contains(o.Hide, slice) || o.Secret(slice) }

// hidesAction reports whether nothing but the type is shown of an action: it belongs to a hidden slice ("session/opened"),
// or a part of its type names a secret ("account/passwordChanged"), so that its payload may be that alone.
func (o *Options) hidesAction(typ string) bool {
	slice, _, _ := strings.Cut(typ, "/")
	return slices.Contains(o.Hide, slice) || slices.ContainsFunc(strings.Split(typ, "/"), o.Secret)
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
