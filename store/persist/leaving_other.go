//go:build !js

package persist

// onLeaving does nothing: a program that ends closes its store.
func onLeaving(func()) (stop func()) { return func() {} }
