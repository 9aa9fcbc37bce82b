package docstore

import (
	"errors"
	"fmt"
)

// What a store refuses, to be tested with [errors.Is].
var (
	// ErrNotFound says that there is no such document, or only its tombstone. Read
	// the details from [*NotFoundError].
	ErrNotFound = errors.New("docstore: not found")
	// ErrConflict says that the revision given is not the current one. Read both
	// from [*ConflictError].
	ErrConflict = errors.New("docstore: conflict")
	// ErrInvalid says that a document, index or query is malformed: the call can
	// never succeed as it is.
	ErrInvalid = errors.New("docstore: invalid")
	// ErrClosed says that the store was closed before the call.
	ErrClosed = errors.New("docstore: the store is closed")
	// ErrBusy says that another process kept the store locked for too long; the
	// same call may succeed later.
	ErrBusy = errors.New("docstore: the store is locked by another process")
)

// NotFoundError is an [ErrNotFound] with its details.
type NotFoundError struct {
	DB, ID string
	// Rev is the revision of the tombstone; empty when the document never existed.
	Rev string
}

// Error names the document.
func (e *NotFoundError) Error() string {
	if e.Rev != "" {
		return fmt.Sprintf("docstore: %s/%s was deleted in revision %s", e.DB, e.ID, e.Rev)
	}
	return fmt.Sprintf("docstore: there is no %s/%s", e.DB, e.ID)
}

// Is makes the error an [ErrNotFound].
func (e *NotFoundError) Is(target error) bool { return target == ErrNotFound }

// ConflictError is an [ErrConflict] with both revisions.
type ConflictError struct {
	DB, ID string
	// Given is the revision that the write was based on; empty for a creation.
	Given string
	// Current is the revision that is stored; empty when the document does not exist.
	Current string
}

// Error names the document, both revisions, and what to do.
func (e *ConflictError) Error() string {
	switch {
	case e.Current == "":
		return fmt.Sprintf("docstore: %s/%s does not exist, so revision %s cannot be changed: create it without a revision", e.DB, e.ID, e.Given)
	case e.Given == "":
		return fmt.Sprintf("docstore: %s/%s exists already in revision %s: read it and change that revision", e.DB, e.ID, e.Current)
	default:
		return fmt.Sprintf("docstore: revision %s of %s/%s is stale, the current one is %s: read it again and repeat the change", e.Given, e.DB, e.ID, e.Current)
	}
}

// Is makes the error an [ErrConflict].
func (e *ConflictError) Is(target error) bool { return target == ErrConflict }
