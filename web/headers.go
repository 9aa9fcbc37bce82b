//go:build !js

package web

import (
	"net/http"
	"strings"
)

// secure returns the headers that stand on every answer.
//
// The policy has no 'unsafe-inline' and no 'unsafe-eval': 'wasm-unsafe-eval' is all that WebAssembly needs. Its price is
// that a component must not use go-app's Style, which writes style attributes. 'self' in connect-src covers WebSockets of
// our own origin too; a bare "ws:" would let a page send data to any host.
func secure(connectTo []string) http.Header {
	policy := []string{
		"default-src 'none'",
		"script-src 'self' 'wasm-unsafe-eval'",
		"style-src 'self'",
		"img-src 'self' data: blob:",
		"font-src 'self'",
		"media-src 'self' blob:",
		"connect-src " + strings.Join(append([]string{"'self'"}, connectTo...), " "),
		"manifest-src 'self'",
		"worker-src 'self'",
		"object-src 'none'",
		"base-uri 'none'",
		"form-action 'self'",
		"frame-ancestors 'none'",
	}
	h := http.Header{}
	h.Set("Content-Security-Policy", strings.Join(policy, "; "))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	return h
}
