// Package jsclient checks the backend with the real iCure client, @icure/api 6.4.4
// from npm, which drive.cjs drives under node. The test needs the client installed,
// so it has a build tag:
//
//	cd backend/jsclient && npm ci && go test -tags jsclient .
package jsclient
