package petra_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slate/slices/petra"
	"slate/store"
)

// texts is a storage that can be looked into and made to fail.
type texts struct {
	byKey  map[string]string
	fail   error
	others []func(key, text string) // who watches
}

func (s *texts) Load(key string) (string, bool, error) {
	text, ok := s.byKey[key]
	return text, ok, s.fail
}

func (s *texts) Save(key, text string) error {
	if s.fail == nil {
		s.byKey[key] = text
	}
	return s.fail
}

func (s *texts) Watch(fn func(key, text string)) (stop func()) {
	s.others = append(s.others, fn)
	i := len(s.others) - 1
	return func() { s.others[i] = func(string, string) {} }
}

func open(t *testing.T, storage petra.Storage) *store.Store {
	t.Helper()
	saved, err := petra.Load(storage)
	if err != nil {
		t.Fatal(err)
	}
	st, err := store.New(store.Options{Saved: saved}, petra.Slice)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	petra.Keep(st, storage)
	return st
}

func TestSavedStateSurvivesAReload(t *testing.T) {
	storage := &texts{byKey: map[string]string{}}
	st := open(t, storage)
	credentials := &petra.SavedCredentials{Login: "group/ada", TokenTimestamp: 7, Sealed: []byte{1, 2, 3}}
	st.Dispatch(petra.SetSavedCredentials(credentials))
	st.Dispatch(petra.SetTheme(petra.Dark))

	st = open(t, storage)
	if d := cmp.Diff(petra.State{SavedCredentials: credentials, Theme: petra.Dark}, petra.Slice.Of(st.State())); d != "" {
		t.Error(d)
	}
	st.Dispatch(petra.RevertAll())

	st = open(t, storage)
	if d := cmp.Diff(petra.State{Theme: petra.Dark}, petra.Slice.Of(st.State())); d != "" {
		t.Error("after the log-out:", d)
	}
}

func TestWhatAnotherTabSavesIsTakenOver(t *testing.T) {
	storage := &texts{byKey: map[string]string{}}
	st := open(t, storage)
	st.Dispatch(petra.SetSavedCredentials(&petra.SavedCredentials{Login: "group/ada"}))
	for _, text := range []string{"{broken", `{"theme":"dark"}`} {
		storage.others[0]("petra", text)
	}
	storage.others[0]("somebody else's", `{"theme":"light"}`)
	if d := cmp.Diff(petra.State{Theme: petra.Dark}, petra.Slice.Of(st.State())); d != "" {
		t.Error(d)
	}
	st.Close()
	storage.others[0]("petra", `{"theme":"light"}`)
	if got := petra.CurrentTheme.Of(st.State()); got != petra.Dark {
		t.Errorf("theme %q after the store was closed", got)
	}
}

func TestUnreadableStateIsPutAside(t *testing.T) {
	storage := &texts{byKey: map[string]string{"petra": "{broken"}}
	saved, err := petra.Load(storage)
	if saved != nil || err == nil || !strings.Contains(err.Error(), "put aside") {
		t.Fatalf("Load: %s, %v", saved, err)
	}
	if storage.byKey["petra.unreadable"] != "{broken" {
		t.Error("the unreadable text is lost")
	}
	storage.fail = errors.New("full")
	if _, err := petra.Load(storage); !errors.Is(err, storage.fail) {
		t.Errorf("Load from a failing storage: %v", err)
	}
}

func TestVault(t *testing.T) {
	ctx := t.Context()
	v := petra.NewMemoryVault()
	if _, err := v.Open(ctx, []byte("nothing was sealed")); !errors.Is(err, petra.ErrSealed) {
		t.Errorf("Open before Seal: %v", err)
	}
	secret := []byte("a token")
	sealed, err := v.Seal(ctx, secret)
	if err != nil {
		t.Fatal(err)
	}
	again, err := v.Seal(ctx, secret)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, secret) || bytes.Equal(sealed, again) {
		t.Error("sealing shows the text, or that two texts are equal")
	}
	if plain, err := v.Open(ctx, sealed); err != nil || !bytes.Equal(plain, secret) {
		t.Errorf("Open: %q, %v", plain, err)
	}
	for i := range sealed {
		changed := bytes.Clone(sealed)
		changed[i] ^= 1
		if _, err := v.Open(ctx, changed); !errors.Is(err, petra.ErrSealed) {
			t.Fatalf("byte %d changed: %v", i, err)
		}
	}
	if err := v.Forget(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Open(ctx, sealed); !errors.Is(err, petra.ErrSealed) {
		t.Errorf("Open after Forget: %v", err)
	}
}

func Example() {
	storage := petra.NewMemoryStorage() // in a browser: NewStorage, which is localStorage
	saved, _ := petra.Load(storage)
	st, _ := store.New(store.Options{Saved: saved}, petra.Slice)
	defer st.Close()
	defer petra.Keep(st, storage)()

	st.Dispatch(petra.SetTheme(petra.Dark))
	saved, _ = petra.Load(storage)
	fmt.Println(string(saved))
	// Output: {"app":{"theme":"dark"}}
}
