// Package querytest helps to test programs that use package query: a [Script] stands in for the server.
//
// A script knows the requests that are to come, in their order, and what they are answered with. A request that is not in
// it fails the test, and so does one that did not come: what a cache is tested for is the requests it does not make.
//
//	script := querytest.NewScript(t,
//		querytest.Step[string, User]{Arg: new("42"), Data: ada, After: time.Second},
//		querytest.Step[string, User]{Err: errOffline},
//	)
//
// Its method [Script.Answer] is the Fetch of a query or the Run of a mutation, or the method of a fake client that those
// find with store.Dep. In a testing/synctest bubble the waiting costs no time.
package querytest

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"sync"
	"time"

	"slate/store/query"
)

// ErrUnexpected is what a request gets that the script does not know.
var ErrUnexpected = errors.New("querytest: an unexpected request; see the test's failure")

// TB is the part of testing.TB that a script needs.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
	Cleanup(func())
}

// Step is one request that is to come, and its answer.
type Step[A, R any] struct {
	Arg   *A            // what it must ask for; nil: anything
	Data  R             // the answer, where Err is nil
	Err   error         // the failure
	After time.Duration // how long the answer takes; a request that is cancelled meanwhile ends with the cause
}

// Request is one request that came.
type Request[A any] struct {
	Arg  A
	Call query.Call
	At   time.Time
}

// Script answers requests in order. Its methods are safe for concurrent use.
type Script[A, R any] struct {
	t TB

	mu    sync.Mutex
	steps []Step[A, R]
	came  []Request[A]
}

// NewScript returns a script. At the end of the test, steps that no request asked for fail it.
func NewScript[A, R any](t TB, steps ...Step[A, R]) *Script[A, R] {
	s := &Script[A, R]{t: t, steps: steps}
	t.Cleanup(func() {
		t.Helper()
		s.mu.Lock()
		defer s.mu.Unlock()
		if len(s.came) < len(s.steps) {
			t.Errorf("querytest: %d requests came, %d were expected; the first that is missing: %+v", len(s.came), len(s.steps), s.steps[len(s.came)])
		}
	})
	return s
}

// Then adds steps.
func (s *Script[A, R]) Then(steps ...Step[A, R]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.steps = append(s.steps, steps...)
}

// Answer answers a request. The error is that of the step, the cause of ctx or [ErrUnexpected].
func (s *Script[A, R]) Answer(ctx context.Context, c query.Call, arg A) (R, error) {
	var none R
	step, ok := s.next(c, arg)
	if !ok {
		return none, ErrUnexpected
	}
	if step.After > 0 {
		timer := time.NewTimer(step.After)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			return none, context.Cause(ctx)
		}
	}
	if step.Err != nil {
		return none, step.Err
	}
	return step.Data, nil
}

func (s *Script[A, R]) next(c query.Call, arg A) (step Step[A, R], ok bool) {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.came); n < len(s.steps) {
		step = s.steps[n]
		if ok = step.Arg == nil || reflect.DeepEqual(*step.Arg, arg); !ok {
			s.t.Errorf("querytest: request %d of %s asks for %v, expected was %v", n+1, c.Endpoint, arg, *step.Arg)
		}
	} else {
		s.t.Errorf("querytest: an unexpected request of %s for %v; expected in all: %d", c.Endpoint, arg, n)
	}
	s.came = append(s.came, Request[A]{arg, c, time.Now()})
	return step, ok
}

// Requests returns the requests that came, the unexpected ones too.
func (s *Script[A, R]) Requests() []Request[A] {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.came)
}

// Count returns how many requests came.
func (s *Script[A, R]) Count() int { return len(s.Requests()) }
