// Package docstore keeps JSON documents under revisions, the way CouchDB does.
//
// It is the narrow interface behind which the backend stores everything. Package
// [slate/backend/docstore/sqlite] implements it in one file on one machine; an
// adapter to CouchDB implements it for several machines. Both pass the suite in
// [slate/backend/docstore/docstoretest], so what is written here holds for both.
//
// # Documents and revisions
//
// A document has an id, a body (one JSON object) and a revision "N-<32 hex>". N
// counts the writes of that id. Whoever changes a document names the revision it
// has read; when that is no longer the current one, the write is refused with a
// [*ConflictError] and nothing changes:
//
//	rev, err := store.Put(ctx, "user", docstore.Doc{ID: "ada", Body: body})           // creates: "1-…"
//	rev, err = store.Put(ctx, "user", docstore.Doc{ID: "ada", Rev: rev, Body: body2}) // changes: "2-…"
//
// A deletion is a revision too (Deleted set, body empty). It leaves a tombstone,
// and a document that is created again under that id goes on counting.
//
// # Databases and indexes
//
// Documents live in named databases, one for each kind of document. A database
// comes into being with its first write. [Store.Ensure] declares indexes, by which
// [Store.Find] looks up and lists; a document that lacks one of the fields of an
// index is not in that index.
//
// # Promises
//
//  1. A write that was acknowledged is on disk: it survives kill -9.
//  2. Of any number of rivals for one revision exactly one wins.
//  3. Any goroutine may call any method at any time.
//  4. A method whose context ends before the write has begun writes nothing and
//     says so by the context's error; once the write has begun its true outcome
//     is returned.
//  5. A reader sees whole transactions only, and after Put has returned every
//     reader sees what was put.
//
// This is not a general database: there are no joins, no transactions over several
// documents, and a query uses exactly one index.
package docstore
