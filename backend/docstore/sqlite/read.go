package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"

	"slate/backend/docstore"
)

// page is how many rows Find holds at once.
const page = 200

// Get implements [docstore.Store].
func (s *Store) Get(ctx context.Context, db, id string) (docstore.Doc, error) {
	if err := s.open(); err != nil {
		return docstore.Doc{}, err
	}
	d := docstore.Doc{ID: id}
	var body string
	err := s.read.QueryRowContext(ctx, `SELECT rev, deleted, body FROM doc WHERE db = ? AND id = ?`, db, id).Scan(&d.Rev, &d.Deleted, &body)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return docstore.Doc{}, &docstore.NotFoundError{DB: db, ID: id}
	case err != nil:
		return docstore.Doc{}, failed(ctx, "get", db, err)
	case d.Deleted:
		return docstore.Doc{}, &docstore.NotFoundError{DB: db, ID: id, Rev: d.Rev}
	}
	d.Body = json.RawMessage(body)
	return d, nil
}

// Find implements [docstore.Store].
func (s *Store) Find(ctx context.Context, db string, q docstore.Query) iter.Seq2[docstore.Row, error] {
	return func(yield func(docstore.Row, error) bool) {
		left := q.Limit
		for {
			size := page
			if q.Limit > 0 {
				size = min(page, left)
			}
			rows, err := s.page(ctx, db, q, size)
			if err != nil {
				yield(docstore.Row{}, err)
				return
			}
			for _, r := range rows {
				if !yield(r, nil) {
					return
				}
				q.After = r.Cursor
			}
			left -= len(rows)
			if len(rows) < size || q.Limit > 0 && left == 0 {
				return
			}
		}
	}
}

// page reads one page of a query in one snapshot.
func (s *Store) page(ctx context.Context, db string, q docstore.Query, size int) ([]docstore.Row, error) {
	if err := s.open(); err != nil {
		return nil, err
	}
	query, args, err := s.selection(ctx, db, q, size)
	if err != nil {
		return nil, err
	}
	rows, err := s.read.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, failed(ctx, "find", db, err)
	}
	defer rows.Close()
	var found []docstore.Row
	for rows.Next() {
		var r docstore.Row
		var key []byte
		var body string
		if err := rows.Scan(&key, &r.ID, &r.Rev, &body); err != nil {
			return nil, failed(ctx, "find", db, err)
		}
		r.Body = json.RawMessage(body)
		r.Cursor = cursor(key, r.ID)
		found = append(found, r)
	}
	if err := rows.Err(); err != nil {
		return nil, failed(ctx, "find", db, err)
	}
	return found, nil
}

// selection writes the SQL of one page. Every value is a parameter.
func (s *Store) selection(ctx context.Context, db string, q docstore.Query, size int) (string, []any, error) {
	lower, upper, err := q.Range()
	if err != nil {
		return "", nil, err
	}
	if err := s.known(ctx, db, q.Index); err != nil {
		return "", nil, err
	}
	key, id, err := parseCursor(q.After)
	if err != nil {
		return "", nil, err
	}
	// A cursor replaces the bound it is beyond: with both, SQLite would walk the
	// index from the bound to the cursor for each page.
	where, args := "e.db = ? AND e.name = ?", []any{db, q.Index}
	if key != nil && !q.Reverse && bytes.Compare(key, lower) >= 0 {
		where, args = where+" AND (e.key, e.id) > (?, ?)", append(args, key, id)
	} else {
		where, args = where+" AND e.key >= ?", append(args, lower)
	}
	if key != nil && q.Reverse && (upper == nil || bytes.Compare(key, upper) < 0) {
		where, args = where+" AND (e.key, e.id) < (?, ?)", append(args, key, id)
	} else if upper != nil {
		where, args = where+" AND e.key < ?", append(args, upper)
	}
	order := "ASC"
	if q.Reverse {
		order = "DESC"
	}
	return fmt.Sprintf(`SELECT e.key, d.id, d.rev, d.body FROM entry e CROSS JOIN doc d ON d.db = e.db AND d.id = e.id
		WHERE %s ORDER BY e.key %s, e.id %[2]s LIMIT %d`, where, order, size), args, nil
}

// known refuses an index that nobody has declared.
func (s *Store) known(ctx context.Context, db, index string) error {
	if index == idIndex {
		return nil
	}
	var n int
	if err := s.read.QueryRowContext(ctx, `SELECT count(*) FROM declared WHERE db = ? AND name = ?`, db, index).Scan(&n); err != nil {
		return failed(ctx, "find", db, err)
	}
	if n == 0 {
		return fmt.Errorf("%w: %s has no index %q: declare it with Ensure", docstore.ErrInvalid, db, index)
	}
	return nil
}

// cursor says where a row stands in its index.
func cursor(key []byte, id string) string {
	return base64.RawURLEncoding.EncodeToString(key) + "." + base64.RawURLEncoding.EncodeToString([]byte(id))
}

// parseCursor reads a cursor; no key for none.
func parseCursor(c string) (key []byte, id string, err error) {
	if c == "" {
		return nil, "", nil
	}
	k, i, ok := strings.Cut(c, ".")
	key, errKey := base64.RawURLEncoding.DecodeString(k)
	rawID, errID := base64.RawURLEncoding.DecodeString(i)
	if !ok || errKey != nil || errID != nil {
		return nil, "", fmt.Errorf("%w: After is no cursor of a row", docstore.ErrInvalid)
	}
	return key, string(rawID), nil
}

// Changes implements [docstore.Store].
func (s *Store) Changes(ctx context.Context, db, since string, limit int) ([]docstore.Change, error) {
	if err := s.open(); err != nil {
		return nil, err
	}
	after := int64(0)
	if since != "" {
		var err error
		if after, err = strconv.ParseInt(since, 10, 64); err != nil {
			return nil, fmt.Errorf("%w: since is %q, no Seq of a change", docstore.ErrInvalid, since)
		}
	}
	if limit <= 0 {
		limit = -1 // SQLite's word for no limit
	}
	rows, err := s.read.QueryContext(ctx, `SELECT seq, id, rev, deleted FROM doc WHERE db = ? AND seq > ? ORDER BY seq LIMIT ?`, db, after, limit)
	if err != nil {
		return nil, failed(ctx, "list changes", db, err)
	}
	defer rows.Close()
	var changes []docstore.Change
	for rows.Next() {
		var c docstore.Change
		if err := rows.Scan(&c.Seq, &c.ID, &c.Rev, &c.Deleted); err != nil {
			return nil, failed(ctx, "list changes", db, err)
		}
		changes = append(changes, c)
	}
	if err := rows.Err(); err != nil {
		return nil, failed(ctx, "list changes", db, err)
	}
	return changes, nil
}
