//go:build !js

package encrypted

import (
	"context"
	std "crypto/pbkdf2"
)

// newKDF is the second choice of RFC 9106, for where 2 GiB are too much.
func newKDF() kdf { return kdf{Name: argon2id, Salt: newSalt(), Rounds: 3, Memory: 64 << 10, Lanes: 4} }

func derivePBKDF2(_ context.Context, passphrase string, salt []byte, rounds int) ([]byte, error) {
	return std.Key(pbkdf2Hash, passphrase, salt, rounds, KeySize)
}
