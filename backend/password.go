package backend

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"

	"slate/medtech"
)

// passwords hashes and checks secrets, as many at once as there are cores: a hash
// takes 19 MiB and a core for some 40 ms.
type passwords struct {
	parameters Argon2
	slots      chan struct{}
	unknown    string // a hash that no password matches, checked for users that do not exist
}

const (
	saltBytes = 16
	hashBytes = 32
	// strongToken is the length from which a token cannot be guessed, so that a plain
	// digest protects it; a UUID has 36 characters.
	strongToken = 32
	digestMark  = "$sha256$"
)

var errHashFormat = errors.New("backend: a stored password is in no known format")

func newPasswords(parameters Argon2, cores int) *passwords {
	p := &passwords{parameters: parameters, slots: make(chan struct{}, cores)}
	p.unknown = p.format(make([]byte, saltBytes), make([]byte, hashBytes))
	return p
}

// hash makes the stored form of a password.
func (p *passwords) hash(ctx context.Context, password medtech.Secret) (medtech.Secret, error) {
	salt := make([]byte, saltBytes)
	if _, err := rand.Read(salt); err != nil {
		return "", err
	}
	key, err := p.derive(ctx, password, salt, p.parameters, hashBytes)
	if err != nil {
		return "", err
	}
	return medtech.Secret(p.format(salt, key)), nil
}

// hashToken makes the stored form of a token. A token that is long enough needs no
// slow hash, and is checked with each log-in of its user.
func (p *passwords) hashToken(ctx context.Context, token medtech.Secret) (medtech.Secret, error) {
	if len(token) < strongToken {
		return p.hash(ctx, token)
	}
	return medtech.Secret(digest(token)), nil
}

func digest(token medtech.Secret) string {
	sum := sha256.Sum256([]byte(token.Reveal()))
	return digestMark + base64.RawStdEncoding.EncodeToString(sum[:])
}

// matches tells whether a stored hash is the hash of a password. With an empty stored
// hash it takes as long as otherwise and says no.
func (p *passwords) matches(ctx context.Context, stored, password medtech.Secret) (bool, error) {
	encoded := stored.Reveal()
	if strings.HasPrefix(encoded, digestMark) {
		return subtle.ConstantTimeCompare([]byte(encoded), []byte(digest(password))) == 1, nil
	}
	known := encoded != ""
	if !known {
		encoded = p.unknown
	}
	parameters, salt, want, err := parseHash(encoded)
	if err != nil {
		return false, err
	}
	got, err := p.derive(ctx, password, salt, parameters, uint32(len(want)))
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1 && known, nil
}

// derive runs Argon2id when a core is free for it.
func (p *passwords) derive(ctx context.Context, password medtech.Secret, salt []byte, a Argon2, size uint32) ([]byte, error) {
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey([]byte(password.Reveal()), salt, a.Iterations, a.MemoryKiB, a.Threads, size), nil
}

// format writes the usual text form, $argon2id$v=19$m=…,t=…,p=…$salt$hash.
func (p *passwords) format(salt, key []byte) string {
	a, b64 := p.parameters, base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, a.MemoryKiB, a.Iterations, a.Threads, b64.EncodeToString(salt), b64.EncodeToString(key))
}

func parseHash(encoded string) (a Argon2, salt, key []byte, err error) {
	fields := strings.Split(encoded, "$")
	var version int
	if len(fields) != 6 || fields[0] != "" || fields[1] != "argon2id" {
		return a, nil, nil, errHashFormat
	}
	if _, err := fmt.Sscanf(fields[2], "v=%d", &version); err != nil || version != argon2.Version {
		return a, nil, nil, errHashFormat
	}
	if _, err := fmt.Sscanf(fields[3], "m=%d,t=%d,p=%d", &a.MemoryKiB, &a.Iterations, &a.Threads); err != nil {
		return a, nil, nil, errHashFormat
	}
	salt, errSalt := base64.RawStdEncoding.DecodeString(fields[4])
	key, errKey := base64.RawStdEncoding.DecodeString(fields[5])
	if errSalt != nil || errKey != nil || a.MemoryKiB > 1<<20 || a.Iterations < 1 || a.Iterations > 64 || a.Threads < 1 || len(key) < 16 || len(key) > 64 {
		return a, nil, nil, errHashFormat
	}
	return a, salt, key, nil
}
