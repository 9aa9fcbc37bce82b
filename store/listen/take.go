package listen

import (
	"context"
	"iter"

	"slate/store"
)

// Take waits for the next action of a creator and returns its payload (take in Redux Toolkit). It works anywhere: in
// effects, thunks and plain goroutines. A timeout is one of ctx: errors.Is(err, context.DeadlineExceeded) tells it from a
// cancellation. The error is the cause of ctx or [store.ErrClosed].
//
// Only actions count that come after the call. Where that may be too late, open a [Stream] first; in an effect, declare the
// action with [Listener.Hear].
func Take[P any](ctx context.Context, st *store.Store, c store.Creator[P]) (P, error) {
	e, err := next(ctx, st, &hook{typ: c.Type()}, func(t store.Transition) bool { _, ok := c.Match(t.Action); return ok })
	p, _ := c.Match(e.Action)
	return p, err
}

// TakeMatch is [Take] for the next action for which match is true, and returns it with the states on both sides of it.
// Match sees every action, under the store's lock: it must be pure and quick. Where it panics, the error is a
// [*store.PanicError].
func TakeMatch(ctx context.Context, st *store.Store, match func(store.Action) bool) (Event, error) {
	return next(ctx, st, &hook{}, func(t store.Transition) bool { return match(t.Action) })
}

// TakeState is [TakeMatch] with a predicate of the action and the states right before and right after it.
func TakeState(ctx context.Context, st *store.Store, predicate func(a store.Action, before, after store.State) bool) (Event, error) {
	return next(ctx, st, &hook{}, func(t store.Transition) bool { return predicate(t.Action, t.Before, t.After) })
}

// Condition waits until a selected value is as ok wants it, and returns that value (condition in Redux Toolkit). Where it is so
// already, Condition returns at once; a state that an action made is not missed, even if it holds for a moment only. A slice
// that is injected with a saved state counts too. The error is the cause of ctx, [store.ErrClosed], or a
// [*store.PanicError] where ok or the selector panicked on a later state.
//
// Ok and the selector run on the caller's goroutine first, without a lock; then in each dispatch that changed the state, under
// the store's lock; and where subscribers are told. So ok may run in several places at once: it must be pure, quick and safe
// for concurrent use.
func Condition[T any](ctx context.Context, st *store.Store, sel store.Selector[T], ok func(T) bool) (T, error) {
	s := open(st, &hook{change: true}, func(t store.Transition) bool { return ok(sel.Of(t.After)) })
	defer s.Close()
	// Mounting a slice is no action: the stream hears of it from a subscription.
	stop := store.Subscribe(context.Background(), st, sel, func(T) { s.hook.call(store.Transition{After: st.State()}) })
	defer stop()
	if v := sel.Of(st.State()); ok(v) {
		return v, nil
	}
	e, err := s.Next(ctx)
	if err != nil {
		var none T
		return none, err
	}
	return sel.Of(e.After), nil
}

// Each yields the payloads of the actions of a creator, all of them, from the beginning of the loop until ctx ends, the
// store is closed or the loop is left. Those that come while the loop is busy are kept for it.
//
//	for todo := range listen.Each(ctx, st, AddTodo) { … }
func Each[P any](ctx context.Context, st *store.Store, c store.Creator[P]) iter.Seq[P] {
	return func(yield func(P) bool) {
		s := open(st, &hook{typ: c.Type()}, func(t store.Transition) bool { _, ok := c.Match(t.Action); return ok })
		defer s.Close()
		for e := range s.All(ctx) {
			if p, _ := c.Match(e.Action); !yield(p) {
				return
			}
		}
	}
}

// next waits for one transition.
func next(ctx context.Context, st *store.Store, k *hook, match func(store.Transition) bool) (Event, error) {
	s := open(st, k, match)
	defer s.Close()
	return s.Next(ctx)
}
