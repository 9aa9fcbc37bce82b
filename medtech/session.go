package medtech

import (
	"context"
	"encoding/base64"
	"errors"
	"slices"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// session holds a client's authorisation and renews it: however many calls
// find it expired, one refresh or log-in serves them all.
type session struct {
	client *Client
	flight singleflight.Group

	mu      sync.Mutex
	cred    Credentials // its Tokens are empty: the present ones are below
	tokens  Tokens
	renewAt time.Time // zero: not before the server says so
	open    bool      // no credentials at all, by choice
	ended   bool      // by log-out, for good
	renewal *renewal  // under way, else nil
	flights int       // counts renewals, to name them
	// refused is the server's refusal of the credentials. It holds until the
	// next Login, since repeating a wrong password locks accounts.
	refused error
}

// renewal is one shared refresh or log-in.
type renewal struct {
	name    string
	ctx     context.Context // ends when no caller is left
	cancel  context.CancelFunc
	waiting int // callers
}

func newSession(c *Client, cred Credentials) (*session, error) {
	if err := cred.validate(); err != nil {
		return nil, err
	}
	s := &session{client: c, cred: cred, open: cred == Credentials{}}
	s.cred.Tokens = Tokens{}
	s.keep(cred.Tokens)
	// A resumed token that has expired is renewed before its first use.
	if exp := jwtExpiry(cred.Tokens.Token); !exp.IsZero() && !exp.After(time.Now()) {
		s.renewAt = exp
	}
	return s, nil
}

// renewMargin is how long before its expiry a token is renewed, at most half
// of the time it has left when it arrives.
const renewMargin = 30 * time.Second

// keep takes new tokens. A token that is expired when it arrives tells of
// clocks that disagree; it is used until the server refuses it.
func (s *session) keep(t Tokens) {
	s.tokens, s.renewAt = t, time.Time{}
	now := time.Now()
	if exp := jwtExpiry(t.Token); exp.After(now) {
		s.renewAt = exp.Add(-min(renewMargin, exp.Sub(now)/2))
	}
}

// authorised sends a call with authorisation and answers a success; everything
// else is an error. After a 401 it renews the session and repeats the call
// once.
func (c *Client) authorised(ctx context.Context, what call) (*Response, error) {
	for attempt := 0; ; attempt++ {
		header, used, err := c.session.authorization(ctx, what.op)
		if err != nil {
			return nil, err
		}
		r, err := c.send(ctx, what, header)
		if err != nil {
			return nil, err
		}
		if r.Status == statusUnauthorized && used != "" && attempt == 0 {
			if _, err := c.session.renew(ctx, what.op, used); err != nil {
				return nil, err
			}
			continue
		}
		return c.accept(what, r, header, used)
	}
}

// accept turns an answer with an error status into the error.
func (c *Client) accept(what call, r *Response, sent ...Secret) (*Response, error) {
	if statusOK <= r.Status && r.Status < statusMultiple {
		return r, nil
	}
	return nil, refused(what, r, append(sent, what.secrets...))
}

// authorization answers the header for a request, and the token in it when it
// is one that can be renewed.
func (s *session) authorization(ctx context.Context, op string) (header, token Secret, err error) {
	s.mu.Lock()
	cred, token, open, ended, due := s.cred, s.tokens.Token, s.open, s.ended, s.due()
	s.mu.Unlock()
	switch {
	case ended:
		return "", "", rename(loggedOut(), op)
	case open:
		return "", "", nil
	case cred.Basic:
		return basic(cred), "", nil
	case token == "" || due:
		if token, err = s.renew(ctx, op, token); err != nil {
			return "", "", err
		}
	}
	return "Bearer " + token, token, nil
}

// due reports whether the token should be renewed before its next use. One that
// nothing can renew is used until the server refuses it. s.mu is held.
func (s *session) due() bool {
	renewable := s.tokens.RefreshToken != "" || s.cred.Password != ""
	return renewable && !s.renewAt.IsZero() && !time.Now().Before(s.renewAt)
}

func basic(c Credentials) Secret {
	pair := c.UserName + ":" + c.Password.Reveal()
	return Secret("Basic " + base64.StdEncoding.EncodeToString([]byte(pair)))
}

// renew answers a token that is not stale. Callers share one refresh or log-in;
// it goes on as long as one of them waits, and the last to leave sees it end.
func (s *session) renew(ctx context.Context, op string, stale Secret) (Secret, error) {
	s.mu.Lock()
	if s.renewal == nil {
		s.flights++
		shared, cancel := context.WithCancel(context.WithoutCancel(ctx))
		s.renewal = &renewal{name: strconv.Itoa(s.flights), ctx: shared, cancel: cancel}
	}
	joined := s.renewal
	joined.waiting++
	s.mu.Unlock()

	result := s.flight.DoChan(joined.name, func() (any, error) { return s.obtain(joined.ctx, stale) })
	select {
	case r := <-result:
		s.leave(joined)
		return r.Val.(Secret), rename(r.Err, op)
	case <-ctx.Done():
		if s.leave(joined) {
			<-result // cancelled; nothing of it goes on after this
		}
		return "", unanswered(ctx, call{op: op}, false, nil)
	}
}

// known answers the outcome of a renewal that has come since the token stale
// was in use: another token, or the refusal. s.mu is held.
func (s *session) known(stale Secret) (Secret, error) {
	if s.tokens.Token != stale && s.tokens.Token != "" {
		return s.tokens.Token, nil
	}
	return "", s.refused
}

// leave ends a caller's interest and reports whether it was the last one's.
// Whoever comes later starts a renewal of their own.
func (s *session) leave(r *renewal) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	r.waiting--
	if r.waiting > 0 {
		return false
	}
	r.cancel()
	if s.renewal == r {
		s.renewal = nil
	}
	return true
}

// rename tells a shared failure as that of one caller's operation.
func rename(err error, op string) error {
	if e, ok := errors.AsType[*Error](err); ok {
		own := *e
		own.Op = op
		return &own
	}
	return err
}

// obtain gets a new token: by the refresh token where there is one, else, or
// when that is refused, by logging in.
func (s *session) obtain(ctx context.Context, stale Secret) (Secret, error) {
	s.mu.Lock()
	cred, tokens := s.cred, s.tokens
	// Somebody who comes after a renewal is done finds its outcome here.
	token, err := s.known(stale)
	s.mu.Unlock()
	if token != "" || err != nil {
		return token, err
	}
	if tokens.RefreshToken != "" {
		answer, err := s.client.refresh(ctx, tokens.RefreshToken)
		if cred.Password == "" || !rejected(err) {
			return s.settle(answer, err)
		}
	}
	if cred.Password == "" {
		return s.settle(AuthenticationResponse{}, &Error{
			Op: "log in", Kind: ErrUnauthorized, Message: "the session has ended and cannot be renewed",
		})
	}
	return s.settle(s.client.login(ctx, cred))
}

// rejected reports whether the server does not accept a refresh token, in
// contrast to being unable to tell.
func rejected(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && slices.Contains([]Kind{ErrUnauthorized, ErrForbidden, ErrNotFound, ErrBadRequest}, e.Kind)
}

// settle takes the outcome of a refresh or a log-in.
func (s *session) settle(answer AuthenticationResponse, err error) (Secret, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.ended: // meanwhile; the new tokens must not undo it
		return "", loggedOut()
	case errors.Is(err, ErrUnauthorized):
		s.tokens, s.refused = Tokens{}, err
		return "", err
	case err != nil:
		return "", err
	}
	if answer.RefreshToken == "" {
		answer.RefreshToken = s.tokens.RefreshToken
	}
	s.keep(Tokens{answer.Token, answer.RefreshToken})
	s.refused = nil
	return s.tokens.Token, nil
}

func loggedOut() error {
	return &Error{Op: "log in", Kind: ErrUnauthorized, Message: "the client is logged out; make a new one"}
}
