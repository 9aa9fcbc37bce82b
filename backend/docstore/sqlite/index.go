package sqlite

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"slate/backend/docstore"
)

// idIndex names the index of the ids, which every database has.
const idIndex = ""

const insertEntry = `INSERT INTO entry (db, name, key, id) VALUES (?, ?, ?, ?)`

// Ensure implements [docstore.Store]. Building an index over n documents holds the
// writer for about n times 20 µs.
func (s *Store) Ensure(ctx context.Context, db string, indexes ...docstore.Index) error {
	if err := docstore.CheckDB(db); err != nil {
		return err
	}
	for _, ix := range indexes {
		if err := ix.Check(); err != nil {
			return err
		}
	}
	return s.submit(ctx, maxBatch, func(t *tx) error {
		for _, ix := range indexes {
			t.ensure(db, ix)
		}
		return nil
	})
}

func (t *tx) ensure(db string, ix docstore.Index) {
	for _, old := range t.declared(db) {
		if old.Name == ix.Name && slices.Equal(old.Fields, ix.Fields) {
			return
		}
	}
	t.exec(`DELETE FROM entry WHERE db = ? AND name = ?`, db, ix.Name)
	t.exec(`INSERT OR REPLACE INTO declared (db, name, fields) VALUES (?, ?, ?)`, db, ix.Name, strings.Join(ix.Fields, ","))
	delete(t.indexes, db)
	for _, d := range t.living(db) {
		t.enter(db, ix, d)
	}
}

// declared reads the indexes of a database from the file, for another process may
// have declared some.
func (t *tx) declared(db string) []docstore.Index {
	if known, ok := t.indexes[db]; ok || t.broken != nil {
		return known
	}
	rows, err := t.sql.Query(`SELECT name, fields FROM declared WHERE db = ?`, db)
	if err != nil {
		t.broken = err
		return nil
	}
	defer rows.Close()
	var found []docstore.Index
	for rows.Next() {
		var name, fields string
		if t.broken = rows.Scan(&name, &fields); t.broken != nil {
			return nil
		}
		found = append(found, docstore.Index{Name: name, Fields: strings.Split(fields, ",")})
	}
	t.broken = rows.Err()
	t.indexes[db] = found
	return found
}

// living reads all documents of a database that are no tombstones.
func (t *tx) living(db string) []docstore.Doc {
	if t.broken != nil {
		return nil
	}
	rows, err := t.sql.Query(`SELECT id, rev, body FROM doc WHERE db = ? AND deleted = 0`, db)
	if err != nil {
		t.broken = err
		return nil
	}
	defer rows.Close()
	var docs []docstore.Doc
	for rows.Next() {
		var d docstore.Doc
		var body string
		if t.broken = rows.Scan(&d.ID, &d.Rev, &body); t.broken != nil {
			return nil
		}
		d.Body = json.RawMessage(body)
		docs = append(docs, d)
	}
	t.broken = rows.Err()
	return docs
}

// enter adds a document to an index.
func (t *tx) enter(db string, ix docstore.Index, d docstore.Doc) {
	for _, key := range ix.Keys(d.Body) {
		t.exec(insertEntry, db, ix.Name, key, d.ID)
	}
}
