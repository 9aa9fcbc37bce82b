//go:build !js

package extension

import (
	"context"

	"slate/store/devtools"
)

// Connect returns [ErrMissing]: there is no page.
func Connect(context.Context, *devtools.Log) (stop func(), err error) { return func() {}, ErrMissing }
