package backend

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"reflect"
	"strconv"

	"slate/medtech"
)

// call is one request as an endpoint sees it.
type call struct {
	*http.Request
	user    medtech.User      // who asks; zero on a public route
	now     medtech.Timestamp // when it came
	address string            // where it came from, for the rate limits
}

// access says who may use a route at all; the endpoint itself looks closer.
type access int

const (
	public access = iota
	signedIn
	administrators
)

// route is one line of the table of routes.
type route struct {
	method, path string
	access       access
	summary      string
	in, out      reflect.Type // of the bodies; in is nothing when there is none
	serve        func(*Server, *call, []byte) (any, error)
}

// nothing is the type of a body that is not there.
type nothing struct{}

// endpoint makes a route of a typed function. The body of the request is decoded
// into In, what the function answers is sent as JSON.
func endpoint[In, Out any](method, path string, who access, summary string, run func(*Server, *call, In) (Out, error)) route {
	return route{
		method: method, path: path, access: who, summary: summary,
		in: reflect.TypeFor[In](), out: reflect.TypeFor[Out](),
		serve: func(s *Server, c *call, body []byte) (any, error) {
			in, err := decodeBody[In](c.Header.Get("Content-Type"), body)
			if err != nil {
				return nil, err
			}
			return run(s, c, in)
		},
	}
}

// decodeBody reads a request body. The clients send the four characters null as
// text/plain where they have nothing to say.
func decodeBody[In any](contentType string, body []byte) (In, error) {
	var in In
	if _, none := any(in).(nothing); none {
		return in, nil
	}
	if body = bytes.TrimSpace(body); len(body) == 0 || string(body) == "null" {
		return in, badRequest("The request needs a JSON object as its body")
	}
	if kind, _, err := mime.ParseMediaType(contentType); err != nil || kind != "application/json" {
		return in, &statusError{status: http.StatusUnsupportedMediaType, message: "The body must be JSON, and the Content-Type application/json"}
	}
	if body[0] != '{' {
		return in, badRequest("The body must be a JSON object")
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return in, &statusError{status: http.StatusBadRequest, message: "The body cannot be read: " + describe(err), cause: err}
	}
	return in, nil
}

// describe tells what is wrong with JSON without repeating any of it, for it may hold
// a password.
func describe(err error) string {
	if e, ok := errors.AsType[*json.SyntaxError](err); ok {
		return "malformed JSON at byte " + strconv.FormatInt(e.Offset, 10)
	}
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && e.Field != "" {
		return "the member " + e.Field + " has the wrong type"
	}
	return "a member has the wrong type"
}

// maxDrain is how much of a body that is too large is read and thrown away, so that
// a client that sends all of it before it reads gets its answer.
const maxDrain = 32 << 20

func readBody(body io.ReadCloser, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(body, limit+1))
	if err != nil {
		return nil, &statusError{status: http.StatusBadRequest, message: "The body ended early", cause: err}
	}
	if int64(len(data)) <= limit {
		return data, nil
	}
	_, err = io.CopyN(io.Discard, body, maxDrain)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, &statusError{status: http.StatusBadRequest, message: "The body ended early", cause: err}
	}
	return nil, &statusError{status: http.StatusRequestEntityTooLarge, message: "The body is too large: at most " + strconv.FormatInt(limit, 10) + " bytes are accepted"}
}

// endpoint serves one route: body, credentials, access, endpoint, answer.
func (s *Server) endpoint(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := readBody(r.Body, s.options.MaxBody)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		c := &call{Request: r, now: medtech.TimestampOf(s.options.Now()), address: s.options.ClientAddress(r)}
		if rt.access != public {
			if c.user, err = s.authenticate(c); err != nil {
				s.fail(w, r, err)
				return
			}
			note(r.Context(), c.user.ID)
		}
		if rt.access == administrators && !isAdministrator(c.user) {
			s.fail(w, r, forbidden("Only an administrator may do this"))
			return
		}
		answer, err := rt.serve(s, c, body)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		s.write(w, r, http.StatusOK, answer)
	})
}

// write sends JSON. It is encoded before the first byte goes out, so that an error
// can still become a 500.
func (s *Server) write(w http.ResponseWriter, r *http.Request, status int, body any) {
	data, err := json.Marshal(body)
	if err != nil {
		s.options.Logger.LogAttrs(r.Context(), slog.LevelError, "answer cannot be encoded",
			slog.String("request", requestID(r.Context())), slog.Any("error", err))
		status, data = http.StatusInternalServerError, []byte(`{"message":"Something went wrong on the server"}`)
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(data)))
	w.WriteHeader(status)
	// A client that has gone away is no error of ours, and there is nobody to tell.
	_, _ = w.Write(data)
}
