package backend

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"slate/backend/docstore"
	"slate/medtech"
)

// settings are the few documents that the server keeps for itself.
type settings struct{ store docstore.Store }

const settingsDB = "setting"

type storedKey struct {
	Key     []byte            `json:"key"`
	Created medtech.Timestamp `json:"created"`
}

// jwtKey reads the key of the session tokens and makes it on the first start. When
// two processes start at once, the one that comes second takes the key of the first.
func (s settings) jwtKey(ctx context.Context, now time.Time) ([]byte, error) {
	fresh := storedKey{Key: make([]byte, 32), Created: medtech.TimestampOf(now)}
	if _, err := rand.Read(fresh.Key); err != nil {
		return nil, err
	}
	_, err := s.create(ctx, "jwt-key", fresh)
	if err != nil {
		return nil, err
	}
	var stored storedKey
	d, err := s.store.Get(ctx, settingsDB, "jwt-key")
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(d.Body, &stored); err != nil {
		return nil, err
	}
	if len(stored.Key) < 32 {
		return nil, fmt.Errorf("the stored key has %d bytes, it needs 32", len(stored.Key))
	}
	return stored.Key, nil
}

// create writes a setting unless there is one, and tells whether it did.
func (s settings) create(ctx context.Context, id string, value any) (bool, error) {
	body, err := json.Marshal(value)
	if err != nil {
		return false, err
	}
	_, err = s.store.Put(ctx, settingsDB, docstore.Doc{ID: id, Body: body})
	if errors.Is(err, docstore.ErrConflict) {
		return false, nil
	}
	return err == nil, err
}

// exists tells whether there is a setting.
func (s settings) exists(ctx context.Context, id string) (bool, error) {
	_, err := s.store.Get(ctx, settingsDB, id)
	if errors.Is(err, docstore.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}
