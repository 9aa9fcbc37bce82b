package medtech

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Kind is the cause of a failure, for errors.Is. Its text says what happened
// and what to do about it.
type Kind string

// Error answers the sentence.
func (k Kind) Error() string { return string(k) }

// The kinds of failures. A cancelled context has no kind of its own: test for
// context.Canceled.
const (
	// ErrInvalid: refused by the client; no request was sent.
	ErrInvalid Kind = "the argument is not usable"
	// ErrBadRequest is status 400 or 422.
	ErrBadRequest Kind = "the server does not accept the data; correct it before sending it again"
	// ErrDuplicate is status 400 for a login or an e-mail that is in use.
	ErrDuplicate Kind = "another user has it already; choose another one"
	// ErrUnauthorized is status 401, after the session could not be renewed.
	ErrUnauthorized Kind = "not logged in, or the credentials are wrong or expired; log in again"
	// ErrQuota is status 402.
	ErrQuota Kind = "the account's quota is used up; free space or extend it"
	// ErrForbidden is status 403.
	ErrForbidden Kind = "this user may not do that; ask somebody who may"
	// ErrNotFound is status 404.
	ErrNotFound Kind = "there is no such document; it may have been deleted"
	// ErrConflict is status 409: the document was changed since it was read.
	ErrConflict Kind = "somebody else changed it meanwhile; read it again and repeat the change"
	// ErrWeakPassword is status 412, or 406 outside log-in.
	ErrWeakPassword Kind = "the password is too short to be used; set a longer one"
	// ErrSecondFactor is status 417, or 406 at log-in.
	ErrSecondFactor Kind = "the one-time code is missing or wrong; append it to the password as password|123456"
	// ErrTooManyRequests is status 429; see [Error.RetryAfter].
	ErrTooManyRequests Kind = "too many attempts; wait before the next one"
	// ErrServer is status 500 and above.
	ErrServer Kind = "the server failed; try again later"
	// ErrUnexpected: an answer that an iCure server does not give.
	ErrUnexpected Kind = "the answer is not one of an iCure server; check the base URL"
	// ErrTooLarge: the answer is longer than [Options.MaxResponseBytes], or the
	// server says so of the request (status 413).
	ErrTooLarge Kind = "too large; ask for less at a time"
	// ErrOffline: no answer because the server could not be reached.
	ErrOffline Kind = "the server cannot be reached; check the connection and try again"
	// ErrTimeout: no answer in time.
	ErrTimeout Kind = "no answer in time; try again"
)

// Error is what every method of this package fails with. Neither its fields
// nor its text contain a password or a token.
//
// Test its kind with errors.Is and read it with errors.AsType[*Error].
type Error struct {
	Op         string        // what was attempted, such as "get user"
	Kind       Kind          // the cause; empty when the caller's context ended the call
	Status     int           // HTTP status, 0 when there was no answer
	Message    string        // the server's words or, for ErrInvalid, what is wrong; not for end users
	RequestID  string        // the server's X-Request-Id, for its operator
	Method     string        // HTTP method, empty when nothing was sent
	Path       string        // URL path, without host and query
	RetryAfter time.Duration // how long the server asks to wait, 0 when it does not say
	Err        error         // what lies below, such as the transport's error
}

// Error answers one sentence with all that is known.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("medtech: " + e.Op)
	if e.Kind != "" {
		b.WriteString(": " + string(e.Kind))
	}
	if e.Message != "" {
		b.WriteString(": " + e.Message)
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	var facts []string
	if e.RetryAfter > 0 {
		facts = append(facts, "wait "+e.RetryAfter.String())
	}
	if e.Status != 0 {
		facts = append(facts, "status "+strconv.Itoa(e.Status))
	}
	if e.Path != "" {
		facts = append(facts, e.Method+" "+e.Path)
	}
	if e.RequestID != "" {
		facts = append(facts, "request id "+e.RequestID)
	}
	if len(facts) > 0 {
		b.WriteString(" (" + strings.Join(facts, ", ") + ")")
	}
	return b.String()
}

// Unwrap gives the kind and the cause to errors.Is and errors.As.
func (e *Error) Unwrap() []error {
	var all []error
	if e.Kind != "" {
		all = append(all, e.Kind)
	}
	if e.Err != nil {
		all = append(all, e.Err)
	}
	return all
}

// invalid is the refusal of an argument before any request.
func invalid(op, format string, args ...any) error {
	return &Error{Op: op, Kind: ErrInvalid, Message: fmt.Sprintf(format, args...)}
}

// unanswered is the error of a request that got no answer. The caller's own
// context decides first, so that a cancelled call is never taken for a lost
// network.
func unanswered(ctx context.Context, c call, timedOut bool, cause error) *Error {
	e := &Error{Op: c.op, Method: c.method, Path: c.path, Err: cause}
	switch {
	case ctx.Err() != nil:
		e.Err = ctx.Err()
		if errors.Is(e.Err, context.DeadlineExceeded) {
			e.Kind = ErrTimeout
		}
	case timedOut:
		e.Kind, e.Err = ErrTimeout, nil
	case errors.Is(cause, ErrTooLarge):
		e.Kind, e.Err = ErrTooLarge, nil
	default:
		e.Kind = ErrOffline
	}
	return e
}

// maxMessage bounds what is kept of a server's words, in bytes.
const maxMessage = 500

// refused is the error that an answer with an error status means.
func refused(c call, r *Response, secrets []Secret) *Error {
	e := &Error{
		Op: c.op, Method: c.method, Path: c.path,
		Status:    r.Status,
		RequestID: r.Header.Get("X-Request-Id"),
	}
	var body struct {
		ErrorBody
		Reason string `json:"reason"` // of a failed log-in
	}
	if json.Unmarshal(r.Body, &body) == nil {
		e.Message = body.Message
		if e.Message == "" {
			e.Message = body.Reason
		}
	}
	e.Message = scrub(e.Message, secrets)
	e.Kind = kindOf(r.Status, e.Message, c.login)
	if e.Kind == ErrTooManyRequests || r.Status == statusUnavailable {
		e.RetryAfter = retryAfter(r.Header.Get("Retry-After"))
	}
	return e
}

// malformed is the error of an answer that should have been something else.
func malformed(c call, r *Response, why string) *Error {
	return &Error{
		Op: c.op, Kind: ErrUnexpected, Method: c.method, Path: c.path, Message: why,
		Status: r.Status, RequestID: r.Header.Get("X-Request-Id"),
	}
}

const (
	statusOK           = 200
	statusMultiple     = 300
	statusBadRequest   = 400
	statusUnauthorized = 401
	statusUnavailable  = 503
)

func kindOf(status int, message string, login bool) Kind {
	switch status {
	case statusBadRequest:
		if strings.Contains(message, "already exists") {
			return ErrDuplicate
		}
		return ErrBadRequest
	case statusUnauthorized:
		return ErrUnauthorized
	case 402:
		return ErrQuota
	case 403:
		return ErrForbidden
	case 404:
		return ErrNotFound
	case 406:
		if login {
			return ErrSecondFactor
		}
		return ErrWeakPassword
	case 409:
		return ErrConflict
	case 412:
		return ErrWeakPassword
	case 413:
		return ErrTooLarge
	case 417:
		return ErrSecondFactor
	case 422:
		return ErrBadRequest
	case 429:
		return ErrTooManyRequests
	}
	if status >= 500 {
		return ErrServer
	}
	return ErrUnexpected
}

// scrub takes the secrets that were sent out of a message, since some servers
// quote the body they could not read, and bounds its length.
func scrub(message string, secrets []Secret) string {
	for _, s := range secrets {
		if len(s) <= len(mask) {
			continue
		}
		message = strings.ReplaceAll(message, s.Reveal(), redacted)
		if quoted, err := json.Marshal(s.Reveal()); err == nil { // as it stood in the body
			message = strings.ReplaceAll(message, string(quoted[1:len(quoted)-1]), redacted)
		}
	}
	if len(message) > maxMessage {
		message = strings.ToValidUTF8(message[:maxMessage], "") + "…"
	}
	return message
}

// retryAfter reads the header of that name, in its form of seconds. The other
// form, a date, depends on two clocks and counts as not said.
func retryAfter(header string) time.Duration {
	seconds, err := strconv.Atoi(strings.TrimSpace(header))
	if err != nil || seconds < 0 || seconds > 24*60*60 {
		return 0
	}
	return time.Duration(seconds) * time.Second
}
