package persist

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Storage keeps bytes by key. This package has one for memory, files, the browser's localStorage and its IndexedDB;
// package encrypted wraps any of them. Package persisttest checks that an implementation keeps what this interface promises.
//
// A key is valid UTF-8 of 1 to [MaxKey] bytes without a zero byte; anything else is refused with [ErrKey]. All methods are
// safe for concurrent use. They return the cause of a context that has ended before they began, and [ErrClosed] after
// Close.
type Storage interface {
	// Get returns the bytes of a key, which belong to the caller; ok is false where there are none.
	Get(ctx context.Context, key string) (value []byte, ok bool, err error)

	// Apply makes all changes or, where it fails, none: also where the process is killed meanwhile. Once it returned nil,
	// the changes survive a crash of the process, and of the machine where the storage is one that can promise it. Where
	// the failure is one of the medium itself (a disk that reports an error), the changes may turn out to have been made.
	// Two changes of one key in a call are refused with ErrKey. The values are not kept after Apply returned.
	Apply(ctx context.Context, changes ...Change) error

	// Keys lists the keys in ascending order of their bytes.
	Keys(ctx context.Context) ([]string, error)

	// Close ends the storage and releases what it holds. Closing twice is a no-op.
	Close() error
}

// Synchronous is a [Storage] whose calls wait for nothing but the disk, so that a persister may ask it while the store is
// being made: the first state that anyone sees is the restored one. Memory, files and localStorage are.
type Synchronous interface {
	Storage

	// Synchronous reports whether that is so for this storage.
	Synchronous() bool
}

// MaxKey is the longest key in bytes: escaped, it still fits into the name of a file everywhere.
const MaxKey = 80

// Op is what a [Change] does.
type Op uint8

// The kinds of changes.
const (
	OpPut    Op = iota // writes the value, over an older one
	OpCreate           // writes the value, or fails with ErrExists where the key has one
	OpDelete           // removes the key; there need not be one
)

// Change is one change of a [Storage]. Make it with [Put], [Create] or [Delete].
type Change struct {
	Op    Op
	Key   string
	Value []byte // nil for OpDelete
}

// Put writes a value, over an older one where the key has one.
func Put(key string, value []byte) Change { return Change{OpPut, key, value} }

// Create writes a value where the key has none; where it has one, all changes of the call fail with [ErrExists].
func Create(key string, value []byte) Change { return Change{OpCreate, key, value} }

// Delete removes a key. It is no error where there is none.
func Delete(key string) Change { return Change{Op: OpDelete, Key: key} }

// What a storage refuses, to be tested with errors.Is.
var (
	// ErrClosed says that the storage was closed before the call.
	ErrClosed = errors.New("persist: the storage is closed; open it again")

	// ErrKey says that a key is malformed, or that one call names it twice.
	ErrKey = fmt.Errorf("persist: a key is 1 to %d bytes of UTF-8 without a zero byte, and each call names it once", MaxKey)

	// ErrExists says that a key that was to be created exists already.
	ErrExists = errors.New("persist: the key exists already")

	// ErrLocked says that another process (or another storage of this one) has the folder open.
	ErrLocked = errors.New("persist: the folder is in use by another process; end that one or use another folder")

	// ErrSealed says that a value cannot be opened by a storage that encrypts, and never will be with the same key. What is
	// stored stays as it is.
	ErrSealed = errors.New("persist: the stored value cannot be opened with this key")

	// ErrFull says that the browser or the disk has no room for the change. What was stored before is still there.
	ErrFull = errors.New("persist: there is no room left in the storage; remove something or ask the user to")
)

// checkKey returns ErrKey for a key that no storage takes.
func checkKey(key string) error {
	if key == "" || len(key) > MaxKey || !utf8.ValidString(key) || strings.IndexByte(key, 0) >= 0 {
		return fmt.Errorf("%w: %q", ErrKey, key)
	}
	return nil
}

// checkChanges returns ErrKey for changes that no storage makes.
func checkChanges(changes []Change) error {
	seen := make(map[string]bool, len(changes))
	for _, c := range changes {
		if err := checkKey(c.Key); err != nil {
			return err
		}
		if seen[c.Key] {
			return fmt.Errorf("%w: %q is named twice", ErrKey, c.Key)
		}
		seen[c.Key] = true
	}
	return nil
}

// begun returns why a call must not begin.
func begun(ctx context.Context) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}

func errExists(key string) error { return fmt.Errorf("%w: %q", ErrExists, key) }
