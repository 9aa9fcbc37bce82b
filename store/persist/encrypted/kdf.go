package encrypted

import (
	"context"
	"crypto/rand"
	"crypto/sha256"

	"golang.org/x/crypto/argon2"
)

// kdf is a way to derive a key from a passphrase, with its parameters.
type kdf struct {
	Name   string `json:"kdf"`
	Salt   []byte `json:"salt"`
	Rounds uint32 `json:"rounds"`           // passes of Argon2id, iterations of PBKDF2
	Memory uint32 `json:"memory,omitempty"` // KiB, of Argon2id
	Lanes  uint8  `json:"lanes,omitempty"`  // of Argon2id
}

const (
	argon2id = "argon2id"
	pbkdf2   = "pbkdf2-sha256"
)

func newSalt() []byte {
	salt := make([]byte, 16)
	if _, err := rand.Read(salt); err != nil {
		panic(err) // crypto/rand never fails where Go runs
	}
	return salt
}

// sane reports whether the parameters are ones that a version of this program may have chosen: a record that somebody
// changed must not take a machine's memory or hours of its time.
func (k kdf) sane() bool {
	if len(k.Salt) < 8 || len(k.Salt) > 1024 || k.Rounds == 0 {
		return false
	}
	switch k.Name {
	case argon2id:
		return k.Rounds <= 16 && k.Memory >= 8 && k.Memory <= 1<<20 && k.Lanes > 0 && k.Lanes <= 16
	case pbkdf2:
		return k.Rounds <= 10_000_000
	default:
		return false
	}
}

func (k kdf) derive(ctx context.Context, passphrase string) (Key, error) {
	if ctx.Err() != nil {
		return Key{}, context.Cause(ctx)
	}
	var raw []byte
	var err error
	if k.Name == argon2id {
		raw = argon2.IDKey([]byte(passphrase), k.Salt, k.Rounds, k.Memory, k.Lanes, KeySize)
	} else {
		raw, err = derivePBKDF2(ctx, passphrase, k.Salt, int(k.Rounds))
	}
	if err != nil {
		return Key{}, err
	}
	return NewKey(raw)
}

// pbkdf2Hash is the hash function of the PBKDF2 that is used here.
var pbkdf2Hash = sha256.New
