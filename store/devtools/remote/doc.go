// Package remote shows a log in the Redux DevTools of another process: a native program, such as a terminal application or
// a server, has no browser extension to show it in. The other process is the server of npm's @redux-devtools/cli, with a
// monitor that runs in any browser:
//
//	npx @redux-devtools/cli --open=browser
//
//	log, err := devtools.Open(st, devtools.Options{Name: "shop"})
//	stop, err := remote.Connect(ctx, log, remote.Options{})
//
// It speaks what @redux-devtools/remote speaks: SocketCluster (protocol 2) over a WebSocket. Nothing of the log is sent
// before a monitor asks for it, and what [devtools.Options] hide is never sent. The server sees everything else, so it
// should run on the developer's own machine.
//
// The package is for native programs only: in the browser it would link what the page should not carry.
package remote
