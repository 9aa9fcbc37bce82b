package encrypted

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"fmt"
	"log/slog"

	"slate/store/persist"
)

// Key encrypts what a storage holds, by AES-256-GCM. Make it with [NewKey] or [PassphraseKey]. It does not
// show what it is made of, neither printed nor logged nor as JSON. It is safe for concurrent use.
type Key struct{ *secret }

// secret is a key in the form in which it is used.
type secret struct {
	gcm cipher.AEAD
	fast
}

// KeySize is the length of a key in bytes.
const KeySize = 32

// sealHead begins what is sealed. It names the format; the storage's key and these bytes are authenticated with the value.
const sealHead = "slate-sealed 1\n"

// ErrKeySize says that a key has not KeySize bytes.
var ErrKeySize = fmt.Errorf("encrypted: a key has %d bytes; make it with crypto/rand, or a PassphraseKey of what a person types", KeySize)

// SealedError is a [persist.ErrSealed] with the name of the value: the key is another one, somebody has changed the value or
// put it under another name, or it was never sealed.
type SealedError struct{ Key string }

// Error implements error.
func (e *SealedError) Error() string {
	return fmt.Sprintf("encrypted: the stored value of %q cannot be opened: either the key is another one or the value was changed; it is kept as it is", e.Key)
}

// Is makes the error a [persist.ErrSealed].
func (e *SealedError) Is(target error) bool { return target == persist.ErrSealed }

// NewKey makes a key of [KeySize] random bytes, which the caller keeps in a safe place, such as the system's key ring. It
// returns ErrKeySize for any other number of bytes.
func NewKey(raw []byte) (Key, error) {
	if len(raw) != KeySize {
		return Key{}, ErrKeySize
	}
	block, err := aes.NewCipher(raw)
	if err != nil {
		return Key{}, err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return Key{}, err
	}
	return Key{&secret{gcm: gcm, fast: newFast(raw)}}, nil
}

// String hides the key.
func (Key) String() string { return "encrypted.Key(hidden)" }

// GoString hides the key.
func (k Key) GoString() string { return k.String() }

// Format hides the key from every verb.
func (k Key) Format(f fmt.State, _ rune) { fmt.Fprint(f, k.String()) }

// LogValue hides the key from log/slog.
func (k Key) LogValue() slog.Value { return slog.StringValue(k.String()) }

// MarshalText hides the key from encoding/json and its like.
func (k Key) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// seal encrypts a value for one storage key.
func (k Key) seal(ctx context.Context, name string, plain []byte) ([]byte, error) {
	nonce := make([]byte, k.gcm.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return nil, err
	}
	out := make([]byte, 0, len(sealHead)+len(nonce)+len(plain)+k.gcm.Overhead())
	out = append(append(out, sealHead...), nonce...)
	if k.prefers(len(plain)) {
		sealed, err := k.encrypt(ctx, nonce, plain, additional(name))
		return append(out, sealed...), err
	}
	return k.gcm.Seal(out, nonce, plain, additional(name)), nil
}

// open decrypts what seal made for the same storage key. The error is a *SealedError, or that of ctx.
func (k Key) open(ctx context.Context, name string, sealed []byte) ([]byte, error) {
	body := len(sealHead) + k.gcm.NonceSize()
	if len(sealed) < body || string(sealed[:len(sealHead)]) != sealHead {
		return nil, &SealedError{name}
	}
	nonce, sealed := sealed[len(sealHead):body], sealed[body:]
	var plain []byte
	var err error
	if k.prefers(len(sealed)) {
		plain, err = k.decrypt(ctx, nonce, sealed, additional(name))
	} else {
		plain, err = k.gcm.Open([]byte{}, nonce, sealed, additional(name))
	}
	switch {
	case ctx.Err() != nil && err != nil:
		return nil, context.Cause(ctx)
	case err != nil:
		return nil, &SealedError{name}
	}
	return plain, nil
}

func additional(name string) []byte { return []byte(sealHead + name) }
