package backend

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"testing"

	"slate/medtech"
)

func TestStoredPasswords(t *testing.T) {
	p := newPasswords(Argon2{MemoryKiB: 64, Iterations: 1, Threads: 1}, 2)
	ctx := t.Context()
	hash, err := p.hash(ctx, "correct horse")
	if err != nil || !strings.HasPrefix(hash.Reveal(), "$argon2id$v=19$m=64,t=1,p=1$") {
		t.Fatalf("%s, %v", hash.Reveal(), err)
	}
	again, err := p.hash(ctx, "correct horse")
	if err != nil || again == hash {
		t.Errorf("two hashes of one password are equal, or %v", err)
	}
	token, err := p.hashToken(ctx, medtech.Secret(strings.Repeat("t", strongToken)))
	if err != nil || !strings.HasPrefix(token.Reveal(), digestMark) {
		t.Errorf("%v", err)
	}
	stronger := newPasswords(Argon2{MemoryKiB: 128, Iterations: 2, Threads: 2}, 2)
	for name, c := range map[string]struct {
		stored, given medtech.Secret
		want          bool
	}{
		"right":                 {hash, "correct horse", true},
		"wrong":                 {hash, "correct horsf", false},
		"empty":                 {hash, "", false},
		"the hash itself":       {hash, hash, false},
		"no password stored":    {"", "", false},
		"no password stored 2":  {"", "x", false},
		"a token":               {token, medtech.Secret(strings.Repeat("t", strongToken)), true},
		"another token":         {token, medtech.Secret(strings.Repeat("u", strongToken)), false},
		"the digest of a token": {token, token, false},
	} {
		for who, checker := range map[string]*passwords{"same": p, "later": stronger} {
			if ok, err := checker.matches(ctx, c.stored, c.given); ok != c.want || err != nil {
				t.Errorf("%s, %s parameters: %t, %v", name, who, ok, err)
			}
		}
	}
	if _, err := p.matches(ctx, "plain text", "plain text"); !errors.Is(err, errHashFormat) {
		t.Errorf("a stored password that is no hash: %v", err)
	}
}

// No more hashes run at once than there are slots, and who waits can give up.
func TestPasswordSlots(t *testing.T) {
	p := newPasswords(Argon2{MemoryKiB: 64, Iterations: 1, Threads: 1}, 1)
	p.slots <- struct{}{}
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		if _, err := p.hash(ctx, "x"); !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
		// For a user without a password, or who does not exist, a hash is made all the same.
		if _, err := p.matches(ctx, "", "x"); !errors.Is(err, context.Canceled) {
			t.Errorf("an unknown user costs no hash: %v", err)
		}
	})
	runtime.Gosched()
	cancel()
	wg.Wait()
	<-p.slots
	if _, err := p.hash(t.Context(), "x"); err != nil {
		t.Error(err)
	}
}

func FuzzParseHash(f *testing.F) {
	p := newPasswords(Argon2{MemoryKiB: 19456, Iterations: 2, Threads: 1}, 1)
	f.Add(p.unknown)
	f.Add("$argon2id$v=19$m=4294967295,t=1,p=1$AAAA$AAAA")
	f.Add("$argon2id$v=19$m=1,t=0,p=0$$")
	f.Fuzz(func(t *testing.T, encoded string) {
		a, salt, key, err := parseHash(encoded)
		if err != nil {
			return
		}
		if a.MemoryKiB > 1<<20 || a.Iterations < 1 || a.Iterations > 64 || a.Threads < 1 || len(key) < 16 {
			t.Fatalf("%q gives %+v", encoded, a)
		}
		again, salt2, key2, err := parseHash((&passwords{parameters: a}).format(salt, key))
		if err != nil || again != a || string(salt2) != string(salt) || string(key2) != string(key) {
			t.Fatalf("%q does not survive: %v", encoded, err)
		}
	})
}

// The parameters are the default ones: 19 MiB, 2 iterations, 1 thread.
func BenchmarkPassword(b *testing.B) {
	p := newPasswords(Argon2{MemoryKiB: 19 * 1024, Iterations: 2, Threads: 1}, 1)
	for b.Loop() {
		if _, err := p.hash(b.Context(), "correct horse"); err != nil {
			b.Fatal(err)
		}
	}
}
