package store

import (
	"errors"
	"fmt"
)

// Conditions that callers test with errors.Is.
var (
	// ErrClosed is returned by everything that is asked of a store after [Store.Close].
	ErrClosed = errors.New("store: the store is closed; create a new one with store.New")

	// ErrInReducer is returned by a dispatch from inside a reducer. Reducers are pure: dispatch from the thunk, listener or
	// event handler that caused the action instead.
	ErrInReducer = errors.New("store: dispatch from inside a reducer; reducers must be pure, dispatch from a thunk, a listener or an event handler instead")

	// ErrNoAction is returned for the zero Action. Make actions with a Creator or a Signal.
	ErrNoAction = errors.New("store: the action is empty; make actions with a creator, such as one that store.Case returns")

	// ErrNotReady is returned by a dispatch from a middleware's constructor, before the chain is complete.
	ErrNotReady = errors.New("store: dispatch while the middleware chain is being built; dispatch from the function that the middleware returns")

	// ErrSkipped is what a thunk's condition returns to keep it from running, where there is nothing more to say.
	ErrSkipped = errors.New("store: the thunk's condition kept it from running")

	// ErrNil is returned where a slice, a middleware or an enhancer is nil.
	ErrNil = errors.New("store: a slice, middleware or enhancer is nil; package variables that depend on each other must be declared so that Go can order them")

	// ErrGoexit is the failure of a thunk, task or effect that ended its goroutine, as t.FailNow does.
	ErrGoexit = errors.New("store: the function ended its goroutine before it returned")

	errNoPayload = errors.New("the payload is missing")
)

// PanicError reports a panic that the store contained. Where a reducer panicked, the state is as it was before the
// action. Value is what was passed to panic; errors.Is and As see through it where that is an error.
type PanicError struct {
	In    string // what panicked: `reducer of slice "user" for "user/set"`, "subscriber", "medTechApi/login"
	Value any
	Stack []byte
}

// Error implements error.
func (e *PanicError) Error() string { return fmt.Sprintf("store: panic in %s: %v", e.In, e.Value) }

// Unwrap returns the panic's value where it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// DuplicateSliceError reports two different slices of one name in a store.
type DuplicateSliceError struct{ Name string }

// Error implements error.
func (e *DuplicateSliceError) Error() string {
	return fmt.Sprintf("store: two slices are named %q; a slice's name must be unique in a store", e.Name)
}

// DuplicateActionError reports two different actions of one type in a store. One of them could not be read back from JSON.
type DuplicateActionError struct{ Type string }

// Error implements error.
func (e *DuplicateActionError) Error() string {
	return fmt.Sprintf("store: two creators make actions of type %q; declare the action once and let other slices answer to it with store.On", e.Type)
}

// NotMountedError reports a slice that is not in the store.
type NotMountedError struct{ Slice string }

// Error implements error.
func (e *NotMountedError) Error() string {
	return fmt.Sprintf("store: slice %q is not in the store; pass it to store.New or Inject first", e.Slice)
}

// UnknownActionError reports an encoded action whose type no mounted slice knows.
type UnknownActionError struct{ Type string }

// Error implements error.
func (e *UnknownActionError) Error() string {
	return fmt.Sprintf("store: unknown action type %q; mount the slice that declares it", e.Type)
}

// DecodeError reports data that cannot be read back into an action or into saved state.
type DecodeError struct {
	What string // "action user/set", `slice "user"`, "saved state"
	Err  error
}

// Error implements error.
func (e *DecodeError) Error() string {
	return fmt.Sprintf("store: cannot decode %s: %v", e.What, e.Err)
}

// Unwrap returns the cause.
func (e *DecodeError) Unwrap() error { return e.Err }

// EncodeError reports a slice that cannot be written as JSON.
type EncodeError struct {
	Slice string
	Err   error
}

// Error implements error.
func (e *EncodeError) Error() string {
	return fmt.Sprintf("store: slice %q cannot be written as JSON: %v", e.Slice, e.Err)
}

// Unwrap returns the cause.
func (e *EncodeError) Unwrap() error { return e.Err }
