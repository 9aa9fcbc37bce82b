package medtech

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
)

// Transport sends requests. The package has one for each platform
// ([NewTransport]); tests and special needs bring their own.
//
// RoundTrip answers any HTTP status without an error; an error means that
// there is no answer. It returns soon after ctx ends, reads at most
// req.MaxResponseBytes of a body (an error that is [ErrTooLarge] when there is
// more), does not follow redirects, changes nothing in req, and may be called
// from several goroutines at once.
type Transport interface {
	RoundTrip(ctx context.Context, req *Request) (*Response, error)
}

// Request is one HTTP request.
type Request struct {
	Method string
	URL    string // absolute, escaped
	Header Header
	Body   []byte // nil for none
	// MaxResponseBytes bounds the answer's body after decompression.
	MaxResponseBytes int64
}

// Format writes method and host only, for every verb: URL, header and body can
// hold what nobody should see.
func (r Request) Format(f fmt.State, _ rune) {
	origin, _, _ := strings.Cut(r.URL, restV1)
	fmt.Fprint(f, r.Method, " ", origin)
}

// LogValue is [Request.Format] for package log/slog.
func (r Request) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(r)) }

// Response is one HTTP answer, completely read.
type Response struct {
	Status int
	Header Header
	Body   []byte
}

// Format writes status and length only, for every verb.
func (r Response) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "status %d, %d bytes", r.Status, len(r.Body))
}

// LogValue is [Response.Format] for package log/slog.
func (r Response) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(r)) }

// Header holds HTTP header fields: lower-case names, several values of one
// name joined by commas.
type Header map[string]string

// Get answers the value of a field, whatever the case of its name.
func (h Header) Get(name string) string { return h[strings.ToLower(name)] }

// Set replaces the value of a field, whatever the case of its name.
func (h Header) Set(name, value string) { h[strings.ToLower(name)] = value }
