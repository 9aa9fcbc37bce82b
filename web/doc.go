// Package web serves Petra to browsers: the page, the program, the style sheets and icons, and the service worker that
// keeps all of it at hand without a network.
//
// [NewHost] wraps go-app's own handler once and puts right what that handler has hard-coded:
//
//   - the page can be zoomed, names its language, and loads nothing from other hosts;
//   - the program is served compressed under a name made from its content, and the progress shown is the real one;
//   - the version is made from content, so a restart is no update and a changed style sheet is one;
//   - a strict Content-Security-Policy and the other security headers stand on every answer;
//   - every route opens offline, an update is offered and never forced, and one lost icon does not cost offline mode;
//   - "back" never brings a page as it was left, which may show what somebody saw who has logged out since;
//   - a browser that cannot run the program, a failed download and a program that ended say so and offer to reload.
//
// # Use
//
//	host, err := web.NewHost(web.Options{Program: os.DirFS("build/web")})
//	mux.Handle("/rest/", backend)
//	mux.Handle("/", host)
//
// The routes are those that the program registered with go-app (app.Route) before the first request; a path that is not
// registered gets the page with status 404, so that the program shows its own "not found".
//
// # In the page
//
// static/shell.js runs before everything else and offers to the program, as the global object "shell":
//
//	shell.updateWaiting()  whether a newer version is downloaded and waits (a promise of a boolean)
//	shell.applyUpdate()    lets the newer version take over and loads the page again
//
// # When not to use it
//
// It is Petra's: name, icons and colours are in static/. The mechanism (assets, page, worker) knows nothing of Petra.
package web
