package persist

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"syscall/js"
	"unicode/utf8"

	"slate/store/persist/internal/jsapi"
)

// LocalStorage is a [Storage] in the browser's localStorage: for a few values that are small, as all of an origin share
// about five million characters, and as each call stops the page meanwhile. Take [IndexedDB] for anything else. Text is
// kept as it is, other bytes in base64.
//
// The tabs of an origin share what is stored, and localStorage has no lock between them: where several may write, use
// IndexedDB, or a prefix of its own for each.
type LocalStorage struct {
	prefix string

	mu         sync.Mutex
	unfinished bool // changes were begun that could not be taken back yet
	closed     bool
}

// undoKey holds, while several changes are made, what was there before. A zero byte keeps it apart from every other key.
const undoKey = "\x00undo"

var errForeignText = errors.New("the item was not written by this program")

// OpenLocalStorage opens the storage whose items begin with a prefix, such as "app/". What a tab that crashed had begun is
// taken back. The error says that the browser refuses site data.
func OpenLocalStorage(prefix string) (*LocalStorage, error) {
	s := &LocalStorage{prefix: prefix}
	return s, s.recover()
}

// Get implements [Storage].
func (s *LocalStorage) Get(ctx context.Context, key string) (value []byte, ok bool, err error) {
	if err := s.enter(ctx); err != nil {
		return nil, false, err
	}
	defer s.mu.Unlock()
	if err := checkKey(key); err != nil {
		return nil, false, err
	}
	text, err := s.item(key)
	if text == nil || err != nil {
		return nil, false, err
	}
	value, err = decodeText(*text)
	if err != nil {
		return nil, false, fmt.Errorf("persist: localStorage has no value for %q: %w", key, err)
	}
	return value, true, nil
}

// Apply implements [Storage]. Several changes are made one by one, after what was there before has been written down; a
// failure puts that back at once, a crash as soon as the storage is opened again.
func (s *LocalStorage) Apply(ctx context.Context, changes ...Change) error {
	if err := s.enter(ctx); err != nil {
		return err
	}
	defer s.mu.Unlock()
	if err := checkChanges(changes); err != nil {
		return err
	}
	before := make(map[string]*string, len(changes))
	for _, c := range changes {
		text, err := s.item(c.Key)
		switch {
		case err != nil:
			return err
		case text != nil && c.Op == OpCreate:
			return errExists(c.Key)
		}
		before[c.Key] = text
	}
	if len(changes) > 1 {
		undo, err := json.Marshal(before)
		if err != nil {
			return err
		}
		if err := s.set(undoKey, new(string(undo))); err != nil {
			return err
		}
		s.unfinished = true
	}
	for _, c := range changes {
		var text *string
		if c.Op != OpDelete {
			text = new(encodeText(c.Value))
		}
		if err := s.set(c.Key, text); err != nil {
			return errors.Join(err, s.recover())
		}
	}
	if !s.unfinished {
		return nil
	}
	if err := s.set(undoKey, nil); err != nil {
		return errors.Join(err, s.recover()) // the changes would be taken back by the next program
	}
	s.unfinished = false
	return nil
}

// Synchronous implements [Synchronous].
func (*LocalStorage) Synchronous() bool { return true }

// Keys implements [Storage].
func (s *LocalStorage) Keys(ctx context.Context) ([]string, error) {
	if err := s.enter(ctx); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	keys := []string{}
	err := s.do("read", func(items js.Value) {
		for i := range items.Get("length").Int() {
			if key, ours := strings.CutPrefix(items.Call("key", i).String(), s.prefix); ours && checkKey(key) == nil {
				keys = append(keys, key)
			}
		}
	})
	slices.Sort(keys)
	return keys, err
}

// Close implements [Storage].
func (s *LocalStorage) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	return nil
}

// enter takes the lock, or returns why the call must not begin.
func (s *LocalStorage) enter(ctx context.Context) error {
	if err := begun(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	var err error
	switch {
	case s.closed:
		err = ErrClosed
	case s.unfinished:
		err = s.recover()
	}
	if err != nil {
		s.mu.Unlock()
	}
	return err
}

// recover takes back what was begun and not completed.
func (s *LocalStorage) recover() error {
	undo, err := s.item(undoKey)
	if err != nil {
		return err
	}
	if undo == nil {
		s.unfinished = false
		return nil
	}
	var before map[string]*string
	if err := json.Unmarshal([]byte(*undo), &before); err != nil {
		return fmt.Errorf("persist: what localStorage noted of a change that was not completed cannot be read: %w", err)
	}
	for _, removed := range []bool{true, false} { // what is to go first, so that there is room for the rest
		for key, text := range before {
			if (text == nil) != removed {
				continue
			}
			if err := s.set(key, text); err != nil {
				return err
			}
		}
	}
	if err := s.set(undoKey, nil); err != nil {
		return err
	}
	s.unfinished = false
	return nil
}

// item returns the text of a key; nil where there is none.
func (s *LocalStorage) item(key string) (text *string, err error) {
	err = s.do("read", func(items js.Value) {
		if v := items.Call("getItem", s.prefix+key); v.Type() == js.TypeString {
			text = new(v.String())
		}
	})
	return text, err
}

// set writes the text of a key; nil removes it.
func (s *LocalStorage) set(key string, text *string) error {
	return s.do("write", func(items js.Value) {
		if text == nil {
			items.Call("removeItem", s.prefix+key)
		} else {
			items.Call("setItem", s.prefix+key, *text)
		}
	})
}

func (s *LocalStorage) do(what string, fn func(items js.Value)) error {
	if err := jsapi.Try(func() { fn(jsapi.Global("localStorage")) }); err != nil {
		return fmt.Errorf("persist: the browser refused to %s localStorage; check whether site data is blocked: %w", what, full(err))
	}
	return nil
}

// encodeText writes bytes as text: UTF-8 behind a "=", anything else in base64 behind a "~".
func encodeText(value []byte) string {
	if utf8.Valid(value) {
		return "=" + string(value)
	}
	return "~" + base64.StdEncoding.EncodeToString(value)
}

func decodeText(text string) ([]byte, error) {
	if plain, ok := strings.CutPrefix(text, "="); ok {
		return []byte(plain), nil
	}
	if coded, ok := strings.CutPrefix(text, "~"); ok {
		return base64.StdEncoding.DecodeString(coded)
	}
	return nil, errForeignText
}
