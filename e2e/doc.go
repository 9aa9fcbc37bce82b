// Package e2e holds the browser tests of Petra: the real server program on a free port with a fresh folder of demo data,
// used in a real Chromium as its patients use it.
//
//	make test-browser
//
// or, after "make build" and "npm ci" in this folder,
//
//	go test -tags browser ./e2e
//
// The tests read three environment variables: PETRA_SERVER, the server's program (build/petra by default), PETRA_WASM, the
// folder of the browser's program (build/web), and CHROMIUM. Pictures of all pages are left in build/test/pictures, or in
// the folder that PICTURES names; those of failed tests begin with "failed-".
package e2e
