// Package petra is the slice that outlives a reload: the saved log-in and the person's preferences.
//
// The token that logs in again is never here in the clear. A [Vault] seals it, with a key that in the browser nobody can
// read; what is saved is useless without that key. [Load] and [Keep] tie the slice to a [Storage].
package petra

import (
	"context"
	"encoding/json"
	"fmt"

	"slate/store"
)

// Theme is how the app looks: as the system does, light or dark.
type Theme string

// The themes. The empty one is System.
const (
	System Theme = ""
	Light  Theme = "light"
	Dark   Theme = "dark"
)

// State is what is saved.
type State struct {
	SavedCredentials *SavedCredentials `json:"savedCredentials,omitempty"`
	Theme            Theme             `json:"theme,omitempty"`
}

// SavedCredentials log in again without a password.
type SavedCredentials struct {
	Login          string `json:"login"`          // "<groupId>/<userId>"
	TokenTimestamp int64  `json:"tokenTimestamp"` // when the token was made, epoch milliseconds
	Sealed         []byte `json:"sealed"`         // the token, as Vault.Seal returned it
}

// The slice and its actions. Its name and theirs are those of the original app, so that the saved state can be recognised.
var (
	Slice = store.NewSlice("app", State{})

	// SetSavedCredentials replaces the saved log-in; nil forgets it.
	SetSavedCredentials = store.Case(Slice, "setSavedCredentials", func(s State, c *SavedCredentials) State {
		s.SavedCredentials = c
		return s
	})

	// SetTheme sets the theme.
	SetTheme = store.Case(Slice, "setTheme", func(s State, t Theme) State { s.Theme = t; return s })

	// SavedElsewhere takes over what another tab of the app has saved.
	SavedElsewhere = store.Case(Slice, "savedElsewhere", func(_ State, saved State) State { return saved })

	// RevertAll forgets the log-in. Preferences of the device stay.
	RevertAll = store.CaseSignal(Slice, "revertAll", func(s State) State { return State{Theme: s.Theme} })
)

// Saved selects the saved log-in; nil where there is none.
var Saved = store.Select(Slice, func(s State) *SavedCredentials { return s.SavedCredentials })

// CurrentTheme selects the theme.
var CurrentTheme = store.Select(Slice, func(s State) Theme { return s.Theme })

// Vault encrypts what must not be stored in the clear. Implementations are safe for concurrent use.
type Vault interface {
	// Seal encrypts and authenticates. The key is made when it is first needed.
	Seal(ctx context.Context, plain []byte) ([]byte, error)
	// Open reverses Seal. The error is [ErrSealed] where the key is gone or the data was changed.
	Open(ctx context.Context, sealed []byte) ([]byte, error)
	// Forget destroys the key: what was sealed with it is lost.
	Forget(ctx context.Context) error
}

// ErrSealed is returned for what a vault cannot open.
const ErrSealed = sealedError("petra: the saved log-in cannot be opened on this device; log in with your password")

type sealedError string

func (e sealedError) Error() string { return string(e) }

// Storage keeps text by key, such as the browser's localStorage. Implementations are safe for concurrent use.
type Storage interface {
	Load(key string) (text string, ok bool, err error)
	Save(key, text string) error
	// Watch calls fn when somebody else, such as another tab, has saved a text, until stop is called.
	Watch(fn func(key, text string)) (stop func())
}

// storageKey is where the slice is kept, asideKey where something unreadable was put.
const (
	storageKey = "petra"
	asideKey   = "petra.unreadable"
)

// Load reads what [Keep] saved, for store.Options.Saved; nil where nothing is saved. What cannot be read is put aside under
// another key, so that it is neither lost nor in the way, and the error says so; the app can start without it.
func Load(from Storage) ([]byte, error) {
	text, ok, err := from.Load(storageKey)
	if err != nil || !ok {
		return nil, err
	}
	var s State
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		if moveErr := from.Save(asideKey, text); moveErr != nil {
			return nil, fmt.Errorf("petra: saved state cannot be read (%w) nor put aside: %w", err, moveErr)
		}
		return nil, fmt.Errorf("petra: saved state cannot be read; it was put aside under %q: %w", asideKey, err)
	}
	return json.Marshal(map[string]State{Slice.Name(): s})
}

// Keep saves the slice each time it changes, and takes over what another tab saves, until stop is called or the store is
// closed. A failed write is logged and tried again with the next change.
func Keep(st *store.Store, in Storage) (stop func()) {
	ignore := in.Watch(func(key, text string) {
		var elsewhere State
		if key == storageKey && json.Unmarshal([]byte(text), &elsewhere) == nil {
			st.Dispatch(SavedElsewhere(elsewhere))
		}
	})
	leave := store.Subscribe(context.Background(), st, store.Select(Slice, func(s State) State { return s }), func(s State) {
		text, err := json.Marshal(s)
		if err == nil {
			err = in.Save(storageKey, string(text))
		}
		if err != nil {
			st.Logger().Error("petra: the saved log-in and preferences could not be written", "error", err)
		}
	})
	forget := st.OnClose(func() error { ignore(); return nil })
	return func() { ignore(); leave(); forget() }
}
