package storetest

import (
	"slices"

	"slate/store"
)

// Expectation says what one action does to one slice. Make it with [Expect].
type Expectation struct {
	slice string
	diff  func(ts *TestStore, tr store.Transition) string
}

// Expect says what an action does to a slice: change gets the state before the action and makes of it the state after. It
// gets a shallow copy, as a reducer does: it may set fields; a slice or map must be replaced or cloned before it is written
// to. Where the test is not exhaustive, change gets the state after the action and must find nothing to change.
func Expect[S any](slice *store.Slice[S], change func(want *S)) Expectation {
	return Expectation{slice.Name(), func(ts *TestStore, tr store.Transition) string {
		want, got := slice.Of(tr.Before), slice.Of(tr.After)
		if ts.lax {
			want = got
		}
		change(&want)
		return ts.diff(want, got)
	}}
}

// Send dispatches an action, as the user of the program would, and compares what it changed with what is expected. The test
// fails with a diff where a slice is not as expected, and where one changed that no expectation names. It ends where the
// dispatch fails; to see a middleware refuse an action, use Dispatch.
//
// The action is judged by the states right before and right after it. What subscribers, listeners and middleware dispatch
// in answer waits to be received.
func (ts *TestStore) Send(a store.Action, expect ...Expectation) {
	ts.t.Helper()
	ts.mu.Lock()
	mark := ts.seen
	ts.mu.Unlock()
	if err := ts.Dispatch(a); err != nil {
		ts.t.Fatalf("storetest: %q cannot be sent: %v", a.Type(), err)
	}
	tr, ok := ts.sent(mark, a)
	if !ok {
		ts.t.Fatalf("storetest: %s did not come to the reducers: a middleware kept it back; where that is meant, use Dispatch", a.Type())
	}
	ts.judge(tr, expect)
}

// sent takes the action that was sent from the queue. A middleware may have exchanged it for another of its type.
func (ts *TestStore) sent(mark int, a store.Action) (store.Transition, bool) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	at := slices.IndexFunc(ts.queue, func(came arrival) bool { return came.number > mark && came.Action == a })
	if at < 0 {
		at = slices.IndexFunc(ts.queue, func(came arrival) bool { return came.number > mark && came.Action.Type() == a.Type() })
	}
	if at < 0 {
		return store.Transition{}, false
	}
	return ts.remove(at), true
}

// remove takes an action from the queue. The caller holds ts.mu.
func (ts *TestStore) remove(at int) store.Transition {
	tr := ts.queue[at].Transition
	ts.queue = slices.Delete(ts.queue, at, at+1)
	return tr
}

// judge compares what an action changed with what is expected.
func (ts *TestStore) judge(tr store.Transition, expect []Expectation) {
	ts.t.Helper()
	named := map[string]bool{}
	for _, e := range expect {
		if named[e.slice] {
			ts.t.Errorf("storetest: %s: slice %q is expected twice; one Expect says all of it", tr.Action.Type(), e.slice)
			continue
		}
		named[e.slice] = true
		if diff := e.diff(ts, tr); diff != "" {
			ts.t.Errorf("storetest: %s: slice %q is not what was expected (-want +got):\n%s", tr.Action.Type(), e.slice, diff)
		}
	}
	if ts.lax {
		return
	}
	for _, s := range ts.slices {
		if named[s.Name()] || !s.Changed(tr.Before, tr.After) {
			continue
		}
		if diff := ts.diff(s.Value(tr.Before), s.Value(tr.After)); diff != "" {
			ts.t.Errorf("storetest: %s: slice %q changed, which no expectation says (-before +after):\n%s", tr.Action.Type(), s.Name(), diff)
		}
	}
}
