package medtech

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Options are what a [Client] is made of. BaseURL is the one field that must be
// set.
type Options struct {
	// BaseURL is scheme, host and optional port of the server, nothing else:
	// "https://api.icure.cloud". The client appends /rest/v1.
	BaseURL string
	// Credentials say who sends the requests. The zero value sends them
	// without any; the server then refuses most.
	Credentials Credentials
	// Transport sends the requests; nil means [NewTransport].
	Transport Transport
	// Timeout bounds each request, with its answer; 0 means a minute,
	// negative none. The callers' contexts hold besides.
	Timeout time.Duration
	// MaxResponseBytes bounds the body of an answer; 0 means 16 MiB.
	MaxResponseBytes int64
	// Logger is told of each request at debug level: operation, status,
	// duration, request id; never URLs, bodies or credentials. Nil logs
	// nothing.
	Logger *slog.Logger
}

const (
	defaultTimeout          = time.Minute
	defaultMaxResponseBytes = 16 << 20
)

// Client is one user's access to an iCure server. Its methods come in groups
// named like those of iCure's SDKs. A Client may be used by any number of
// goroutines; all its calls return soon after their context ends.
type Client struct {
	// Users reads and changes users, and decides what is shared with whom.
	Users *UserAPI
	// HealthcareProfessionals reads and finds doctors and other professionals.
	HealthcareProfessionals *HealthcareProfessionalAPI

	origin    string // scheme, host and port
	transport Transport
	closer    io.Closer // of a transport that the client made, else nil
	timeout   time.Duration
	maxBytes  int64
	log       *slog.Logger
	session   *session
}

// New answers a client. It sends nothing: the first call that needs it logs
// in. The error is [ErrInvalid] for an unusable base URL or credentials.
func New(o Options) (*Client, error) {
	origin, err := parseOrigin(o.BaseURL)
	if err != nil {
		return nil, err
	}
	c := &Client{
		origin:    origin,
		transport: o.Transport,
		timeout:   o.Timeout,
		maxBytes:  o.MaxResponseBytes,
		log:       o.Logger,
	}
	if c.session, err = newSession(c, o.Credentials); err != nil {
		return nil, err
	}
	if c.transport == nil {
		c.transport = NewTransport()
		c.closer, _ = c.transport.(io.Closer)
	}
	if c.timeout == 0 {
		c.timeout = defaultTimeout
	}
	if c.maxBytes <= 0 {
		c.maxBytes = defaultMaxResponseBytes
	}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	c.Users = &UserAPI{c}
	c.HealthcareProfessionals = &HealthcareProfessionalAPI{c}
	return c, nil
}

// Close lets go of idle connections, unless the transport was given by
// [Options]. The client stays usable.
func (c *Client) Close() error {
	if c.closer == nil {
		return nil
	}
	return c.closer.Close()
}

func parseOrigin(base string) (string, error) {
	const op, want = "new client", `want scheme, host and optional port, such as "https://api.icure.cloud"`
	u, err := url.Parse(base)
	switch {
	case err != nil: // whose text may quote a password
		return "", invalid(op, "the base URL cannot be read; %s", want)
	case u.User != nil:
		return "", invalid(op, "the base URL holds a user name; put it into Options.Credentials")
	case u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "", strings.Trim(u.Path, "/") != "",
		u.RawQuery != "", u.Fragment != "":
		return "", invalid(op, "base URL %q; %s", base, want)
	}
	return u.Scheme + "://" + u.Host, nil
}

// restV1 is where the protocol begins on a server.
const restV1 = "/rest/v1"

// call is one request of the protocol before the rules for every request
// (icure.md 2.1) are applied.
type call struct {
	op     string // for errors and logs
	method string
	path   string // escaped, with restV1
	query  string // escaped, without the leading &
	body   any    // nil for none
	header Header
	// secrets are what the body holds and no message may repeat.
	secrets []Secret
	login   bool // a log-in, whose statuses mean other things
}

// revealer is what has secrets that its JSON hides and a request needs.
type revealer interface{ RevealJSON() ([]byte, error) }

// do sends a call with the session's authorisation and decodes the JSON answer
// into a T. A 401 renews the session and repeats the call once.
func do[T any](ctx context.Context, c *Client, what call) (T, error) {
	r, err := c.authorised(ctx, what)
	if err != nil {
		var none T
		return none, err
	}
	return decode[T](what, r)
}

// document is what a server stores, so that an answer without an id is none.
type document interface{ documentID() string }

func (u User) documentID() string            { return u.ID }
func (h HealthcareParty) documentID() string { return h.ID }

// decode reads the JSON answer of a call.
func decode[T any](what call, r *Response) (T, error) {
	var v T
	if err := json.Unmarshal(r.Body, &v); err != nil {
		// The decoder's words may quote the answer.
		var none T
		return none, malformed(what, r, "the body is not the JSON that belongs here")
	}
	if d, ok := any(v).(document); ok && d.documentID() == "" {
		return v, malformed(what, r, "the body is not a document with an id")
	}
	return v, nil
}

// send sends a call once and answers whatever the server says. The error is
// that of a call without an answer, or of a body that cannot be encoded.
func (c *Client) send(ctx context.Context, what call, authorization Secret) (*Response, error) {
	req, err := c.request(what, authorization)
	if err != nil {
		return nil, err
	}
	// A context that has ended decides, also over a transport that is fast
	// enough not to notice.
	if ctx.Err() != nil {
		return nil, unanswered(ctx, what, false, nil)
	}
	limited, cancel := ctx, context.CancelFunc(func() {})
	if c.timeout > 0 {
		limited, cancel = context.WithTimeout(ctx, c.timeout)
	}
	defer cancel()
	start := time.Now()
	r, err := c.transport.RoundTrip(limited, req)
	if err == nil && int64(len(r.Body)) > c.maxBytes {
		err = ErrTooLarge
	}
	if err != nil {
		failure := unanswered(ctx, what, limited.Err() != nil, err)
		c.log.DebugContext(ctx, "medtech: no answer", "op", what.op, "took", time.Since(start), "kind", failure.Kind)
		return nil, failure
	}
	c.log.DebugContext(ctx, "medtech: answer", "op", what.op, "status", r.Status, "took", time.Since(start),
		"requestId", r.Header.Get("X-Request-Id"))
	return r, nil
}

const textType, jsonType = "text/plain;charset=UTF-8", "application/json"

func (c *Client) request(what call, authorization Secret) (*Request, error) {
	req := &Request{
		Method:           what.method,
		URL:              c.origin + what.path + "?ts=" + strconv.FormatInt(time.Now().UnixMilli(), 10),
		Header:           Header{"accept": "*/*", "x-requested-with": "XMLHttpRequest"},
		MaxResponseBytes: c.maxBytes,
	}
	if what.query != "" {
		req.URL += "&" + what.query
	}
	for name, value := range what.header {
		req.Header.Set(name, value)
	}
	if authorization != "" {
		req.Header.Set("Authorization", authorization.Reveal())
	}
	var err error
	switch body := what.body.(type) {
	case nil:
		if what.method == "POST" || what.method == "PUT" {
			req.Body = []byte("null")
			req.Header.Set("Content-Type", textType)
		}
		return req, nil
	case revealer:
		req.Body, err = body.RevealJSON()
	default:
		req.Body, err = json.Marshal(body)
	}
	if err != nil {
		return nil, &Error{Op: what.op, Kind: ErrInvalid, Message: "the document cannot be written as JSON", Err: errors.Unwrap(err)}
	}
	req.Header.Set("Content-Type", jsonType)
	return req, nil
}

// pathSegment escapes an id for a URL path as the original clients do. Dots
// alone would be taken for a way up the path.
func pathSegment(op, what, id string) (string, error) {
	if id == "" || id == "." || id == ".." {
		return "", invalid(op, "%q is not %s", id, what)
	}
	return escape(id), nil
}

// escape percent-encodes all but letters, digits and -_.!~*'(), also in what
// package url would leave alone, such as the @ of an e-mail address.
func escape(s string) string {
	const plain = "-_.!~*'()"
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		switch ch := s[i]; {
		case 'a' <= ch && ch <= 'z', 'A' <= ch && ch <= 'Z', '0' <= ch && ch <= '9', strings.IndexByte(plain, ch) >= 0:
			b.WriteByte(ch)
		default:
			b.WriteByte('%')
			b.WriteByte(hex[ch>>4])
			b.WriteByte(hex[ch&15])
		}
	}
	return b.String()
}
