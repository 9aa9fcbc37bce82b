//go:build !js

package persist_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"slate/store/persist"
	"slate/store/persist/persisttest"
)

func TestFilesAreAStorage(t *testing.T) {
	dir := t.TempDir()
	persisttest.Run(t, persisttest.Subject{
		Open:    func(context.Context) (persist.Storage, error) { return persist.OpenFiles(dir) },
		Durable: true,
	})
}

func openFiles(t testing.TB, dir string) *persist.Files {
	t.Helper()
	s, err := persist.OpenFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestFilesAreLockedAgainstOthers(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "on the way")
	s := openFiles(t, dir)
	if _, err := persist.OpenFiles(dir); !errors.Is(err, persist.ErrLocked) {
		t.Errorf("opened twice: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	openFiles(t, dir)
}

// A process that was killed in a write leaves a file that belongs to no key, so no Purge would remove it.
func TestFilesRemoveWhatAKilledProcessLeft(t *testing.T) {
	dir := t.TempDir()
	temp := filepath.Join(dir, "temp")
	if err := os.WriteFile(temp, []byte("half of a val"), 0o600); err != nil {
		t.Fatal(err)
	}
	openFiles(t, dir)
	if _, err := os.Stat(temp); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it is still there: %v", err)
	}
}

func TestFilesAreForTheUserOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	s := openFiles(t, dir)
	apply(t, s, persist.Put("a", nil), persist.Put("b", nil))
	for _, name := range []string{"", "slate.a", "slate.b"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%q has mode %v", name, info.Mode())
		}
	}
}

func TestFilesLeaveOthersAlone(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"readme", "slate.", "slate.A", "slate.%41%", "slate.%4A", "slate.%61", "slate.x."} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := openFiles(t, dir)
	wantKeys(t, s)
	for _, key := range []string{"A", "J", "a", "x."} {
		apply(t, s, persist.Put(key, []byte("ours")))
	}
	wantKeys(t, s, "A", "J", "a", "x.")
	for _, name := range []string{"slate.A", "slate.%4A", "slate.%61", "slate.x."} {
		if got, err := os.ReadFile(filepath.Join(dir, name)); string(got) != "mine" || err != nil {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

// A journal that a killed process left is finished; one that the disk has damaged is kept, and nothing of it is done.
func TestFilesFinishAJournal(t *testing.T) {
	dir := t.TempDir()
	s := openFiles(t, dir)
	apply(t, s, persist.Put("a", []byte("1")), persist.Put("gone", nil))
	// The journal of the next Apply, caught before it is done: a folder takes the place of a file that is to be written.
	blocked := filepath.Join(dir, "slate.b")
	if err := os.MkdirAll(filepath.Join(blocked, "inside"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := s.Apply(t.Context(), persist.Put("a", []byte("2")), persist.Put("b", []byte("2")), persist.Delete("gone")); err == nil {
		t.Fatal("a folder was overwritten by a file")
	}
	if _, _, err := s.Get(t.Context(), "a"); err == nil {
		t.Error("a change that is made in part can be read")
	}
	journal, err := os.ReadFile(filepath.Join(dir, "journal"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(blocked); err != nil {
		t.Fatal(err)
	}
	wantValue(t, s, "a", "2") // the next call finishes it
	wantValue(t, s, "b", "2")
	wantKeys(t, s, "a", "b")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	damaged := bytes.Replace(journal, []byte("2"), []byte("3"), 1)
	for _, data := range [][]byte{damaged, journal[:len(journal)-1], {}} {
		if err := os.WriteFile(filepath.Join(dir, "journal"), data, 0o600); err != nil {
			t.Fatal(err)
		}
		s = openFiles(t, dir)
		wantValue(t, s, "a", "2")
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := filepath.Glob(filepath.Join(dir, "journal.aside-*"))
	if err != nil || len(kept) != 3 {
		t.Errorf("kept %q, %v, want all three", kept, err)
	}
}

func FuzzFileNames(f *testing.F) {
	for _, key := range []string{"a", "A", "%41", "..", "a.", "con", "slate.key", "ü", strings.Repeat("\x01", persist.MaxKey)} {
		f.Add(key)
	}
	f.Fuzz(func(t *testing.T, key string) {
		dir := t.TempDir()
		s := openFiles(t, dir)
		err := s.Apply(t.Context(), persist.Create(key, []byte(key)))
		if errors.Is(err, persist.ErrKey) {
			wantKeys(t, s)
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		wantKeys(t, s, key)
		wantValue(t, s, key, key)
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries { // one that no file system takes for another
			if name := e.Name(); len(name) > 255 || name != strings.ToLower(name) || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-_.%") != "" {
				t.Errorf("%q has the file %q", key, name)
			}
		}
	})
}

// Whatever a journal holds, opening neither panics nor loses what the files hold, unless it is a journal that is whole.
func FuzzJournal(f *testing.F) {
	f.Add([]byte(""))
	f.Add([]byte("slate-journal 1\n"))
	f.Add([]byte("slate-journal 1\n\x00\x01a\x013\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, journal []byte) {
		dir := t.TempDir()
		s := openFiles(t, dir)
		apply(t, s, persist.Put("a", []byte("1")))
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "journal"), journal, 0o600); err != nil {
			t.Fatal(err)
		}
		s = openFiles(t, dir)
		wantValue(t, s, "a", "1")
		if kept, err := os.ReadFile(filepath.Join(dir, "journal.aside-1")); !bytes.Equal(kept, journal) || err != nil {
			t.Errorf("kept %q, %v", kept, err)
		}
	})
}

func TestFilesBesideAMap(t *testing.T) {
	s := openFiles(t, t.TempDir())
	storageModel(t, func() persist.Storage { return s })
}
