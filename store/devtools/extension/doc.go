// Package extension shows a log in the Redux DevTools, the extension of Chrome, Edge and Firefox, from a program that runs
// as WebAssembly in the page:
//
//	log, err := devtools.Open(st, devtools.Options{})
//	stop, err := extension.Connect(ctx, log)
//
// The extension shows actions, states and their differences, and its buttons work: jump, skip, reorder, sweep, commit,
// reset, lock, pause, import, export, and dispatching an action that is typed by hand as JSON. All of it happens in the
// log; the extension's own idea of a state is never taken over, so that what is hidden from it ([devtools.Options]) is not
// lost by jumping.
//
// A burst of actions crosses into JavaScript as one JSON text. On other platforms Connect returns [ErrMissing]; native
// programs have package slate/store/devtools/remote.
package extension

import "errors"

// ErrMissing is returned where there is no extension: it is not installed, or not allowed on this page, or the program
// does not run in a page. A program may ignore it.
var ErrMissing = errors.New("extension: the page has no Redux DevTools; install the browser extension and reload")
