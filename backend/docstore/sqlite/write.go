package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"sync/atomic"

	"slate/backend/docstore"
)

// A job is one call that writes. It runs inside a transaction of the writer
// goroutine, together with others; only an error of the database itself undoes them.
type job struct {
	size  int // documents
	run   func(*tx) error
	taken atomic.Bool // by the writer, or by the caller that gave up waiting
	done  chan error  // capacity 1
}

// submit hands a job to the writer and waits for its outcome. When ctx ends before
// the writer has taken the job, nothing of it happens.
func (s *Store) submit(ctx context.Context, size int, run func(*tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.open(); err != nil {
		return err
	}
	j := &job{size: size, run: run, done: make(chan error, 1)}
	select {
	case s.jobs <- j:
	case <-ctx.Done():
		return ctx.Err()
	case <-s.stop:
		return docstore.ErrClosed
	}
	select {
	case err := <-j.done:
		return err
	case <-ctx.Done():
		if j.taken.CompareAndSwap(false, true) {
			return ctx.Err()
		}
		return <-j.done
	case <-s.done:
		select {
		case err := <-j.done:
			return err
		default:
			return docstore.ErrClosed
		}
	}
}

// writer is the only goroutine that writes. It ends when the store is closed, after
// the batch at hand.
func (s *Store) writer() {
	defer close(s.done)
	for {
		select {
		case <-s.stop:
			return
		case first := <-s.jobs:
			s.commit(s.gather(first))
		}
	}
}

// gather takes what waits behind the first job, up to the size of a batch.
func (s *Store) gather(first *job) []*job {
	var batch []*job
	size := 0
	for next := first; ; {
		if next.taken.CompareAndSwap(false, true) {
			batch = append(batch, next)
			size += next.size
		}
		if size >= maxBatch {
			return batch
		}
		select {
		case next = <-s.jobs:
		default:
			return batch
		}
	}
}

// commit runs a batch in one transaction and tells every caller.
func (s *Store) commit(batch []*job) {
	if len(batch) == 0 {
		return
	}
	outcomes := make([]error, len(batch))
	err := s.transact(func(t *tx) error {
		for i, j := range batch {
			outcomes[i] = j.run(t)
			if t.broken != nil {
				return t.broken
			}
		}
		return nil
	})
	for i, j := range batch {
		if err != nil {
			outcomes[i] = err
		}
		j.done <- outcomes[i]
	}
}

// transact begins, runs and commits one write transaction. It takes no context: what
// has begun is finished, so that its outcome is known.
func (s *Store) transact(run func(*tx) error) error {
	ctx := context.Background()
	sqlTx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return failed(ctx, "begin a transaction", "the store", err)
	}
	t := &tx{sql: sqlTx, indexes: map[string][]docstore.Index{}, lastSeq: map[string]int64{}}
	if err := run(t); err != nil {
		return failed(ctx, "write", "the store", errors.Join(err, sqlTx.Rollback()))
	}
	if err := sqlTx.Commit(); err != nil {
		return failed(ctx, "commit", "the store", err)
	}
	return nil
}

// Put implements [docstore.Store].
func (s *Store) Put(ctx context.Context, db string, d docstore.Doc) (string, error) {
	outcomes, err := s.Bulk(ctx, db, []docstore.Doc{d})
	if err != nil {
		return "", err
	}
	return outcomes[0].Rev, outcomes[0].Err
}

// Bulk implements [docstore.Store]. All documents of one call share one commit.
func (s *Store) Bulk(ctx context.Context, db string, docs []docstore.Doc) ([]docstore.Outcome, error) {
	if err := docstore.CheckDB(db); err != nil {
		return nil, err
	}
	outcomes := make([]docstore.Outcome, len(docs))
	err := s.submit(ctx, len(docs), func(t *tx) error {
		for i, d := range docs {
			outcomes[i] = t.put(db, d)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return outcomes, nil
}

// tx is one write transaction. The first error of the database breaks it.
type tx struct {
	sql     *sql.Tx
	indexes map[string][]docstore.Index // by database, read once for each transaction
	lastSeq map[string]int64
	broken  error
}

func (t *tx) exec(query string, args ...any) {
	if t.broken == nil {
		_, t.broken = t.sql.Exec(query, args...)
	}
}

func (t *tx) put(db string, d docstore.Doc) docstore.Outcome {
	out := docstore.Outcome{ID: d.ID}
	if d, out.Err = d.Normalize(); out.Err != nil {
		return out
	}
	current, err := t.head(db, d.ID)
	if err != nil {
		t.broken = err
		return out
	}
	if out.Err = admit(db, current, d); out.Err != nil {
		return out
	}
	out.Rev = docstore.NextRev(current.Rev, d.Deleted, d.Body)
	t.exec(`INSERT INTO doc (db, id, rev, seq, deleted, body) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (db, id) DO UPDATE SET rev = excluded.rev, seq = excluded.seq, deleted = excluded.deleted, body = excluded.body`,
		db, d.ID, out.Rev, t.nextSeq(db), d.Deleted, string(d.Body))
	t.reindex(db, current, d)
	return out
}

// reindex replaces the keys of the current revision by those of d. A tombstone has none.
func (t *tx) reindex(db string, current, d docstore.Doc) {
	existed := current.Rev != "" && !current.Deleted
	switch {
	case existed && d.Deleted:
		t.exec(`DELETE FROM entry WHERE db = ? AND id = ?`, db, d.ID)
		return
	case existed:
		t.exec(`DELETE FROM entry WHERE db = ? AND id = ? AND name <> ?`, db, d.ID, idIndex)
	case d.Deleted:
		return
	default:
		t.exec(insertEntry, db, idIndex, docstore.Text(d.ID).Encoded(), d.ID)
	}
	for _, ix := range t.declared(db) {
		t.enter(db, ix, d)
	}
}

// admit decides whether d may follow the current revision.
func admit(db string, current, d docstore.Doc) error {
	gone := current.Rev == "" || current.Deleted
	switch {
	case gone && d.Deleted:
		return &docstore.NotFoundError{DB: db, ID: d.ID, Rev: current.Rev}
	case gone && d.Rev == "", d.Rev == current.Rev:
		return nil
	default:
		return &docstore.ConflictError{DB: db, ID: d.ID, Given: d.Rev, Current: current.Rev}
	}
}

// head reads the newest revision without its body.
func (t *tx) head(db, id string) (docstore.Doc, error) {
	d := docstore.Doc{ID: id}
	err := t.sql.QueryRow(`SELECT rev, deleted FROM doc WHERE db = ? AND id = ?`, db, id).Scan(&d.Rev, &d.Deleted)
	if errors.Is(err, sql.ErrNoRows) {
		return d, nil
	}
	return d, err
}

func (t *tx) nextSeq(db string) int64 {
	last, known := t.lastSeq[db]
	if !known && t.broken == nil {
		t.broken = t.sql.QueryRow(`SELECT coalesce(max(seq), 0) FROM doc WHERE db = ?`, db).Scan(&last)
	}
	t.lastSeq[db] = last + 1
	return last + 1
}
