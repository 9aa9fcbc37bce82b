package docstore

import (
	"context"
	"encoding/json"
	"iter"
)

// Doc is one revision of a document.
type Doc struct {
	// ID names the document within its database; at most 512 bytes, not empty, and
	// not beginning with an underscore.
	ID string
	// Rev is the revision. When read it is the document's own; when written it is
	// the revision the change was made on, and empty creates.
	Rev string
	// Deleted marks a tombstone. To delete, put a Doc with ID, Rev and Deleted.
	Deleted bool
	// Body is one JSON object, nil for a tombstone. Members that begin with an
	// underscore are refused, for CouchDB keeps them for itself. It is stored
	// compacted.
	Body json.RawMessage
}

// Outcome tells what became of one document of a [Store.Bulk].
type Outcome struct {
	ID  string
	Rev string // the new revision, empty when Err is not nil
	Err error  // what Put would have returned
}

// Change is an entry of the changes feed: the newest revision of one document.
type Change struct {
	Seq     string // give it as since to go on behind this change
	ID      string
	Rev     string
	Deleted bool
}

// Index declares what documents can be found by.
type Index struct {
	// Name is unique within its database: lower-case letters, digits, underscores.
	Name string
	// Fields are paths into the body, "email" or "address.city". One of them may
	// end in "[]": then each element of that array is a key of its own, and a
	// document stands in the index once for each distinct element.
	Fields []string
}

// Query asks for a part of one index, in the order of its keys.
type Query struct {
	// Index is the name of an index that Ensure has declared. Empty means the ids
	// of the database, a single text key.
	Index string
	// Equal holds the values of the first fields of the index.
	Equal []Key
	// From (inclusive) and To (exclusive) bound the field after those in Equal.
	// The zero Key is no bound.
	From, To Key
	// Prefix, when not empty, restricts the field after those in Equal to texts
	// that begin with it. It excludes From and To.
	Prefix string
	// Limit is the greatest number of rows; 0 means all.
	Limit int
	// After continues behind a row of the same query, by its Cursor.
	After string
	// Reverse lists from the greatest key to the smallest.
	Reverse bool
}

// Row is a document found by a [Query].
type Row struct {
	Doc
	Cursor string // give it as Query.After to go on behind this row
}

// Store is a set of databases of documents. The package documentation numbers what
// an implementation promises. All methods but Close take any number of goroutines.
type Store interface {
	// Ensure declares indexes of a database and builds those that are new. It waits
	// until they can be queried. An index of the same name with other fields is
	// built anew.
	Ensure(ctx context.Context, db string, indexes ...Index) error

	// Get reads the newest revision of a document: [ErrNotFound] when there is none
	// or it is a tombstone.
	Get(ctx context.Context, db, id string) (Doc, error)

	// Put writes a document and returns its new revision: [ErrConflict] when d.Rev
	// is not the current one (or is empty and the document exists), [ErrInvalid]
	// when the document cannot be stored by any revision.
	Put(ctx context.Context, db string, d Doc) (rev string, err error)

	// Bulk writes documents in their order, each by itself: a conflict in one undoes
	// no other. The error is for the whole call; when it is nil there is one Outcome
	// for each document, in order.
	Bulk(ctx context.Context, db string, docs []Doc) ([]Outcome, error)

	// Find lists the documents of a query in the order of their keys. It reads in
	// pages, so a long listing holds nothing while the caller works, and sees
	// changes made behind the present page. After an error the sequence ends.
	Find(ctx context.Context, db string, q Query) iter.Seq2[Row, error]

	// Changes lists what has changed behind since ("" for everything), oldest
	// first, each document at most once, at most limit entries (0 for all).
	Changes(ctx context.Context, db, since string, limit int) ([]Change, error)

	// Close waits for writes that have begun and frees everything. Later calls
	// return [ErrClosed]. Closing twice is allowed.
	Close() error
}
