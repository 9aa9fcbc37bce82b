// Package sqlite keeps the documents of a [docstore.Store] in one SQLite file.
//
//	store, err := sqlite.Open("data/backend.db")
//	if err != nil { … }
//	defer store.Close()
//
// It is a package of its own so that only the server links the database driver.
//
// # How it works
//
// The file is in write-ahead-log mode with synchronous=FULL: a commit returns when it
// is on disk. One goroutine writes; it commits everything that waits (up to 256
// documents) in one transaction, so many writers share one flush to disk. Four
// connections read beside it and never wait for the writer.
//
// The keys of the declared indexes stand in a side table that the writer keeps in
// step within the same transaction. One mechanism serves single fields, several
// fields and the elements of arrays.
//
// # One file, several handles
//
// Two handles on one file, in one process or in two, are correct: revisions are
// compared and sequence numbers drawn inside the write transaction, and index
// declarations are read from the file. A handle waits up to five seconds for
// another one's transaction and then fails with [docstore.ErrBusy]. The file must
// lie on a local disk.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"slate/backend/docstore"
)

const (
	readers  = 4
	maxBatch = 256
)

const schema = `
CREATE TABLE IF NOT EXISTS doc (
	db      TEXT    NOT NULL,
	id      TEXT    NOT NULL,
	rev     TEXT    NOT NULL,
	seq     INTEGER NOT NULL,
	deleted INTEGER NOT NULL,
	body    TEXT    NOT NULL,
	PRIMARY KEY (db, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS doc_seq ON doc (db, seq);
CREATE TABLE IF NOT EXISTS declared (
	db     TEXT NOT NULL,
	name   TEXT NOT NULL,
	fields TEXT NOT NULL,
	PRIMARY KEY (db, name)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS entry (
	db   TEXT NOT NULL,
	name TEXT NOT NULL,
	key  BLOB NOT NULL,
	id   TEXT NOT NULL,
	PRIMARY KEY (db, name, key, id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS entry_id ON entry (db, id);
PRAGMA user_version = 1;
`

// Store is a [docstore.Store] in one file. Make it with [Open].
type Store struct {
	write *sql.DB // one connection, used by the writer goroutine only
	read  *sql.DB

	jobs chan *job
	stop chan struct{} // closed by Close
	done chan struct{} // closed when the writer goroutine has ended

	close    sync.Once
	closeErr error
}

var _ docstore.Store = (*Store)(nil)

// Open opens the file at path, and creates it (and its folder) when it is missing,
// readable by the owner only.
func Open(path string) (*Store, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("sqlite: %w", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("sqlite: %w", err)
	}
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("sqlite: %w", err)
	}
	s := &Store{jobs: make(chan *job, maxBatch), stop: make(chan struct{}), done: make(chan struct{})}
	if s.write, err = connect(path, 1, false); err != nil {
		return nil, err
	}
	if _, err := s.write.Exec(schema); err != nil {
		return nil, errors.Join(fmt.Errorf("sqlite: %s is no store of documents: %w", path, mapped(err)), s.write.Close())
	}
	if s.read, err = connect(path, readers, true); err != nil {
		return nil, errors.Join(err, s.write.Close())
	}
	go s.writer()
	return s, nil
}

func connect(path string, connections int, readOnly bool) (*sql.DB, error) {
	pragmas := []string{"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)"}
	if readOnly {
		pragmas = append(pragmas, "query_only(1)")
	}
	options := url.Values{"_pragma": pragmas, "_txlock": {"immediate"}}
	if readOnly {
		options.Del("_txlock")
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("sqlite: %w", err)
	}
	name := url.URL{Scheme: "file", Path: absolute, RawQuery: options.Encode()}
	db, err := sql.Open("sqlite", name.String())
	if err != nil {
		return nil, fmt.Errorf("sqlite: open %s: %w", path, err)
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db, nil
}

// Close lets the writes that have begun end, refuses all others and closes the file.
func (s *Store) Close() error {
	s.close.Do(func() {
		close(s.stop)
		<-s.done
		s.closeErr = errors.Join(s.read.Close(), s.write.Close())
	})
	return s.closeErr
}

// open says ErrClosed once Close has been called.
func (s *Store) open() error {
	select {
	case <-s.stop:
		return docstore.ErrClosed
	default:
		return nil
	}
}

// mapped gives the driver's errors the meaning that package docstore names.
func mapped(err error) error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok && e.Code()&0xff == sqlite3.SQLITE_BUSY {
		return fmt.Errorf("%w: %w", docstore.ErrBusy, err)
	}
	if errors.Is(err, sql.ErrConnDone) || err.Error() == "sql: database is closed" {
		return docstore.ErrClosed
	}
	return err
}

// failed wraps an error of the driver with what was being done.
func failed(ctx context.Context, what, db string, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err = mapped(err); errors.Is(err, docstore.ErrClosed) {
		return err
	}
	return fmt.Errorf("sqlite: %s in %s: %w", what, db, err)
}
