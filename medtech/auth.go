package medtech

import "context"

// Login logs in now with the user name and password of [Options], instead of
// at the first call, and answers who it is. It is also the way to try again
// after credentials were refused: until then, calls that need them fail without
// a request, since repeating a wrong password locks accounts. Wrong ones are [ErrUnauthorized], a missing
// one-time code is [ErrSecondFactor], too many attempts are
// [ErrTooManyRequests].
//
// Route: POST auth/login; with Basic, GET user/current.
func (c *Client) Login(ctx context.Context) (AuthenticationResponse, error) {
	const op = "log in"
	s := c.session
	s.mu.Lock()
	cred, ended := s.cred, s.ended
	s.mu.Unlock()
	switch {
	case ended:
		return AuthenticationResponse{}, loggedOut()
	case cred.Password == "":
		return AuthenticationResponse{}, invalid(op, "the client has no password to log in with")
	case cred.Basic:
		u, err := c.Users.GetLoggedUser(ctx)
		if err != nil {
			return AuthenticationResponse{}, rename(err, op)
		}
		return AuthenticationResponse{
			GroupID: u.GroupID, UserID: u.ID, DataOwnerID: u.DataOwnerID(), HealthcarePartyID: u.HealthcarePartyID,
			Username: cred.UserName, Successful: true,
		}, nil
	}
	answer, err := c.login(ctx, cred)
	if _, err := s.settle(answer, err); err != nil {
		return AuthenticationResponse{}, err
	}
	return answer, nil
}

// Logout tells the server, and forgets the tokens and the credentials even
// when the server cannot be told. Calls that follow fail with
// [ErrUnauthorized]; to log in again, make a new client.
//
// Route: GET auth/logout.
func (c *Client) Logout(ctx context.Context) error {
	s := c.session
	s.mu.Lock()
	token := s.tokens.Token
	s.cred, s.tokens, s.ended = Credentials{}, Tokens{}, true
	s.mu.Unlock()
	if token == "" {
		return nil // nothing that the server would remember
	}
	what := call{op: "log out", method: "GET", path: restV1 + "/auth/logout"}
	r, err := c.send(ctx, what, "Bearer "+token)
	if err != nil {
		return err
	}
	if r.Status == statusUnauthorized {
		return nil // the session had ended by itself
	}
	_, err = c.accept(what, r, token)
	return err
}

// Tokens answers the tokens of the present session, to resume it by
// [Credentials.Tokens]; empty before the first log-in, after log-out and with
// Basic. Keep them as you would keep a password.
func (c *Client) Tokens() Tokens {
	c.session.mu.Lock()
	defer c.session.mu.Unlock()
	return c.session.tokens
}

func (c *Client) login(ctx context.Context, cred Credentials) (AuthenticationResponse, error) {
	return c.authenticate(ctx, call{
		op: "log in", method: "POST", path: restV1 + "/auth/login",
		body:    LoginRequest{cred.UserName, cred.Password},
		secrets: []Secret{cred.Password},
		login:   true,
	})
}

func (c *Client) refresh(ctx context.Context, token Secret) (AuthenticationResponse, error) {
	return c.authenticate(ctx, call{
		op: "renew the session", method: "POST", path: restV1 + "/auth/refresh",
		header:  Header{"refresh-token": token.Reveal()},
		secrets: []Secret{token},
		login:   true,
	})
}

func (c *Client) authenticate(ctx context.Context, what call) (AuthenticationResponse, error) {
	none := AuthenticationResponse{}
	r, err := c.send(ctx, what, "")
	if err != nil {
		return none, err
	}
	if r, err = c.accept(what, r); err != nil {
		return none, err
	}
	answer, err := decode[AuthenticationResponse](what, r)
	switch {
	case err != nil:
		return none, err
	case !answer.Successful:
		e := refused(what, r, what.secrets)
		e.Kind = ErrUnauthorized
		return none, e
	case answer.Token == "":
		return none, malformed(what, r, "the server gives no token; use Credentials.Basic with it")
	}
	return answer, nil
}
