package errtext_test

import (
	"errors"
	"fmt"
	"testing"

	"slate/store"
	"slate/store/devtools/internal/errtext"
)

func TestOfQuotesNoState(t *testing.T) {
	secret := errors.New("s3cret")
	for want, err := range map[string]error{
		"panic in subscriber":             fmt.Errorf("wrapped: %w", &store.PanicError{In: "subscriber", Value: secret}),
		`slice "a" cannot be written`:     &store.EncodeError{Slice: "a", Err: secret},
		"store: cannot decode action a/b": &store.DecodeError{What: "action a/b", Err: secret},
		"plain":                           errors.New("plain"),
	} {
		if got := errtext.Of(err); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
