package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"slate/store"
	"slate/store/query"
)

// The cache of the query engine, with its records, errors and answers, gives no findings.
func TestAQueryCacheGivesNoFindings(t *testing.T) {
	type user struct{ Name string }
	api := query.NewAPI("users")
	tag := query.NewTag("User")
	get := query.New(api, query.Spec[int, *user]{
		Name: "get",
		Fetch: func(_ context.Context, _ query.Call, id int) (*user, error) {
			if id%3 == 0 {
				return nil, fmt.Errorf("user %d: %w", id, errors.ErrUnsupported)
			}
			return &user{fmt.Sprint("user ", id)}, nil
		},
		Provides: func(_ *user, _ error, id int) []query.Tag { return tag.IDs(fmt.Sprint(id)) },
	})
	st, found := checked(t, store.Checks{}, api)
	sel := get.Select(1)
	for n := range 40 {
		_, _ = get.Refetch(context.Background(), st, n%10)
		sel.Of(st.State())
	}
	if got := found.places(); len(got) > 0 {
		t.Errorf("found %q", got)
	}
}
