// Package listen reacts to what happens in a store: an action or a change of the state starts an effect, which may take its
// time, wait for further actions, dispatch, and be cancelled. It is the listener middleware of Redux Toolkit
// (createListenerMiddleware), with goroutines and contexts.
//
// A [Listener] is declared as a package variable, beside the slice that it belongs to:
//
//	var Save = listen.On(AddTodo, func(ctx context.Context, e listen.Event, text string) error {
//		disk, _ := Disk.Of(e.Store)
//		return disk.Append(ctx, text)
//	})
//
//	var Search = listen.OnChange(Query, func(ctx context.Context, e listen.Event, from, to string) error {
//		if err := listen.Delay(ctx, 300*time.Millisecond); err != nil { // debounce: nothing was typed meanwhile
//			return err
//		}
//		return e.Store.Run(ctx, Find(to))
//	}).Latest()
//
// A store runs it from its beginning, or from any later moment on:
//
//	st, err := store.New(store.Options{
//		Enhancers: []store.Enhancer{listen.Enhancer(listen.Options{OnError: report}, todos.Save, todos.Search)},
//	}, todos.Slice)
//
//	todos.Audit.Start(ctx, st) // until ctx ends, Audit.Stop(st) or st.Close()
//
// # What starts an effect
//
//	On(creator, effect)        an action of the creator; the effect gets the payload
//	OnSignal(signal, effect)   an action without a payload
//	OnMatch(match, effect)     an action for which a function is true: store.AnyOf, store.IsRejected …
//	OnChange(selector, effect) a selected value that an action changed; the effect gets both values
//	OnState(predicate, effect) an action for which a function of it and both states is true
//
// The first two cost a dispatch of another type nothing, however many there are. A change is looked for only where the state
// changed, and its selector is run only where one of the slices that it reads did. The functions of the other two see every
// action.
//
// Time travel is none of it: where the devtools or [slate/store.Store.Jump] bring back a state, OnMatch, OnChange and OnState
// start nothing, since what the way there started is not to be done again. Who wants to know of it declares
// OnSignal(store.Jumped, effect). Streams and what waits, such as [TakeMatch] and [Condition], hear of it like of any action.
//
// # Which effects run at once
//
// In JavaScript an effect begins before dispatch returns, and can cancel others or unsubscribe in its first lines. A
// goroutine begins some time later, when more actions may have come. So what has to be decided in the order of the actions is
// part of the declaration:
//
//	(nothing)      every action starts an effect
//	Latest()       an action cancels the effects of earlier ones: take latest; with a Delay first, debounce
//	Leading()      while an effect runs, actions are ignored: take leading; with a Delay last, throttle
//	Serial()       effects wait for each other, in the order of the actions
//	Once()         the first action only
//	Until(match)   a later action cancels running effects
//	Hear(match)    later actions are kept for [Event.Next], from the effect's own action on
//
// They can be combined: Latest().Serial() lets the newest effect begin when those that it cancelled have returned.
//
// # What an effect can do
//
// It reads and dispatches through e.Store, and looks at the states around its action, e.Before and e.After, for as long as it
// likes. [Take], [TakeMatch] and [TakeState] wait for another action, [Condition] for a state, [Delay] for some time, [Pause]
// for a channel; all fail as soon as their context ends. These are functions of a context and a store, so thunks and plain
// goroutines use them as well. [Open] and [Each] give all actions from one moment on, without a gap between two of them.
// [Fork] starts a task and gives its outcome; [ForkJoined] makes the effect wait for it. For tasks that stand or fall together
// there is golang.org/x/sync/errgroup, with the effect's context.
//
// # Promises
//
//  1. Whether an action starts an effect, and which effects it cancels, is decided before its Dispatch returns, in the order
//     in which the reducers ran. The effect itself runs on a goroutine of its own, after the reducers.
//  2. Matchers, predicates and selectors run one at a time, under the store's lock: they must be pure and quick. A dispatch from
//     one gets store.ErrInReducer; it must not start, stop or wait for listeners.
//  3. An effect's context ends when the effect returns ([ErrCompleted]), is cancelled ([ErrCancelled]), with the store
//     (store.ErrClosed), and with the context that the listener was started with (its cause). Its tasks end with it, or by
//     themselves ([ErrTaskCancelled]). [context.Cause] tells which.
//  4. An effect or task that was cancelled before it began does not begin.
//  5. A failure, panic or runtime.Goexit in a predicate, effect or task keeps no other listener from running; [Options].OnError hears of it, with
//     the part that failed. Cancellations are not failures.
//  6. Stop keeps later actions from starting effects; those that run go on. Cancel ends them, whether the listener was stopped
//     or not. Clear does both, for all listeners of a store.
//  7. Closing the store cancels all effects and tasks and waits for them. No goroutine is left. So an effect must not close
//     its store, and has to return when its context ends.
//
// # When to use something else
//
//   - A value on the screen: store.Subscribe, store.Watch. They skip states in between, which is what a screen wants; a
//     listener sees each action.
//   - Work that somebody asks for and whose result or error he wants: a store.Thunk or store.AsyncThunk, called where the
//     button is pressed. A listener is for reactions that the one who dispatches need not know of.
//   - What has to happen before the reducers, or may change or refuse an action: store.Middleware. A listener comes after
//     the fact.
//   - A state that follows from an action: a reducer, with store.On. A listener that only dispatches another action at once
//     is a reducer in the wrong place.
//   - What a server owns: slate/store/query, which fetches, caches and invalidates.
//
// # Testing
//
// Time is that of package time: in a bubble of testing/synctest an hour's Delay passes in no time, and synctest.Wait waits
// until all effects have come as far as they can.
package listen
