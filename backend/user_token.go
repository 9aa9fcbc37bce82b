package backend

import (
	"context"
	"net/http"
	"strconv"

	"github.com/google/uuid"

	"slate/medtech"
)

const (
	defaultValidity = 3600              // seconds
	maxValidity     = 100 * 365 * 86400 // seconds; the protocol's clients ask for ten years
	shortToken      = 10                // characters below which a token can be guessed
	shortValidity   = 600               // seconds that such a token lives at most
	maxTokens       = 200               // of one user
)

// createToken implements POST user/token/{identifier}/{key} (icure.md 2.4). The same
// key replaces its token. The answer is the only place where the token is seen.
func (s *Server) createToken(c *call, _ nothing) (string, error) {
	validity := int64(defaultValidity)
	if text := c.URL.Query().Get("tokenValidity"); text != "" {
		var err error
		if validity, err = strconv.ParseInt(text, 10, 64); err != nil {
			return "", badRequest("tokenValidity must be a whole number of seconds, or -1 for ever")
		}
	}
	u, known, err := s.named(c.Context(), c.PathValue("identifier"))
	if err != nil {
		return "", err
	}
	if err := mayManage(c.user, u.ID); err != nil { // also for a name that nobody has
		return "", err
	}
	if !known || u.DeletionDate != 0 {
		return "", &statusError{status: http.StatusNotFound, message: "There is no such user"}
	}
	token := medtech.Secret(c.Header.Get("Token"))
	if token == "" {
		token = medtech.Secret(uuid.NewString())
	}
	_, err = s.modify(c.Context(), u.ID, func(u *medtech.User) error {
		return s.addToken(c.Context(), u, c.PathValue("key"), token, validity, c.now)
	})
	if err != nil {
		return "", err
	}
	return token.Reveal(), nil
}

// addToken hashes a token into a user, in place of one with the same key. A token
// short enough to be guessed lives ten minutes at most.
func (s *Server) addToken(ctx context.Context, u *medtech.User, key string, token medtech.Secret, validity int64, now medtech.Timestamp) error {
	if validity < -1 || validity == 0 || validity > maxValidity {
		return badRequest("The validity of a token is 1 to %d seconds, or -1 for ever", maxValidity)
	}
	if len(token) < shortToken && (validity < 0 || validity > shortValidity) {
		validity = shortValidity
	}
	if _, replaced := u.AuthenticationTokens[key]; !replaced && len(u.AuthenticationTokens) >= maxTokens {
		return badRequest("This user has %d tokens already, which is the most: delete some", maxTokens)
	}
	hash, err := s.passwords.hashToken(ctx, token)
	if err != nil {
		return err
	}
	if u.AuthenticationTokens == nil {
		u.AuthenticationTokens = map[string]medtech.AuthenticationToken{}
	}
	u.AuthenticationTokens[key] = medtech.AuthenticationToken{Token: hash, CreationTime: now, Validity: validity}
	return nil
}

// checkToken implements GET user/token/{id} with the token in the header of that
// name: false for one that is wrong or has expired.
func (s *Server) checkToken(c *call, _ nothing) (bool, error) {
	if err := mayManage(c.user, c.PathValue("id")); err != nil {
		return false, err
	}
	u, err := s.users.get(c.Context(), c.PathValue("id"))
	if err != nil {
		return false, err
	}
	token := medtech.Secret(c.Header.Get("Token"))
	if token == "" || !mayLogIn(u) {
		return false, nil
	}
	for _, t := range u.AuthenticationTokens {
		if !t.ValidAt(c.now) || t.Token == "" {
			continue
		}
		if ok, err := s.passwords.matches(c.Context(), t.Token, token); ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}
