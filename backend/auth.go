package backend

import (
	"context"
	"errors"
	"slices"
	"strings"

	"slate/medtech"
)

// AdministratorRole is the role of a user who manages all others.
const AdministratorRole = "ADMIN"

// maxName is the longest name that anybody can log in with, in bytes.
const maxName = 256

func isAdministrator(u medtech.User) bool { return slices.Contains(u.Roles, AdministratorRole) }

// mayLogIn tells whether a user exists as far as credentials are concerned.
func mayLogIn(u medtech.User) bool { return u.DeletionDate == 0 && u.Status == medtech.Active }

var (
	errNoCredentials    = unauthorized("Log in first: the request has no credentials")
	errWrongCredentials = unauthorized("The name or the password is wrong")
	errNoSession        = unauthorized("The session has ended or is not valid; log in again")
)

// login implements POST auth/login (icure.md 4.1).
func (s *Server) login(c *call, in medtech.LoginRequest) (revealed, error) {
	u, err := s.checkCredentials(c, in.Username, in.Password)
	if e, ok := errors.AsType[*statusError](err); ok {
		failed := *e
		failed.login = true
		return revealed{}, &failed
	}
	if err != nil {
		return revealed{}, err
	}
	note(c.Context(), u.ID)
	token, err := s.sessions.token(u)
	if err != nil {
		return revealed{}, err
	}
	refresh, err := s.sessions.refreshToken(u)
	if err != nil {
		return revealed{}, err
	}
	return revealed{medtech.AuthenticationResponse{
		GroupID: s.options.GroupID, UserID: u.ID, DataOwnerID: u.DataOwnerID(), HealthcarePartyID: u.HealthcarePartyID,
		Successful: true, Username: in.Username, Token: token, RefreshToken: refresh,
	}}, nil
}

// revealed is the one answer that shows its tokens: to whom they belong.
type revealed struct{ medtech.AuthenticationResponse }

// MarshalJSON writes the tokens in clear text.
func (r revealed) MarshalJSON() ([]byte, error) { return r.RevealJSON() }

// refresh implements POST auth/refresh. The user is read again, so a session cannot
// outlive a user who was deleted or disabled.
func (s *Server) refresh(c *call, _ nothing) (revealed, error) {
	if err := s.anonymous.take(c.address, s.options.Now()); err != nil {
		return revealed{}, err
	}
	id, err := s.sessions.refreshing(c.Header.Get("Refresh-Token"))
	if err != nil {
		return revealed{}, errNoSession
	}
	u, err := s.sessionUser(c.Context(), id)
	if err != nil {
		return revealed{}, err
	}
	note(c.Context(), u.ID)
	token, err := s.sessions.token(u)
	return revealed{medtech.AuthenticationResponse{Successful: true, Token: token}}, err
}

// logout implements auth/logout. Session tokens end by themselves; the client forgets
// them.
func (s *Server) logout(*call, nothing) (medtech.AuthenticationResponse, error) {
	return medtech.AuthenticationResponse{Successful: true}, nil
}

// authenticate finds out who asks, by session token or by name and password.
func (s *Server) authenticate(c *call) (medtech.User, error) {
	scheme, rest, _ := strings.Cut(c.Header.Get("Authorization"), " ")
	switch strings.ToLower(scheme) {
	case "bearer":
		id, err := s.sessions.user(strings.TrimSpace(rest))
		if err == nil {
			return s.sessionUser(c.Context(), id)
		}
		if err := s.anonymous.take(c.address, s.options.Now()); err != nil {
			return medtech.User{}, err
		}
		return medtech.User{}, errNoSession
	case "basic":
		name, password, ok := c.BasicAuth()
		if !ok {
			return medtech.User{}, errWrongCredentials
		}
		return s.checkCredentials(c, name, medtech.Secret(password))
	default:
		if err := s.anonymous.take(c.address, s.options.Now()); err != nil {
			return medtech.User{}, err
		}
		return medtech.User{}, errNoCredentials
	}
}

// sessionUser reads the user of a token that is valid.
func (s *Server) sessionUser(ctx context.Context, id string) (medtech.User, error) {
	u, err := s.users.get(ctx, id)
	if isNotFound(err) || err == nil && !mayLogIn(u) {
		return medtech.User{}, errNoSession
	}
	return u, err
}

// checkCredentials finds the user whose name and password or token these are. It
// takes the same time whether the user exists or not.
func (s *Server) checkCredentials(c *call, name string, password medtech.Secret) (medtech.User, error) {
	ctx, now := c.Context(), s.options.Now()
	if err := s.logins.take("address "+c.address, now); err != nil {
		return medtech.User{}, err
	}
	name = strings.TrimSpace(name)
	if len(name) > maxName {
		return medtech.User{}, errWrongCredentials
	}
	if err := s.logins.take("name "+name, now); err != nil {
		return medtech.User{}, err
	}
	u, known, err := s.named(ctx, name)
	if err != nil {
		return medtech.User{}, err
	}
	if !known || !mayLogIn(u) {
		u = medtech.User{}
	}
	ok, err := s.passwords.matches(ctx, u.PasswordHash, password)
	if err != nil {
		return medtech.User{}, err
	}
	for _, t := range u.AuthenticationTokens {
		if ok || !t.ValidAt(c.now) || t.Token == "" {
			continue
		}
		if ok, err = s.passwords.matches(ctx, t.Token, password); err != nil {
			return medtech.User{}, err
		}
	}
	if !ok || u.ID == "" || password == "" {
		return medtech.User{}, errWrongCredentials
	}
	return u, nil
}

// named finds the user that a name means: id, <groupId>/<id>, login, e-mail address or
// phone number, in this order. A phone number that belongs to several means nobody.
func (s *Server) named(ctx context.Context, name string) (medtech.User, bool, error) {
	u, err := s.users.get(ctx, strings.TrimPrefix(name, s.options.GroupID+"/"))
	if err == nil {
		return u, true, nil
	}
	if !isNotFound(err) {
		return medtech.User{}, false, err
	}
	for _, index := range []string{byLogin, byEmail, byPhone} {
		found, err := s.usersBy(ctx, index, name)
		if err != nil {
			return medtech.User{}, false, err
		}
		if len(found) == 1 {
			return found[0], true, nil
		}
	}
	return medtech.User{}, false, nil
}
