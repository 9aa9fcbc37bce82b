package docstore_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"slate/backend/docstore"
)

func TestErrorsSayWhatToDo(t *testing.T) {
	for _, c := range []struct {
		err  error
		is   error
		says string
	}{
		{&docstore.NotFoundError{DB: "d", ID: "x"}, docstore.ErrNotFound, "there is no d/x"},
		{&docstore.NotFoundError{DB: "d", ID: "x", Rev: "2-b"}, docstore.ErrNotFound, "deleted in revision 2-b"},
		{&docstore.ConflictError{DB: "d", ID: "x", Given: "1-a", Current: "2-b"}, docstore.ErrConflict, "1-a of d/x is stale, the current one is 2-b: read it again"},
		{&docstore.ConflictError{DB: "d", ID: "x", Given: "1-a"}, docstore.ErrConflict, "create it without a revision"},
		{&docstore.ConflictError{DB: "d", ID: "x", Current: "2-b"}, docstore.ErrConflict, "exists already in revision 2-b"},
	} {
		if wrapped := fmt.Errorf("wrapped: %w", c.err); !errors.Is(wrapped, c.is) || !strings.Contains(wrapped.Error(), c.says) {
			t.Errorf("%v, want %q", wrapped, c.says)
		}
		if errors.Is(c.err, docstore.ErrInvalid) {
			t.Errorf("%v is an ErrInvalid", c.err)
		}
	}
}
