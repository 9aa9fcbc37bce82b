// Package tour is the query part of the README: a note on a server, read and written.
package tour

import (
	"context"

	"slate/store"
	"slate/store/query"
)

type Note struct{ ID, Text string }

// Server is what the endpoints need; each store is given its own.
type Server interface {
	Note(ctx context.Context, id string) (Note, error)
	Write(ctx context.Context, n Note) (Note, error)
}

var (
	TheServer = store.NewDep[Server]("server")
	NotesAPI  = query.NewAPI("notes")
	NoteTag   = query.NewTag("Note")

	GetNote = query.New(NotesAPI, query.Spec[string, Note]{
		Name: "getNote",
		Fetch: func(ctx context.Context, c query.Call, id string) (Note, error) {
			server, _ := TheServer.Of(c.Store)
			return server.Note(ctx, id)
		},
		Provides: func(n Note, err error, id string) []query.Tag { return NoteTag.IDs(id) },
	})

	WriteNote = query.NewMutation(NotesAPI, query.MutationSpec[Note, Note]{
		Name: "writeNote",
		Run: func(ctx context.Context, c query.Call, n Note) (Note, error) {
			server, _ := TheServer.Of(c.Store)
			return server.Write(ctx, n)
		},
		Invalidates: func(_ Note, err error, n Note) []query.Tag { return NoteTag.IDs(n.ID) },
	})
)
