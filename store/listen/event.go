package listen

import (
	"context"

	"slate/store"
)

// Event is an action that was listened to: the action and the states right before and right after it, whatever was
// dispatched since. Both stay valid for as long as they are kept (getOriginalState in Redux Toolkit works only while the
// dispatch is under way).
//
// An Event is a value and may be copied. Its methods are safe for concurrent use.
type Event struct {
	Store         *store.Store
	Action        store.Action
	Before, After store.State

	run *run // nil where no effect was started: an event of a stream
}

func eventOf(st *store.Store, t store.Transition) Event {
	return Event{Store: st, Action: t.Action, Before: t.Before, After: t.After}
}

// CancelActive cancels the effects of the same listener that were started before this one (cancelActiveListeners in
// Redux Toolkit), with [ErrCancelled]. Where an effect always begins with that, declare the listener [Listener.Latest]:
// then it happens before Dispatch returns.
func (e Event) CancelActive() {
	if e.run != nil {
		e.run.cancelEarlier()
	}
}

// Unsubscribe stops the listener that the effect belongs to, and reports whether it was started. The effect goes on. An
// action that came in the meantime has started its effect already: use [Listener.Once] and [Listener.Leading] for what
// must not happen.
func (e Event) Unsubscribe() bool {
	return e.run != nil && e.run.reg.hub.stop(e.run.reg.listener)
}

// Subscribe starts the listener again that the effect belongs to, with the context it was started with, and reports
// whether it was stopped.
func (e Event) Subscribe() bool {
	return e.run != nil && e.run.reg.hub.start(e.run.since, e.run.reg.listener)
}

// Next waits for the next of the actions that [Listener.Hear] names. The first call looks right behind the effect's own
// action, so that none is missed, however late the effect's goroutine began. The error is the cause of ctx.
func (e Event) Next(ctx context.Context) (Event, error) {
	if e.run == nil || e.run.heard == nil {
		return Event{}, errNothingHeard
	}
	return e.run.heard.Next(ctx)
}
