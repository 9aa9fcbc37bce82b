package encrypted

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"

	"slate/store/persist"
)

// recordKey is where the record of a passphrase is stored, beside the values that it protects.
const recordKey = "slate.key"

var (
	// ErrPassphrase says that the passphrase is not the one that the storage's key was made with. What is stored stays as it
	// is; ask again.
	ErrPassphrase = errors.New("encrypted: the passphrase is wrong")

	// ErrRecord says that the stored record of a passphrase is damaged, made by a newer version of the program, or missing
	// beside values that are sealed. Without
	// it nothing can be decrypted, so it is left alone: bring it back from a copy of the storage.
	ErrRecord = errors.New(`encrypted: the record "slate.key" of how the key is made cannot be read; restore it from a copy`)

	errReserved = fmt.Errorf("%w: %q holds how the key is made", persist.ErrKey, recordKey)
)

// record says how a passphrase opens the storage. The values are encrypted with a random key; the record holds that key,
// encrypted with one that is derived from the passphrase. So a new passphrase is a new record, and no value is touched.
type record struct {
	kdf
	Key []byte `json:"key"` // sealed
}

// PassphraseKey returns the key that a passphrase opens in a storage, for [New]. The first call makes the key and
// stores beside the values how the passphrase opens it; two programs that do so at once end with the same key. Later calls
// return [ErrPassphrase] for another passphrase. Where there are sealed values and no record of their key, it is [ErrRecord].
//
// The passphrase is stretched by Argon2id (RFC 9106, 64 MiB, 3 passes), which takes about 0.1 s. In the browser a new
// record uses the browser's own PBKDF2 instead (SHA-256, 600,000 rounds): Argon2id in WebAssembly takes most of a second,
// in which the page stands still, and memory that is never given back. A record names its method and its parameters, and
// either platform reads both. The bytes of the passphrase count: normalise it where it can be typed in more than one way.
func PassphraseKey(ctx context.Context, s persist.Storage, passphrase string) (Key, error) {
	for {
		key, found, err := readRecord(ctx, s, passphrase)
		if found || err != nil {
			return key, err
		}
		if sealed, err := hasSealed(ctx, s); err != nil {
			return Key{}, err
		} else if sealed { // unless another program has just made the record
			if key, found, err := readRecord(ctx, s, passphrase); found || err != nil {
				return key, err
			}
			return Key{}, ErrRecord
		}
		raw := make([]byte, KeySize)
		if _, err := rand.Read(raw); err != nil {
			return Key{}, err
		}
		data, err := makeRecord(ctx, passphrase, raw)
		if err != nil {
			return Key{}, err
		}
		switch err := s.Apply(ctx, persist.Create(recordKey, data)); {
		case err == nil:
			return NewKey(raw)
		case !errors.Is(err, persist.ErrExists):
			return Key{}, err
		}
	}
}

// ChangePassphrase lets a new passphrase open the storage's key in the place of the old one. The key and the values stay
// as they are, and storages that are open go on. The errors are those of [PassphraseKey].
func ChangePassphrase(ctx context.Context, s persist.Storage, old, new string) error {
	raw, found, err := openRecord(ctx, s, old)
	switch {
	case err != nil:
		return err
	case !found:
		_, err := PassphraseKey(ctx, s, new)
		return err
	}
	data, err := makeRecord(ctx, new, raw)
	if err != nil {
		return err
	}
	return s.Apply(ctx, persist.Put(recordKey, data))
}

// hasSealed reports whether the storage holds a value that some key has sealed: a new one would not open it.
func hasSealed(ctx context.Context, s persist.Storage) (bool, error) {
	keys, err := s.Keys(ctx)
	if err != nil {
		return false, err
	}
	for _, key := range keys {
		value, _, err := s.Get(ctx, key)
		if err != nil || bytes.HasPrefix(value, []byte(sealHead)) {
			return err == nil, err
		}
	}
	return false, nil
}

func readRecord(ctx context.Context, s persist.Storage, passphrase string) (key Key, found bool, err error) {
	raw, found, err := openRecord(ctx, s, passphrase)
	if !found || err != nil {
		return Key{}, found, err
	}
	key, err = NewKey(raw)
	return key, true, err
}

// openRecord returns the key's bytes; found is false where no record is stored.
func openRecord(ctx context.Context, s persist.Storage, passphrase string) (raw []byte, found bool, err error) {
	data, found, err := s.Get(ctx, recordKey)
	if !found || err != nil {
		return nil, false, err
	}
	r, err := parseRecord(data)
	if err != nil {
		return nil, true, err
	}
	outer, err := r.derive(ctx, passphrase)
	if err != nil {
		return nil, true, err
	}
	raw, err = outer.open(ctx, recordKey, r.Key)
	switch {
	case errors.Is(err, persist.ErrSealed):
		return nil, true, ErrPassphrase
	case err == nil && len(raw) != KeySize:
		return nil, true, ErrRecord
	}
	return raw, true, err
}

func makeRecord(ctx context.Context, passphrase string, raw []byte) ([]byte, error) {
	r := record{kdf: newKDF()}
	outer, err := r.derive(ctx, passphrase)
	if err != nil {
		return nil, err
	}
	if r.Key, err = outer.seal(ctx, recordKey, raw); err != nil {
		return nil, err
	}
	return json.Marshal(r)
}

func parseRecord(data []byte) (r record, err error) {
	if err := json.Unmarshal(data, &r); err != nil || !r.sane() {
		return r, ErrRecord
	}
	return r, nil
}
