package devtools_test

import (
	"context"
	"strings"
	"testing"

	"slate/store"
	"slate/store/devtools"
	"slate/store/query"
	"slate/store/storetest"
)

// What a server said is state as well: it is shown, and one can go back to before it was said.
func TestQueriesAreShownAndTravel(t *testing.T) {
	api := query.NewAPI("userApi")
	getName := query.New(api, query.Spec[string, string]{
		Name:  "getName",
		Fetch: func(context.Context, query.Call, string) (string, error) { return "Ada", nil },
	})
	log := devtools.New(devtools.Options{})
	st := storetest.NewWith(t, store.Options{Enhancers: []store.Enhancer{log.Enhancer()}}, api)
	if _, err := getName.Fetch(t.Context(), st, "42"); err != nil {
		t.Fatal(err)
	}
	pending, settled := 0, 0
	for e := range log.Entries() {
		switch e.Type {
		case "userApi/executeQuery/pending":
			pending = e.ID
		case "userApi/executeQuery/fulfilled":
			settled = e.ID
			if state := string(e.State()); !strings.Contains(state, `"data":"Ada"`) {
				t.Errorf("the state is shown as %s", state)
			}
			if len(e.Diff()) == 0 {
				t.Error("the answer changed nothing")
			}
		}
	}
	if pending == 0 || settled == 0 {
		t.Fatal("the query is not in the log")
	}
	result := getName.Select("42")
	ok(t, log.Jump(pending))
	if r := result.Of(st.State()); r.HasData {
		t.Errorf("before the answer there is %+v", r)
	}
	ok(t, log.Jump(settled))
	if r := result.Of(st.State()); r.Data != "Ada" {
		t.Errorf("after the answer there is %+v", r)
	}
	ok(t, log.Toggle(settled))
	if r := result.Of(st.State()); r.HasData {
		t.Errorf("without the answer there is %+v", r)
	}
}
