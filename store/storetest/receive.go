package storetest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"slate/store"
)

// Receive takes the next action that an effect dispatched. The test fails where it has another payload than want, and where
// it changes something else than expected, as with [TestStore.Send]. Where nothing is there yet, Receive waits
// ([TestStore.Patience]); in a testing/synctest bubble that costs no time.
//
// The test ends at once where the next action is not one that c makes, and where none comes.
func Receive[P any](ts *TestStore, c store.Creator[P], want P, expect ...Expectation) {
	ts.t.Helper()
	tr := ts.receive(c.Type(), func(a store.Action) bool {
		got, ok := c.Match(a)
		return ok && (!ts.unordered || ts.diff(want, got) == "") // of several in no order, it is the one with this payload
	})
	got, _ := c.Match(tr.Action)
	if diff := ts.diff(want, got); diff != "" {
		ts.t.Errorf("storetest: payload of %s (-want +got):\n%s", tr.Action.Type(), diff)
	}
	ts.judge(tr, expect)
}

// ReceiveMatch is [Receive] for a payload that the test cannot foretell, or for actions without a creator to name: match is
// the Match method of a creator, such as Loaded.Match, or what is like it, such as Rename.MatchFulfilled of a mutation.
// It returns the payload.
func ReceiveMatch[P any](ts *TestStore, match func(store.Action) (P, bool), expect ...Expectation) P {
	ts.t.Helper()
	tr := ts.receive("an action that matches", func(a store.Action) bool { _, ok := match(a); return ok })
	got, _ := match(tr.Action)
	ts.judge(tr, expect)
	return got
}

// ReceiveSignal is [Receive] for an action without payload.
func (ts *TestStore) ReceiveSignal(s store.Signal, expect ...Expectation) {
	ts.t.Helper()
	ts.judge(ts.receive(s.Type(), s.Matches), expect)
}

// ReceiveType is [Receive] for an action of which the test knows only the type, such as those of the query engine
// ("userApi/executeQuery/pending"). It returns the action.
func (ts *TestStore) ReceiveType(typ string, expect ...Expectation) store.Action {
	ts.t.Helper()
	tr := ts.receive(typ, func(a store.Action) bool { return a.Type() == typ })
	ts.judge(tr, expect)
	return tr.Action
}

// receive waits for an action and takes it from the queue. The test ends where it does not come.
func (ts *TestStore) receive(what string, match func(store.Action) bool) store.Transition {
	ts.t.Helper()
	limit := ts.limit(settle())
	timeout := time.NewTimer(limit)
	defer timeout.Stop()
	for {
		tr, ok := ts.take(match)
		switch {
		case ok:
			return tr
		case tr.Action.Type() != "":
			ts.t.Fatalf("storetest: %s came where %s was to be received%s", tr.Action.Type(), what, ts.describe())
		}
		select {
		case <-ts.news:
		case <-timeout.C:
			ts.t.Fatalf("storetest: %s was to be received and did not come within %v%s", what, limit, ts.describe())
		}
	}
}

// take takes the next matching action from the queue; false where there is none yet. Where another action must come before
// it, that one is returned.
func (ts *TestStore) take(match func(store.Action) bool) (store.Transition, bool) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	for at, came := range ts.queue {
		switch {
		case match(came.Action):
			tr := ts.remove(at)
			if ts.lax && !ts.unordered {
				ts.queue = ts.queue[at:]
			}
			return tr, true
		case !ts.lax && !ts.unordered:
			return came.Transition, false
		}
	}
	return store.Transition{}, false
}

// limit is how long to wait for an action. Time costs nothing in a bubble. Elsewhere a tenth of what is left to the test is
// for saying what went wrong.
func (ts *TestStore) limit(bubble bool) time.Duration {
	switch {
	case bubble && ts.patience == 0:
		return 24 * time.Hour
	case bubble:
		return ts.patience
	}
	limit := cmp.Or(ts.patience, patience)
	if t, ok := ts.t.(interface{ Deadline() (time.Time, bool) }); ok {
		if deadline, ok := t.Deadline(); ok {
			limit = min(limit, time.Until(deadline)*9/10)
		}
	}
	return limit
}

// describe says what has come and what runs.
func (ts *TestStore) describe() string {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	text := list("to be received", lines(ts.queue)) + list("running", ts.Running())
	if text == "" {
		return "; nothing else waits to be received, and nothing runs"
	}
	return text
}

func list(title string, items []string) string {
	if len(items) == 0 {
		return ""
	}
	return fmt.Sprintf("\n%s:\n  %s", title, strings.Join(items, "\n  "))
}

// lines describes actions. Payloads are shown in their JSON form, in which secrets are hidden.
func lines(queue []arrival) []string {
	const long = 200
	var all []string
	for _, came := range queue {
		text := came.Action.Type()
		var wire struct {
			Payload json.RawMessage `json:"payload"`
		}
		if data, err := json.Marshal(came.Action); err == nil && json.Unmarshal(data, &wire) == nil && wire.Payload != nil {
			text += " " + string(wire.Payload)
		}
		if len(text) > long {
			text = strings.ToValidUTF8(text[:long], "") + "…"
		}
		all = append(all, text)
	}
	return all
}
