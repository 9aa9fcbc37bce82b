package listen

import (
	"context"

	"slate/store"
)

// On declares a listener to the actions of a creator. The effect gets the payload. What a dispatch costs does not depend
// on how many listen to other types.
//
//	var Greet = listen.On(SignedIn, func(ctx context.Context, e listen.Event, u User) error { … })
//
// The effect runs on a goroutine of its own, after the reducers. Its context ends when it is cancelled, with the store and
// when it returns, and [context.Cause] tells which; it should return soon then. An error that is no cancellation goes to
// [Options].OnError, and so does a panic.
func On[P any](c store.Creator[P], effect func(ctx context.Context, e Event, payload P) error) *Listener {
	match := func(t store.Transition) effectFunc {
		p, ok := c.Match(t.Action)
		if !ok {
			return nil
		}
		return func(ctx context.Context, e Event) error { return effect(ctx, e, p) }
	}
	return newListener(c.Type(), false, func() matcher { return match })
}

// OnSignal is [On] for actions without a payload.
func OnSignal(s store.Signal, effect func(ctx context.Context, e Event) error) *Listener {
	return newListener(s.Type(), false, func() matcher {
		return when(effect, func(t store.Transition) bool { return s.Matches(t.Action) })
	})
}

// OnMatch declares a listener to the actions for which match is true: store.AnyOf, store.IsRejected, a Matches method. Match
// sees every action but store.Jumped, under the store's lock: it must be pure and quick. A panic in it is contained, and goes to
// [Options].OnError.
func OnMatch(match func(store.Action) bool, effect func(ctx context.Context, e Event) error) *Listener {
	return newListener("", false, func() matcher {
		return when(effect, func(t store.Transition) bool { return match(t.Action) })
	})
}

// OnState declares a listener to the actions for which a predicate of the action and the states right before and right after
// it is true. The predicate sees every action but store.Jumped, under the store's lock: it must be pure and quick. A panic in it is contained,
// and goes to [Options].OnError. Where one value of the state decides, [OnChange] is cheaper.
func OnState(predicate func(a store.Action, before, after store.State) bool, effect func(ctx context.Context, e Event) error) *Listener {
	return newListener("", false, func() matcher {
		return when(effect, func(t store.Transition) bool { return predicate(t.Action, t.Before, t.After) })
	})
}

// OnChange declares a listener to each change of a selected value by an action. The effect gets the values on both sides of
// the action. Two values count as the same where they do to [store.Subscribe]; unlike there, no change in between is skipped.
// A change by time travel, store.Jumped, starts nothing; the next one counts from there. The selector is run only where an
// action changed a slice that it reads. A panic in it is contained, and goes to
// [Options].OnError.
func OnChange[T any](sel store.Selector[T], effect func(ctx context.Context, e Event, from, to T) error) *Listener {
	return newListener("", true, func() matcher {
		value := follow(sel)
		return func(t store.Transition) effectFunc {
			from, to, changed := value(t)
			if !changed {
				return nil
			}
			return func(ctx context.Context, e Event) error { return effect(ctx, e, from, to) }
		}
	})
}

// follow returns a function that tells what each of a sequence of transitions did to a selected value.
func follow[T any](sel store.Selector[T]) func(store.Transition) (from, to T, changed bool) {
	// A selector that depends on nothing but the value runs exactly when that changed.
	news := store.Derive(sel, func(T) struct{} { return struct{}{} })
	var last T
	var seen uint64 // the version of the state that last was selected from
	moved := func(state store.State) bool {
		runs := news.Runs()
		seen = state.Version()
		news.Of(state)
		if news.Runs() == runs {
			return false
		}
		last = sel.Of(state)
		return true
	}
	return func(t store.Transition) (from, to T, changed bool) {
		if t.Before.Version() != seen { // the first time, and where slices were injected or replaced since
			moved(t.Before)
		}
		from = last
		changed = moved(t.After)
		return from, last, changed
	}
}

func when(effect effectFunc, match func(store.Transition) bool) matcher {
	run := func(ctx context.Context, e Event) error { return effect(ctx, e) } // not nil: a missing effect is reported
	return func(t store.Transition) effectFunc {
		if match(t) {
			return run
		}
		return nil
	}
}
