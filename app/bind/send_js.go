package bind

import "github.com/maxence-charriere/go-app/v9/pkg/app"

// send never blocks its caller, who may be the only reader of a queue that is full.
func send(disp app.Dispatcher, d app.Dispatch) { go disp.Dispatch(d) }
