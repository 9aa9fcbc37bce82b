package devtools

import "encoding/json"

const (
	defaultActions = 500
	defaultBytes   = 8 << 20
)

// Options configure a [Log]. The zero value is ready for use and hides what looks like a secret.
type Options struct {
	// Name is what monitors call the store. "slate" where empty.
	Name string

	// MaxActions is how many actions the log keeps: 500 where zero. Older ones become part of the base state (maxAge in the
	// Redux DevTools).
	MaxActions int

	// MaxBytes bounds the payloads of the kept actions, as the number of bytes of their JSON form, with what is hidden: 8 MiB
	// where zero, not at all where negative. It is looked after beside the dispatches and not in them, and never drops the newest action.
	MaxBytes int

	// Hide names slices of which nothing is shown: not their state, nor the payload and meta of the actions they declare
	// ("session" hides what is in "session/opened"). Where another slice answers to such an action, its own state shows what
	// it took from it.
	Hide []string

	// RedactState returns what may be shown of a slice's state, given its JSON form; nil hides it. It runs after Hide and
	// before Secret. Where it panics the state is hidden. It must be safe for concurrent use. Nil shows all.
	RedactState func(slice string, state json.RawMessage) json.RawMessage

	// RedactPayload is RedactState for the payload of an action, by the action's type.
	RedactPayload func(action string, payload json.RawMessage) json.RawMessage

	// Secret tells by the name of a JSON field, at any depth of a state, payload or meta, that its value must not be shown. It
	// is asked about the names of slices as well, and about the parts of an action's type ("account", "passwordChanged").
	// [LooksSecret] where nil. It must not panic.
	Secret func(field string) bool
}

func (o Options) withDefaults() Options {
	if o.Name == "" {
		o.Name = "slate"
	}
	if o.MaxActions <= 0 {
		o.MaxActions = defaultActions
	}
	if o.MaxBytes == 0 {
		o.MaxBytes = defaultBytes
	}
	if o.Secret == nil {
		o.Secret = LooksSecret
	}
	return o
}
