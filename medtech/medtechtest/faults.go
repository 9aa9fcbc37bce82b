package medtechtest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"slate/medtech"
)

// fault is what befalls the requests that begin with its text.
type fault struct {
	request string
	befall  func(ctx context.Context) (*medtech.Response, error) // nil, nil: go on
}

// errNoConnection is what a transport fails with: not yet one of medtech's kinds, which the client finds out.
var errNoConnection = errors.New("medtechtest: no connection")

// Break has each request that begins with request, such as "PUT /user", answered with an error status, and nothing done.
// Status 0 is no answer at all, as where there is no connection. "" is every request. It lasts until mend is called.
func (s *Server) Break(request string, status int) (mend func()) {
	return s.add(&fault{request, func(context.Context) (*medtech.Response, error) {
		if status == 0 {
			return nil, errNoConnection
		}
		return Fail(status, "broken for a test"), nil
	}})
}

// Hold keeps each request that begins with request, such as "PUT /user", waiting until release is called or the request's
// context ends. "" is every request. What is held has been [Server.Asked], and is done after the release.
func (s *Server) Hold(request string) (release func()) {
	released := make(chan struct{})
	end := s.add(&fault{request, func(ctx context.Context) (*medtech.Response, error) {
		select {
		case <-released:
			return nil, nil
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}})
	return sync.OnceFunc(func() {
		end()
		close(released)
	})
}

// Intercept has fn see each request, as "METHOD /path", before it is answered. Where fn returns a response or an error,
// that is the answer. Nil ends it. [Server.Break] and [Server.Hold] are shorter where they are enough.
func (s *Server) Intercept(fn func(ctx context.Context, request string) (*medtech.Response, error)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.intercept = fn
}

// Fail is a response with a status and an error body.
func Fail(status int, message string) *medtech.Response {
	return answer(status, medtech.ErrorBody{Message: message})
}

// add adds a fault; end, which may be called more than once, takes it away.
func (s *Server) add(f *fault) (end func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, f)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.faults = slices.DeleteFunc(s.faults, func(other *fault) bool { return other == f })
	}
}

// disturb lets the faults that there are befall a request, the oldest first. It answers nil, nil where the server shall.
func (s *Server) disturb(ctx context.Context, request string) (*medtech.Response, error) {
	s.mu.Lock()
	intercept, faults := s.intercept, slices.Clone(s.faults)
	s.mu.Unlock()
	if intercept != nil {
		if resp, err := intercept(ctx, request); resp != nil || err != nil {
			return resp, err
		}
	}
	for _, f := range faults {
		if !strings.HasPrefix(request, f.request) {
			continue
		}
		if resp, err := f.befall(ctx); resp != nil || err != nil {
			return resp, err
		}
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return nil, nil
}
