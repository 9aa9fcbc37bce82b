package backend

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"strings"

	"slate/backend/docstore"
	"slate/medtech"
)

// parts are what a collection needs of the documents it holds.
type parts[T any] struct {
	// head gives the members that the store keeps outside the body, and the members
	// that the type does not know.
	head func(*T) (id, rev *string, extra *medtech.Extra)
	// encode writes everything, secrets included.
	encode func(T) ([]byte, error)
}

// collection is one kind of documents in the store, typed. Members that the type does
// not know are kept, except those that begin with an underscore (some clients send a
// Java class name as _type).
type collection[T any] struct {
	store docstore.Store
	db    string
	kind  string // for messages
	parts parts[T]
}

var userParts = parts[medtech.User]{
	head:   func(u *medtech.User) (id, rev *string, extra *medtech.Extra) { return &u.ID, &u.Rev, &u.Extra },
	encode: medtech.User.RevealJSON,
}

var partyParts = parts[medtech.HealthcareParty]{
	head: func(h *medtech.HealthcareParty) (id, rev *string, extra *medtech.Extra) {
		return &h.ID, &h.Rev, &h.Extra
	},
	encode: medtech.HealthcareParty.MarshalJSON,
}

var patientParts = parts[medtech.Patient]{
	head:   func(p *medtech.Patient) (id, rev *string, extra *medtech.Extra) { return &p.ID, &p.Rev, &p.Extra },
	encode: medtech.Patient.MarshalJSON,
}

// get reads a document, also one that was softly deleted; a 404 when there is none.
func (c collection[T]) get(ctx context.Context, id string) (T, error) {
	d, err := c.store.Get(ctx, c.db, id)
	if errors.Is(err, docstore.ErrNotFound) {
		var none T
		return none, c.notFound(id)
	}
	if err != nil {
		var none T
		return none, err
	}
	return c.decode(d)
}

func (c collection[T]) notFound(id string) error {
	return &statusError{status: http.StatusNotFound, message: fmt.Sprintf("%s with id %s not found", c.kind, id)}
}

// put writes a document on the revision that it names and answers it with the new
// one: a 409 when that revision is not the current one.
func (c collection[T]) put(ctx context.Context, v T) (T, error) {
	id, rev, extra := c.parts.head(&v)
	d := docstore.Doc{ID: *id, Rev: *rev}
	*id, *rev = "", ""
	*extra = known(*extra)
	var err error
	if d.Body, err = c.parts.encode(v); err != nil {
		return v, fmt.Errorf("backend: encode %s: %w", c.kind, err)
	}
	*id = d.ID
	*rev, err = c.store.Put(ctx, c.db, d)
	return v, err
}

// known are the unknown members that may be stored; it never changes its argument.
func known(extra medtech.Extra) medtech.Extra {
	kept := maps.Clone(extra)
	maps.DeleteFunc(kept, func(name string, value json.RawMessage) bool {
		return strings.HasPrefix(name, "_") || string(value) == "null"
	})
	return kept
}

// find lists the documents of a query.
func (c collection[T]) find(ctx context.Context, q docstore.Query) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for row, err := range c.store.Find(ctx, c.db, q) {
			var v T
			if err == nil {
				v, err = c.decode(row.Doc)
			}
			if !yield(v, err) || err != nil {
				return
			}
		}
	}
}

func (c collection[T]) decode(d docstore.Doc) (T, error) {
	var v T
	if err := json.Unmarshal(d.Body, &v); err != nil {
		return v, fmt.Errorf("backend: %s %s in the store: %w", c.kind, d.ID, err)
	}
	id, rev, _ := c.parts.head(&v)
	*id, *rev = d.ID, d.Rev
	return v, nil
}
