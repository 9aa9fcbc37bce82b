package backend

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"time"

	"slate/backend/docstore"
)

// statusError is an answer that is no success: its message is for the caller and
// holds no secret.
type statusError struct {
	status     int
	message    string
	retryAfter time.Duration // for 429 and 503
	login      bool          // the answer to a log-in says successful: false as well
	cause      error         // for the log only
}

func (e *statusError) Error() string { return fmt.Sprintf("%d %s", e.status, e.message) }

func (e *statusError) Unwrap() error { return e.cause }

func badRequest(format string, args ...any) error {
	return &statusError{status: http.StatusBadRequest, message: fmt.Sprintf(format, args...)}
}

func forbidden(message string) error {
	return &statusError{status: http.StatusForbidden, message: message}
}

func unauthorized(message string) *statusError {
	return &statusError{status: http.StatusUnauthorized, message: message}
}

func isNotFound(err error) bool {
	e, ok := errors.AsType[*statusError](err)
	return ok && e.status == http.StatusNotFound
}

// errorBody is the JSON of every error.
type errorBody struct {
	Message    string `json:"message"`
	Successful *bool  `json:"successful,omitzero"` // false in the answer to a log-in
}

// asStatus gives every error its status and its sentence. What is not meant for the
// caller becomes a 500 without details.
func asStatus(err error) *statusError {
	if e, ok := errors.AsType[*statusError](err); ok {
		return e
	}
	if e, ok := errors.AsType[*docstore.ConflictError](err); ok {
		message := fmt.Sprintf("The revision %s is not the current one, which is %s: read the document again and repeat the change", e.Given, e.Current)
		if e.Given == "" {
			message = "A document with this id exists already; to change it, name its revision"
		}
		return &statusError{status: http.StatusConflict, message: message, cause: err}
	}
	switch {
	case errors.Is(err, docstore.ErrNotFound):
		return &statusError{status: http.StatusNotFound, message: "There is no such document", cause: err}
	case errors.Is(err, docstore.ErrInvalid):
		return &statusError{status: http.StatusBadRequest, message: "The document cannot be stored: its id must have 1 to 512 bytes and not begin with an underscore", cause: err}
	case errors.Is(err, docstore.ErrBusy), errors.Is(err, docstore.ErrClosed):
		return &statusError{status: http.StatusServiceUnavailable, message: "The database is not available at the moment; try again later", retryAfter: time.Second, cause: err}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return &statusError{status: http.StatusServiceUnavailable, message: "The request was given up", cause: err}
	default:
		return &statusError{status: http.StatusInternalServerError, message: "Something went wrong on the server; the request id tells which log entry it is", cause: err}
	}
}

// fail writes an error answer and logs what the caller is not told.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	e := asStatus(err)
	if e.status >= http.StatusInternalServerError {
		s.options.Logger.LogAttrs(r.Context(), slog.LevelError, "request failed",
			slog.String("request", requestID(r.Context())), slog.Any("error", err))
	}
	if e.retryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(e.retryAfter.Seconds()))))
	}
	body := errorBody{Message: e.message}
	if e.login {
		body.Successful = new(false)
	}
	s.write(w, r, e.status, body)
}
