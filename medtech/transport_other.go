//go:build !js

package medtech

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// NewTransport answers the platform's transport: net/http here, fetch in the
// browser. The client closes the idle connections of one it made itself; for
// your own, call its Close method (it is an io.Closer) when you are done.
func NewTransport() Transport {
	pool := http.DefaultTransport.(*http.Transport).Clone()
	return &httpTransport{pool: pool, client: http.Client{
		Transport: pool,
		// A redirect could carry the token headers to another host.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

type httpTransport struct {
	pool   *http.Transport
	client http.Client
}

func (t *httpTransport) RoundTrip(ctx context.Context, req *Request) (*Response, error) {
	r, err := http.NewRequestWithContext(ctx, req.Method, req.URL, bytes.NewReader(req.Body))
	if err != nil {
		return nil, err
	}
	for name, value := range req.Header {
		r.Header.Set(name, value)
	}
	answer, err := t.client.Do(r)
	if err != nil {
		// The wrapper would add the URL with its query.
		if wrapped, ok := errors.AsType[*url.Error](err); ok {
			err = wrapped.Err
		}
		return nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, req.MaxResponseBytes+1))
	if err != nil {
		return nil, err
	}
	if int64(len(body)) > req.MaxResponseBytes {
		return nil, ErrTooLarge
	}
	header := make(Header, len(answer.Header))
	for name, values := range answer.Header {
		header.Set(name, strings.Join(values, ", "))
	}
	return &Response{Status: answer.StatusCode, Header: header, Body: body}, nil
}

// Close lets go of the connections that are kept for later requests.
func (t *httpTransport) Close() error {
	t.pool.CloseIdleConnections()
	return nil
}
