package medtech

import (
	"fmt"
	"log/slog"
)

// mask is what the wire itself shows in place of a stored secret; a server
// that is sent it keeps what it has.
const mask = "*"

// redacted is what logs and messages show in place of a secret.
const redacted = "[redacted]"

// Secret is text that must not be seen by chance: a password, a token. Every
// way of printing it shows a redaction: package fmt with any verb, package
// log/slog, and JSON, where it becomes "*", the wire's own mask. Only
// [Secret.Reveal] gives the text, so that the places that need it can be found
// by that name. JSON decodes into a Secret as into a string.
//
// The zero Secret means that there is none; it is left out of the models'
// JSON.
type Secret string

// Reveal gives the text itself. Send it, store it encrypted, never log it.
func (s Secret) Reveal() string { return string(s) }

// String answers a redaction, or nothing when s is empty.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return redacted
}

// GoString is [Secret.String] for the %#v verb.
func (s Secret) GoString() string { return s.String() }

// Format writes the redaction for every verb, also those (%x, %q) that would
// otherwise see through to the text.
func (s Secret) Format(f fmt.State, _ rune) { fmt.Fprint(f, s.String()) }

// LogValue is the redaction for package log/slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalJSON writes the wire's mask "*", or the empty string.
func (s Secret) MarshalJSON() ([]byte, error) {
	if s == "" {
		return []byte(`""`), nil
	}
	return []byte(`"` + mask + `"`), nil
}

// MarshalText is the redaction for other text encoders.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
