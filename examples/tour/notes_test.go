package tour

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"slate/store"
	"slate/store/query"
)

type slowServer map[string]string

func (s slowServer) Note(_ context.Context, id string) (Note, error) {
	time.Sleep(time.Minute) // virtual: the test takes no time
	return Note{id, s[id]}, nil
}

func (s slowServer) Write(_ context.Context, n Note) (Note, error) {
	s[n.ID] = n.Text
	return n, nil
}

func TestWritingRefreshesWhatIsWatched(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st, err := store.New(store.Options{}, NotesAPI)
		if err != nil {
			t.Fatal(err)
		}
		defer st.Close()
		TheServer.Provide(st, slowServer{"1": "buy tea"})

		note := GetNote.Subscribe(st, "1", func(query.Result[Note]) {})
		defer note.Close()
		if n, err := note.Await(t.Context()); err != nil || n.Text != "buy tea" {
			t.Fatal(n, err)
		}
		if _, err := WriteNote.Do(t.Context(), st, Note{"1", "drink tea"}); err != nil {
			t.Fatal(err)
		}
		if r := note.Result(); !r.IsFetching() || r.Data.Text != "buy tea" { // the old text until the new one is there
			t.Errorf("right after writing: %+v", r)
		}
		time.Sleep(time.Hour)
		if got := note.Result().Data.Text; got != "drink tea" {
			t.Errorf("an hour later: %q", got)
		}
	})
}
