//go:build !js

// Package jsapi is empty here: it is for the browser.
package jsapi
