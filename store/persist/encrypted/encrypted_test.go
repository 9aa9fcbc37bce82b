package encrypted_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"slate/store/persist"
	"slate/store/persist/encrypted"
	"slate/store/persist/persisttest"
)

func TestEncryptedIsAStorage(t *testing.T) {
	key := newKey(t, 7)
	persisttest.Run(t, persisttest.Subject{Open: func(context.Context) (persist.Storage, error) {
		return renamed{encrypted.New(&persist.Memory{}, key)}, nil
	}})
}

// renamed moves the one key that Encrypted keeps for itself out of the suite's way.
type renamed struct{ persist.Storage }

func (r renamed) Get(ctx context.Context, key string) ([]byte, bool, error) {
	return r.Storage.Get(ctx, rename(key))
}

func (r renamed) Apply(ctx context.Context, changes ...persist.Change) error {
	for i := range changes {
		changes[i].Key = rename(changes[i].Key)
	}
	return r.Storage.Apply(ctx, changes...)
}

func (r renamed) Keys(ctx context.Context) ([]string, error) {
	keys, err := r.Storage.Keys(ctx)
	for i := range keys {
		keys[i] = rename(keys[i])
	}
	return keys, err
}

func rename(key string) string {
	switch key {
	case "slate.key":
		return "slate.kez"
	case "slate.kez":
		return "slate.key"
	}
	return key
}

func TestNothingIsStoredInTheClear(t *testing.T) {
	var inner persist.Memory
	s := encrypted.New(&inner, newKey(t, 1))
	plain := strings.Repeat("the secret plans ", 1000)
	apply(t, s, persist.Put("plans", []byte(plain)))
	first, _, _ := inner.Get(t.Context(), "plans")
	apply(t, s, persist.Put("plans", []byte(plain)))
	second, _, _ := inner.Get(t.Context(), "plans")
	if bytes.Contains(first, []byte("secret")) || bytes.Equal(first, second) {
		t.Error("the value can be read, or is encrypted the same way twice")
	}
	wantValue(t, s, "plans", plain)
}

func TestWhatDoesNotOpenIsKept(t *testing.T) {
	var inner persist.Memory
	s := encrypted.New(&inner, newKey(t, 1))
	for _, size := range []int{0, 10, 100_000} { // small ones and large ones take different ways in the browser
		apply(t, s, persist.Put("a", bytes.Repeat([]byte("a"), size)), persist.Put("b", bytes.Repeat([]byte("b"), size)))
		good, _, _ := inner.Get(t.Context(), "a")
		other, _, _ := inner.Get(t.Context(), "b")
		flip := func(at int) []byte { c := bytes.Clone(good); c[at] ^= 1; return c }
		for name, tampered := range map[string][]byte{
			"first byte": flip(0), "format": flip(13), "nonce": flip(16), "last byte": flip(len(good) - 1),
			"shorter": good[:len(good)-1], "longer": append(bytes.Clone(good), 0), "empty": {}, "head only": good[:15],
			"another key's value": other, "plain": []byte("slate 1 1 json 00000000\n{}"),
		} {
			apply(t, &inner, persist.Put("a", tampered))
			_, ok, err := s.Get(t.Context(), "a")
			sealed, typed := errors.AsType[*encrypted.SealedError](err)
			if ok || !errors.Is(err, persist.ErrSealed) || !typed || sealed.Key != "a" {
				t.Errorf("%d bytes, %s: %v, %v", size, name, ok, err)
			}
			if kept, _, _ := inner.Get(t.Context(), "a"); !bytes.Equal(kept, tampered) {
				t.Errorf("%s: the stored value was changed", name)
			}
		}
		apply(t, &inner, persist.Put("a", good))
		if _, _, err := encrypted.New(&inner, newKey(t, 2)).Get(t.Context(), "a"); !errors.Is(err, persist.ErrSealed) {
			t.Errorf("another key: %v", err)
		}
	}
}

func TestKeysAreNotShown(t *testing.T) {
	raw := []byte("0123456789abcdef0123456789abcdef")
	k, err := encrypted.NewKey(raw)
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "key", k)
	inJSON, err := json.Marshal(struct{ K encrypted.Key }{k})
	if err != nil {
		t.Fatal(err)
	}
	for _, shown := range []string{
		fmt.Sprint(k), fmt.Sprintf("%v %+v %#v %s %x %d %q", k, k, k, k, k, k, k), fmt.Sprintf("%+v", struct{ K encrypted.Key }{k}),
		log.String(), string(inJSON),
	} {
		if !strings.Contains(shown, "hidden") || strings.Contains(shown, "0123") || strings.Contains(shown, "30313233") {
			t.Errorf("shown as %s", shown)
		}
	}
	if _, err := encrypted.NewKey(raw[1:]); !errors.Is(err, encrypted.ErrKeySize) {
		t.Errorf("a short key: %v", err)
	}
}

func TestPassphrase(t *testing.T) {
	ctx := t.Context()
	var inner persist.Memory
	open := func(passphrase string) persist.Storage {
		t.Helper()
		key, err := encrypted.PassphraseKey(ctx, &inner, passphrase)
		if err != nil {
			t.Fatal(err)
		}
		return encrypted.New(&inner, key)
	}
	s := open("correct horse")
	apply(t, s, persist.Put("a", []byte("1")))
	wantKeys(t, s, "a")
	wantValue(t, open("correct horse"), "a", "1")
	for _, wrong := range []string{"", "Correct horse"} {
		if _, err := encrypted.PassphraseKey(ctx, &inner, wrong); !errors.Is(err, encrypted.ErrPassphrase) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	if err := encrypted.ChangePassphrase(ctx, &inner, "wrong", "new"); !errors.Is(err, encrypted.ErrPassphrase) {
		t.Errorf("changed with a wrong one: %v", err)
	}
	if err := encrypted.ChangePassphrase(ctx, &inner, "correct horse", "battery staple"); err != nil {
		t.Fatal(err)
	}
	if _, err := encrypted.PassphraseKey(ctx, &inner, "correct horse"); !errors.Is(err, encrypted.ErrPassphrase) {
		t.Errorf("the old one: %v", err)
	}
	wantValue(t, open("battery staple"), "a", "1")
	wantValue(t, s, "a", "1")

	for _, err := range []error{
		s.Apply(ctx, persist.Put("slate.key", nil)),
		func() error { _, _, err := s.Get(ctx, "slate.key"); return err }(),
	} {
		if !errors.Is(err, persist.ErrKey) {
			t.Errorf("the record through the encrypted storage: %v", err)
		}
	}
	wantValue(t, open("battery staple"), "a", "1")
}

// A record that is missing is not replaced by one whose key opens nothing.
func TestAMissingRecord(t *testing.T) {
	var s persist.Memory
	key, err := encrypted.PassphraseKey(t.Context(), &s, "right")
	if err != nil {
		t.Fatal(err)
	}
	apply(t, encrypted.New(&s, key), persist.Put("a", []byte("1")))
	apply(t, &s, persist.Delete("slate.key"), persist.Put("b", []byte("plain")))
	for name, err := range map[string]error{
		"PassphraseKey":    func() error { _, err := encrypted.PassphraseKey(t.Context(), &s, "right"); return err }(),
		"ChangePassphrase": encrypted.ChangePassphrase(t.Context(), &s, "right", "new"),
	} {
		if !errors.Is(err, encrypted.ErrRecord) {
			t.Errorf("%s: %v", name, err)
		}
	}
	wantKeys(t, &s, "a", "b")
	apply(t, &s, persist.Delete("a"))
	if _, err := encrypted.PassphraseKey(t.Context(), &s, "new"); err != nil {
		t.Errorf("with plain values: %v", err)
	}
}

// Records of one platform open on the other, and those of nobody are left alone.
func TestPassphraseRecords(t *testing.T) {
	const value = `c2xhdGUtc2VhbGVkIDEK`
	for name, tc := range map[string]struct {
		record string
		want   error
	}{
		"argon2id":          {`{"kdf":"argon2id","salt":"MTIzNDU2Nzg=","rounds":1,"memory":64,"lanes":1,"key":"` + value + `"}`, encrypted.ErrPassphrase},
		"pbkdf2":            {`{"kdf":"pbkdf2-sha256","salt":"MTIzNDU2Nzg=","rounds":1000,"key":"` + value + `"}`, encrypted.ErrPassphrase},
		"unknown":           {`{"kdf":"scrypt","salt":"MTIzNDU2Nzg=","rounds":1000,"key":""}`, encrypted.ErrRecord},
		"too much memory":   {`{"kdf":"argon2id","salt":"MTIzNDU2Nzg=","rounds":1,"memory":4000000,"lanes":1,"key":""}`, encrypted.ErrRecord},
		"too much work":     {`{"kdf":"pbkdf2-sha256","salt":"MTIzNDU2Nzg=","rounds":4000000000,"key":""}`, encrypted.ErrRecord},
		"no lanes":          {`{"kdf":"argon2id","salt":"MTIzNDU2Nzg=","rounds":1,"memory":64,"key":""}`, encrypted.ErrRecord},
		"no salt":           {`{"kdf":"pbkdf2-sha256","rounds":1000,"key":""}`, encrypted.ErrRecord},
		"not JSON":          {`hello`, encrypted.ErrRecord},
		"nothing":           {``, encrypted.ErrRecord},
		"a negative number": {`{"kdf":"pbkdf2-sha256","salt":"MTIzNDU2Nzg=","rounds":-1,"key":""}`, encrypted.ErrRecord},
	} {
		var s persist.Memory
		apply(t, &s, persist.Put("slate.key", []byte(tc.record)))
		if _, err := encrypted.PassphraseKey(t.Context(), &s, "x"); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
		wantValue(t, &s, "slate.key", tc.record)
	}
}
