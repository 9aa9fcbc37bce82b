package backend

import (
	"crypto/rand"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"slate/medtech"
)

// sessions makes and checks session tokens: JWTs that this server signs for itself.
type sessions struct {
	key              []byte
	now              func() time.Time
	lifetime         time.Duration
	refreshLifetime  time.Duration
	access, renewing *jwt.Parser
}

// A session token and a refresh token differ in their audience, so that neither works
// as the other.
const (
	issuer          = "slate"
	audienceAccess  = "slate:access"
	audienceRefresh = "slate:refresh"
)

// claims are those of iCure's tokens.
type claims struct {
	User          string                `json:"u"`
	DataOwner     string                `json:"doId,omitempty"`
	DataOwnerType medtech.DataOwnerType `json:"doTp,omitempty"`
	jwt.RegisteredClaims
}

func newSessions(key []byte, o Options) *sessions {
	parser := func(audience string) *jwt.Parser {
		return jwt.NewParser(
			jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
			jwt.WithIssuer(issuer), jwt.WithAudience(audience),
			jwt.WithExpirationRequired(), jwt.WithTimeFunc(o.Now))
	}
	return &sessions{
		key: key, now: o.Now, lifetime: o.TokenLifetime, refreshLifetime: o.RefreshLifetime,
		access: parser(audienceAccess), renewing: parser(audienceRefresh),
	}
}

// token makes the session token of a user.
func (s *sessions) token(u medtech.User) (medtech.Secret, error) {
	return s.sign(u, audienceAccess, s.lifetime)
}

// refreshToken makes the token for which a new session token can be had.
func (s *sessions) refreshToken(u medtech.User) (medtech.Secret, error) {
	return s.sign(u, audienceRefresh, s.refreshLifetime)
}

func (s *sessions) sign(u medtech.User, audience string, lifetime time.Duration) (medtech.Secret, error) {
	now := s.now()
	text, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims{
		User: u.ID, DataOwner: u.DataOwnerID(), DataOwnerType: u.DataOwnerType(),
		RegisteredClaims: jwt.RegisteredClaims{
			ID: rand.Text(), Issuer: issuer, Audience: jwt.ClaimStrings{audience},
			IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(lifetime)),
		},
	}).SignedString(s.key)
	return medtech.Secret(text), err
}

// user answers whose session token it is.
func (s *sessions) user(token string) (id string, err error) { return s.check(s.access, token) }

// refreshing answers whose refresh token it is.
func (s *sessions) refreshing(token string) (id string, err error) { return s.check(s.renewing, token) }

func (s *sessions) check(p *jwt.Parser, token string) (string, error) {
	var c claims
	if _, err := p.ParseWithClaims(token, &c, func(*jwt.Token) (any, error) { return s.key, nil }); err != nil {
		return "", err
	}
	return c.User, nil
}
