package query

import "slate/store"

func match(ep *endpoint, c store.Creator[event], a store.Action) (event, bool) {
	e, ok := c.Match(a)
	return e, ok && e.ep == ep
}

func callOf[A any](e event) store.Call[A] {
	return store.Call[A]{ID: requestID(e.seq), Arg: as[A](e.arg)}
}

func matchPending[A any](ep *endpoint, c store.Creator[event], a store.Action) (store.Call[A], bool) {
	e, ok := match(ep, c, a)
	if !ok {
		return store.Call[A]{}, false
	}
	return callOf[A](e), true
}

func matchFulfilled[A, R any](ep *endpoint, c store.Creator[event], a store.Action) (store.Done[A, R], bool) {
	e, ok := match(ep, c, a)
	if !ok {
		return store.Done[A, R]{}, false
	}
	done := store.Done[A, R]{Call: callOf[A](e)}
	if e.data != nil {
		done.Result = *e.data.(*R)
	}
	return done, true
}

func matchRejected[A any](ep *endpoint, c store.Creator[event], a store.Action) (store.Failure[A], bool) {
	e, ok := match(ep, c, a)
	if !ok {
		return store.Failure[A]{}, false
	}
	return store.Failure[A]{Call: callOf[A](e), Err: e.err}, true
}

// MatchPending reports whether an action says that a run of the mutation began.
func (m *Mutation[A, R]) MatchPending(a store.Action) (store.Call[A], bool) {
	return matchPending[A](m.ep, m.ep.api.events.mutationPending, a)
}

// MatchFulfilled reports whether an action says that a run of the mutation succeeded, and returns its answer.
func (m *Mutation[A, R]) MatchFulfilled(a store.Action) (store.Done[A, R], bool) {
	return matchFulfilled[A, R](m.ep, m.ep.api.events.mutationFulfilled, a)
}

// MatchRejected reports whether an action says that a run of the mutation failed, and returns why.
func (m *Mutation[A, R]) MatchRejected(a store.Action) (store.Failure[A], bool) {
	return matchRejected[A](m.ep, m.ep.api.events.mutationRejected, a)
}
