package query

import "time"

// Status is what is known of an entry.
type Status uint8

// An entry is Uninitialized until somebody asks for it, then Pending, then Fulfilled or Rejected; each refetch makes it
// Pending again.
const (
	Uninitialized Status = iota
	Pending
	Fulfilled
	Rejected
)

// String returns the name that Redux Toolkit gives the status.
func (s Status) String() string {
	return [...]string{"uninitialized", "pending", "fulfilled", "rejected"}[s]
}

// Result is what is known of one query at one moment. It is a value and never changes.
type Result[R any] struct {
	// Data is the last good answer. It stays while a refetch runs and after one has failed.
	Data R
	// HasData tells the zero R that the server sent from no answer yet.
	HasData bool
	// Err is why the latest request failed; it stays until the next one has settled.
	Err error
	// Status is the state of the latest request.
	Status Status
	// RequestID names the latest request; the same in its actions.
	RequestID string
	// StartedAt is when the latest request began, FulfilledAt when Data came. Zero where that has not happened.
	StartedAt, FulfilledAt time.Time
}

// IsUninitialized reports that nobody has asked yet.
func (r Result[R]) IsUninitialized() bool { return r.Status == Uninitialized }

// IsFetching reports that a request is running, the first or a later one.
func (r Result[R]) IsFetching() bool { return r.Status == Pending }

// IsLoading reports that a request is running and there is no data to show meanwhile.
func (r Result[R]) IsLoading() bool { return r.Status == Pending && !r.HasData }

// IsSuccess reports that there is data and the latest settled request did not fail; it stays true during a refetch.
func (r Result[R]) IsSuccess() bool {
	return r.Status == Fulfilled || r.Status == Pending && r.HasData && r.Err == nil
}

// IsError reports that the latest request failed. Data may hold an earlier answer.
func (r Result[R]) IsError() bool { return r.Status == Rejected }

// MutationResult is what is known of a mutation at one moment.
type MutationResult[A, R any] struct {
	Arg       A // what it was triggered with
	Data      R // the answer, where Status is Fulfilled
	Err       error
	Status    Status
	RequestID string
	// StartedAt is when it was triggered, SettledAt when it ended.
	StartedAt, SettledAt time.Time
}

// IsLoading reports that the mutation is running.
func (r MutationResult[A, R]) IsLoading() bool { return r.Status == Pending }

// IsSuccess reports that the mutation succeeded.
func (r MutationResult[A, R]) IsSuccess() bool { return r.Status == Fulfilled }

// IsError reports that the mutation failed.
func (r MutationResult[A, R]) IsError() bool { return r.Status == Rejected }

// record is an entry as it stands in the store's state: the untyped half of a Result. Records are immutable.
type record struct {
	status    Status
	data      any // *R; nil: none yet
	err       error
	seq       uint64 // the latest request
	id        string // the same as text
	arg       any    // A
	tags      []Tag
	startedAt time.Time
	settledAt time.Time // when data came; for a mutation, when it ended
	before    *record   // what a request that is running replaced, for when it is cancelled
}

func resultOf[R any](r *record) Result[R] {
	if r == nil {
		return Result[R]{}
	}
	out := Result[R]{Err: r.err, Status: r.status, RequestID: r.id, StartedAt: r.startedAt, FulfilledAt: r.settledAt}
	if r.data != nil {
		out.Data, out.HasData = *r.data.(*R), true
	}
	return out
}

func mutationResultOf[A, R any](r *record) MutationResult[A, R] {
	if r == nil {
		return MutationResult[A, R]{}
	}
	out := MutationResult[A, R]{Err: r.err, Status: r.status, RequestID: r.id, StartedAt: r.startedAt, SettledAt: r.settledAt}
	out.Arg, _ = r.arg.(A)
	if r.data != nil {
		out.Data = *r.data.(*R)
	}
	return out
}
