// Package errtext words errors for people who look at a store from outside.
package errtext

import (
	"errors"

	"slate/store"
)

// Of returns the error's text. What a panic was called with is left out: it may quote the state.
func Of(err error) string {
	if p, ok := errors.AsType[*store.PanicError](err); ok {
		return "panic in " + p.In
	}
	return err.Error()
}
