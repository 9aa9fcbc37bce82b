// Package remotetest checks slate/store/devtools/remote with the real Redux DevTools: the server of @redux-devtools/cli,
// and the monitor of @redux-devtools/app without its screen. The test needs both installed, so it has a build tag:
//
//	cd store/devtools/remotetest && npm ci && go test -tags jsclient .
package remotetest
