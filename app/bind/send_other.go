//go:build !js

package bind

import "github.com/maxence-charriere/go-app/v9/pkg/app"

// send leaves the message in the queue when it returns, so that a test's next Consume finds it.
func send(disp app.Dispatcher, d app.Dispatch) { disp.Dispatch(d) }
