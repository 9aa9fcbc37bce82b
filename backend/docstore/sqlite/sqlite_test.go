package sqlite_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"slate/backend/docstore"
	"slate/backend/docstore/docstoretest"
	"slate/backend/docstore/sqlite"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(writerEnv); path != "" {
		fmt.Fprintln(os.Stderr, writeForEver(path, os.Getenv(writerEnv+"_ROUND")))
		os.Exit(1)
	}
	goleak.VerifyTestMain(m)
}

// open opens a store in a folder of the test and closes it with the test.
func open(t testing.TB, path string) docstore.Store {
	t.Helper()
	s, err := sqlite.Open(path)
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

func TestConformance(t *testing.T) {
	docstoretest.Run(t, func(t testing.TB) docstore.Store { return open(t, t.TempDir()+"/docs.db") })
}

func TestRevisionsModel(t *testing.T) {
	docstoretest.Model(t, func(t testing.TB) docstore.Store { return open(t, t.TempDir()+"/docs.db") })
}

func TestReopenKeepsEverything(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "er", "docs.db")
	s, err := sqlite.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Ensure(t.Context(), "d", docstore.Index{Name: "n", Fields: []string{"n"}}); err != nil {
		t.Fatal(err)
	}
	rev, err := s.Put(t.Context(), "d", docstore.Doc{ID: "a", Body: json.RawMessage(`{"n":1}`)})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again := open(t, path)
	if _, err := again.Put(t.Context(), "d", docstore.Doc{ID: "a", Rev: rev, Body: json.RawMessage(`{"n":2}`)}); err != nil {
		t.Error(err)
	}
	for row, err := range again.Find(t.Context(), "d", docstore.Query{Index: "n"}) {
		if err != nil || row.ID != "a" || string(row.Body) != `{"n":2}` {
			t.Errorf("%+v, %v", row, err)
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is %v, %v: only the owner may read it", info.Mode(), err)
	}
}

// Two handles stand for two processes: they share nothing but the file.
func TestTwoHandlesOnOneFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "docs.db")
	handles := []docstore.Store{open(t, path), open(t, path)}
	rev, err := handles[0].Put(t.Context(), "d", docstore.Doc{ID: "a", Body: json.RawMessage(`{"n":0}`)})
	if err != nil {
		t.Fatal(err)
	}
	// Declared by one handle, kept up by the other.
	if err := handles[1].Ensure(t.Context(), "d", docstore.Index{Name: "n", Fields: []string{"n"}}); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	won := 0
	for i := range 8 {
		wg.Go(func() {
			s := handles[i%2]
			if _, err := s.Put(t.Context(), "d", docstore.Doc{ID: fmt.Sprint("own", i), Body: json.RawMessage(`{"n":7}`)}); err != nil {
				t.Error(err)
			}
			_, err := s.Put(t.Context(), "d", docstore.Doc{ID: "a", Rev: rev, Body: json.RawMessage(fmt.Sprintf(`{"n":%d}`, i+10))})
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won++
			} else if !errors.Is(err, docstore.ErrConflict) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if won != 1 {
		t.Errorf("%d of 8 rivals on two handles won", won)
	}
	for i, s := range handles {
		n := 0
		for _, err := range s.Find(t.Context(), "d", docstore.Query{Index: "n", Equal: []docstore.Key{docstore.Number(7)}}) {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		changes, err := s.Changes(t.Context(), "d", "", 0)
		if n != 8 || len(changes) != 9 || err != nil {
			t.Errorf("handle %d sees %d documents and %d changes, %v", i, n, len(changes), err)
		}
	}
}

// A foreign process that keeps the write lock: the caller that gives up has written
// nothing, and the others are served once the lock is free.
func TestLockedByAnotherProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "docs.db")
	s := open(t, path)
	foreign, err := sql.Open("sqlite", "file:"+path+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer foreign.Close()
	lock, err := foreign.Begin()
	if err != nil {
		t.Fatal(err)
	}
	first := make(chan error, 1) // taken by the writer, which waits for the lock
	go func() {
		_, err := s.Put(context.Background(), "d", docstore.Doc{ID: "first", Body: json.RawMessage(`{}`)})
		first <- err
	}()
	ctx, cancel := context.WithCancel(t.Context())
	second := make(chan error, 1)
	go func() {
		_, err := s.Put(ctx, "d", docstore.Doc{ID: "second", Body: json.RawMessage(`{}`)})
		second <- err
	}()
	cancel()
	if err := lock.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := <-first; err != nil {
		t.Errorf("after the lock was freed: %v", err)
	}
	// Whether the second came too late to be given up is a race; what it is told is not.
	secondErr := <-second
	_, err = s.Get(t.Context(), "d", "second")
	if secondErr == nil && err != nil || secondErr != nil && !(errors.Is(secondErr, context.Canceled) && errors.Is(err, docstore.ErrNotFound)) {
		t.Errorf("the write that was given up: %v; stored: %v", secondErr, err)
	}
}

func TestOpenRefusesWhatIsNoStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "text.db")
	if err := os.WriteFile(path, []byte("this is a text and no database, and long enough to be read as one"), 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err := sqlite.Open(path); err == nil {
		t.Errorf("opened: %v", s.Close())
	}
}

func BenchmarkPut(b *testing.B) {
	s := open(b, filepath.Join(b.TempDir(), "docs.db"))
	body := json.RawMessage(`{"login":"ada","email":"ada@example.org","roles":["USER"]}`)
	for _, writers := range []int{1, 16} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			var wg sync.WaitGroup
			for w := range writers {
				wg.Go(func() {
					for i := w; i < b.N; i += writers {
						id := fmt.Sprintf("%d-%d-%d", b.N, writers, i)
						if _, err := s.Put(b.Context(), "d", docstore.Doc{ID: id, Body: body}); err != nil {
							b.Error(err)
						}
					}
				})
			}
			wg.Wait()
		})
	}
}

// One page of 100 at the end of an index of 20,000 documents: it must not depend on
// how many lie before it.
func BenchmarkFindDeepPage(b *testing.B) {
	s := open(b, filepath.Join(b.TempDir(), "docs.db"))
	if err := s.Ensure(b.Context(), "d", docstore.Index{Name: "n", Fields: []string{"n"}}); err != nil {
		b.Fatal(err)
	}
	docs := make([]docstore.Doc, 20_000)
	for i := range docs {
		docs[i] = docstore.Doc{ID: fmt.Sprintf("%05d", i), Body: json.RawMessage(fmt.Sprintf(`{"n":%d}`, i))}
	}
	if _, err := s.Bulk(b.Context(), "d", docs); err != nil {
		b.Fatal(err)
	}
	cursors := map[int]string{}
	n := 0
	for row, err := range s.Find(b.Context(), "d", docstore.Query{Index: "n"}) {
		if err != nil {
			b.Fatal(err)
		}
		if n++; n == 100 || n == 19_800 {
			cursors[n] = row.Cursor
		}
	}
	for at, cursor := range cursors {
		b.Run(fmt.Sprintf("after=%d", at), func(b *testing.B) {
			for b.Loop() {
				rows := 0
				for _, err := range s.Find(b.Context(), "d", docstore.Query{Index: "n", After: cursor, Limit: 100}) {
					if err != nil {
						b.Fatal(err)
					}
					rows++
				}
				if rows != 100 {
					b.Fatal(rows)
				}
			}
		})
	}
}
