//go:build !js

package store

// Frames returns a scheduler that notifies with the next frame of the screen: in a browser before it is drawn, or a little
// later where the page is hidden and draws none; elsewhere 60 times a second.
func Frames() Scheduler { return After(frame) }
