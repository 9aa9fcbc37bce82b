package devtools

import (
	"errors"
	"fmt"
)

// Conditions that callers test with errors.Is.
var (
	// ErrLocked is what a dispatch returns while the log is locked ([Log.Lock]).
	ErrLocked = errors.New("devtools: changes are locked; unlock them in the devtools")

	// ErrNoStore is returned where a log that belongs to no store is asked to change something.
	ErrNoStore = errors.New("devtools: the log belongs to no store; pass Log.Enhancer() to store.Options.Enhancers")

	// ErrAttached is returned where a log is given a second store, or a store a second log.
	ErrAttached = errors.New("devtools: a store has one log and a log has one store")
)

// NoEntryError reports an action that is not in the log (any more).
type NoEntryError struct{ ID int }

// Error implements error.
func (e *NoEntryError) Error() string {
	return fmt.Sprintf("devtools: the log has no action %d; it may have been dropped or committed", e.ID)
}

// ImportError reports data that is no session of the Redux DevTools, or one that does not fit the store. Nothing was
// changed.
type ImportError struct {
	What string // "session", "action 3", "state of slice counter"
	Err  error
}

// Error implements error.
func (e *ImportError) Error() string {
	return fmt.Sprintf("devtools: cannot import %s: %v", e.What, e.Err)
}

// Unwrap returns the cause.
func (e *ImportError) Unwrap() error { return e.Err }
