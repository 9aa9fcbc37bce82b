package petra

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"sync"
)

// NewMemoryVault returns a vault whose key lives in memory: it opens what it sealed until the process ends.
func NewMemoryVault() Vault { return &memoryVault{} }

type memoryVault struct {
	mu   sync.Mutex
	aead cipher.AEAD
}

func (v *memoryVault) Seal(_ context.Context, plain []byte) ([]byte, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.aead == nil {
		key := make([]byte, 32)
		rand.Read(key) // never fails
		block, err := aes.NewCipher(key)
		if err != nil {
			return nil, err
		}
		if v.aead, err = cipher.NewGCMWithRandomNonce(block); err != nil {
			return nil, err
		}
	}
	return v.aead.Seal(nil, nil, plain, nil), nil
}

func (v *memoryVault) Open(_ context.Context, sealed []byte) ([]byte, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.aead == nil {
		return nil, ErrSealed
	}
	plain, err := v.aead.Open(nil, nil, sealed, nil)
	if err != nil {
		return nil, errors.Join(ErrSealed, err)
	}
	return plain, nil
}

func (v *memoryVault) Forget(context.Context) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.aead = nil
	return nil
}
