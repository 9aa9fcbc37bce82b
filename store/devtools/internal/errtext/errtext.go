// Package errtext words errors for people who look at a store from outside.
package errtext

import (
	"errors"
	"strconv"

	"slate/store"
)

// Of returns the error's text. What a panic was called with is left out, and what a type says of its own JSON: both may
// quote the state.
func Of(err error) string {
	if p, ok := errors.AsType[*store.PanicError](err); ok {
		return "panic in " + p.In
	}
	if e, ok := errors.AsType[*store.EncodeError](err); ok {
		return "slice " + strconv.Quote(e.Slice) + " cannot be written"
	}
	if d, ok := errors.AsType[*store.DecodeError](err); ok {
		return "store: cannot decode " + d.What
	}
	return err.Error()
}
