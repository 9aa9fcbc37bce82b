//go:build !js

package persist

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
)

// Files is a [Storage] in a folder, one file for each key. A file is written beside the old one, flushed to the disk, and
// takes its name in one step; several changes go through a journal. So a process may be killed, and a machine may lose its
// power, at any point: each key has its old or its new value, and the changes of one Apply are made all or not at all.
//
// One process at a time may have the folder open: its lock is given up when that process ends, however it ends. (Where the
// system knows no such lock, the caller has to see to it.)
type Files struct {
	dir  string
	lock *os.File

	mu         sync.Mutex
	closed     bool
	unfinished bool // the journal may hold changes that are not all made yet
}

const (
	lockName    = "lock"
	tempName    = "temp"
	journalName = "journal"
)

// OpenFiles opens the storage in a folder, and creates the folder where there is none, for the user's eyes only. It
// finishes what a killed process had begun. The error is [ErrLocked] where another process has it open, or that of the
// file system.
func OpenFiles(dir string) (*Files, error) {
	if err := makeDir(dir); err != nil {
		return nil, fmt.Errorf("persist: the folder for saved state cannot be made: %w", err)
	}
	lock, err := lockFile(filepath.Join(dir, lockName))
	if err != nil {
		return nil, err
	}
	f := &Files{dir: dir, lock: lock, unfinished: true}
	err = f.finish()
	if left := os.Remove(f.path(tempName)); left != nil && !errors.Is(left, fs.ErrNotExist) {
		err = errors.Join(err, fmt.Errorf("persist: %w", left))
	}
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return f, nil
}

// makeDir makes a folder and those on the way to it, and flushes their names to the disk.
func makeDir(dir string) error {
	var made []string
	for at := filepath.Clean(dir); ; at = filepath.Dir(at) {
		if _, err := os.Stat(at); !errors.Is(err, fs.ErrNotExist) || at == filepath.Dir(at) {
			break
		}
		made = append(made, at)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for _, at := range made {
		if err := syncDir(filepath.Dir(at)); err != nil {
			return err
		}
	}
	return nil
}

// Get implements [Storage].
func (f *Files) Get(ctx context.Context, key string) (value []byte, ok bool, err error) {
	if err := f.enter(ctx); err != nil {
		return nil, false, err
	}
	defer f.mu.Unlock()
	if err := checkKey(key); err != nil {
		return nil, false, err
	}
	value, err = os.ReadFile(f.path(fileName(key)))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, false, nil
	case err != nil:
		return nil, false, fmt.Errorf("persist: %w", err)
	}
	return value, true, nil
}

// Apply implements [Storage]. A change that has begun is not cancelled by its context.
func (f *Files) Apply(ctx context.Context, changes ...Change) error {
	if err := f.enter(ctx); err != nil {
		return err
	}
	defer f.mu.Unlock()
	if err := checkChanges(changes); err != nil {
		return err
	}
	for _, c := range changes {
		if c.Op != OpCreate {
			continue
		}
		switch _, err := os.Lstat(f.path(fileName(c.Key))); {
		case err == nil:
			return errExists(c.Key)
		case !errors.Is(err, fs.ErrNotExist):
			return fmt.Errorf("persist: %w", err)
		}
	}
	switch len(changes) {
	case 0:
		return nil
	case 1:
		if err := f.apply(changes[0]); err != nil {
			return err
		}
		return syncDir(f.dir)
	}
	if err := f.write(journalName, encodeJournal(changes)); err != nil {
		return err
	}
	f.unfinished = true
	if err := syncDir(f.dir); err != nil {
		return err
	}
	return f.finish()
}

// Synchronous implements [Synchronous].
func (*Files) Synchronous() bool { return true }

// Keys implements [Storage].
func (f *Files) Keys(ctx context.Context) ([]string, error) {
	if err := f.enter(ctx); err != nil {
		return nil, err
	}
	defer f.mu.Unlock()
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		return nil, fmt.Errorf("persist: %w", err)
	}
	keys := []string{}
	for _, e := range entries {
		if key, ok := keyOfFile(e.Name()); ok {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys, nil
}

// Close implements [Storage] and lets the next process in.
func (f *Files) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return nil
	}
	f.closed = true
	return f.lock.Close()
}

func (f *Files) path(name string) string { return filepath.Join(f.dir, name) }

// enter takes the lock, or returns why the call must not begin.
func (f *Files) enter(ctx context.Context) error {
	if err := begun(ctx); err != nil {
		return err
	}
	f.mu.Lock()
	err := ErrClosed
	if !f.closed {
		err = f.finish()
	}
	if err != nil {
		f.mu.Unlock()
	}
	return err
}

// finish makes the changes that a journal holds: those of this call, or those that an earlier one could not complete. To
// make them twice does no harm.
func (f *Files) finish() error {
	if !f.unfinished {
		return nil
	}
	data, err := os.ReadFile(f.path(journalName))
	if errors.Is(err, fs.ErrNotExist) {
		f.unfinished = false
		return nil
	}
	if err != nil {
		return fmt.Errorf("persist: %w", err)
	}
	changes, err := decodeJournal(data)
	if err != nil {
		return f.keepJournal()
	}
	for _, c := range changes {
		if err := f.apply(c); err != nil {
			return err
		}
	}
	if err := syncDir(f.dir); err != nil {
		return err
	}
	if err := os.Remove(f.path(journalName)); err != nil {
		return fmt.Errorf("persist: %w", err)
	}
	f.unfinished = false
	return nil
}

// keepJournal puts a journal aside that the disk has damaged: the files are as they were before its changes.
func (f *Files) keepJournal() error {
	for n := 1; ; n++ {
		aside := f.path(fmt.Sprintf("%s.aside-%d", journalName, n))
		switch _, err := os.Lstat(aside); {
		case err == nil:
			continue
		case !errors.Is(err, fs.ErrNotExist):
			return fmt.Errorf("persist: %w", err)
		}
		if err := os.Rename(f.path(journalName), aside); err != nil {
			return fmt.Errorf("persist: %w", err)
		}
		slog.Warn("persist: a damaged journal was kept aside; its changes are not made", "file", aside)
		f.unfinished = false
		return syncDir(f.dir)
	}
}

func (f *Files) apply(c Change) error {
	if c.Op != OpDelete {
		return f.write(fileName(c.Key), c.Value)
	}
	if err := os.Remove(f.path(fileName(c.Key))); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("persist: %w", err)
	}
	return nil
}

// write replaces a file in one step. The folder is not flushed yet.
func (f *Files) write(name string, value []byte) error {
	temp := f.path(tempName)
	if err := writeSynced(temp, value); err != nil {
		return fmt.Errorf("persist: %w", full(err))
	}
	if err := os.Rename(temp, f.path(name)); err != nil {
		return fmt.Errorf("persist: %w", err)
	}
	return nil
}

func writeSynced(path string, value []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(value)
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}
