package query

import (
	"errors"
	"fmt"
)

// Conditions that callers test with errors.Is.
var (
	// ErrRemoved is the cause with which the context of a request ends whose entry is removed, since nobody waits for it any
	// more and its time has passed. An entry that somebody waits for is not removed.
	ErrRemoved = errors.New("query: the entry was removed from the cache while its request was running; ask again")

	// ErrReset is what a caller gets that waits while the API is reset, for instance at sign-out.
	ErrReset = errors.New("query: the API was reset while the request was running")

	// errAbandoned ends a request that nobody waits for any more.
	errAbandoned = errors.New("query: the request was cancelled because nobody waits for it any more")
)

// UnknownEndpointError reports an encoded action that names an endpoint its API does not have.
type UnknownEndpointError struct{ API, Endpoint string }

// Error implements error.
func (e *UnknownEndpointError) Error() string {
	return fmt.Sprintf("query: API %q has no endpoint %q", e.API, e.Endpoint)
}

// UnprovidedTagsError reports invalidated tags that no entry provides.
type UnprovidedTagsError struct{ Tags []Tag }

// Error implements error.
func (e *UnprovidedTagsError) Error() string {
	return fmt.Sprintf("query: nothing in the cache provides %v; check the ids, and which tags the endpoints' Provides return", e.Tags)
}
