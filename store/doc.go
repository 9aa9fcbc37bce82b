// Package store keeps the state of an application in one place and lets only actions change it: Redux, with Go's types
// and Go's concurrency. It knows no UI.
//
// # Slices and actions
//
// A [Slice] is a typed part of the state with the reducers that answer to actions. Slices, their actions and their selectors
// are declared as package variables:
//
//	type Counter struct{ N int }
//
//	var (
//		Slice = store.NewSlice("counter", Counter{})
//		Add   = store.Case(Slice, "add", func(s Counter, n int) Counter { s.N += n; return s })
//		Reset = store.CaseSignal(Slice, "reset", func(Counter) Counter { return Counter{} })
//		N     = store.Select(Slice, func(s Counter) int { return s.N })
//	)
//
// [Case] declares the action "counter/add" and its answer at once, and returns what makes the action: a [Creator], or a
// [Signal] where there is nothing to carry. Add(2) is an [Action]; Add("two") does not compile. A slice answers to actions of
// others with [On], to many at once with [OnMatch] and [AnyOf], and to all that is left with [OnDefault]. A [Meta] says
// something about an action beside its payload. Actions are JSON and back ([Action.MarshalJSON], [Store.Decode]).
//
// A [Store] holds the slices of an application. The handles hold no state, so that any number of stores can mount them:
//
//	st, err := store.New(store.Options{}, Slice)
//	defer st.Close()
//	stop := store.Subscribe(ctx, st, N, func(n int) { fmt.Println("now", n) })
//	st.Dispatch(Add(2))         // now 2
//	n := N.Of(st.State())       // 2
//
// # What is immutable
//
// A [State] never changes, and nothing reachable from it may be changed: not by a reducer, not by a reader. A reducer gets
// a shallow copy of its slice. It may set the fields of that copy; a slice, map or pointer in it is shared with the old
// state and must be cloned before it is written to (slices.Clone, maps.Clone). Package slate/store/entity has collections
// that are not cloned to be changed.
//
// A reducer that returns the state as it came changed nothing, and wakes nobody. What counts is the value of the struct
// itself and not what it refers to, so that finding out costs the same for a slice of any size.
//
// # Dispatching
//
// [Store.Dispatch] takes an action through the [Middleware] to the reducers, publishes the next state and tells the
// subscribers of the slices that changed, before it returns where no round of telling is under way. [Store.Batch] and
// [Store.DispatchAll] tell them once, at the end. A [Scheduler] in [Options] puts the telling off, to the next frame of a
// screen ([Frames]) or for a while ([After]); [Options].Defer says which actions can wait. States are never put off: the next
// read has them.
//
// # Selecting and watching
//
// A [Selector] derives a value from a snapshot, remembers it, and knows which slices it reads. [Select] reads from one slice;
// [Derive] to [Derive6] combine selectors and run again only when an input changed; [Selector.Equal] keeps an earlier result
// that is equal; a [Family] has one selector for each key, up to a limit.
//
// There are three ways to follow a selected value, none of which costs a goroutine:
//
//   - [Subscribe] calls a function on the goroutine that dispatched.
//   - [Watch] is a loop: the present value first, then each new one.
//   - [Changes] is a channel of the same values, for a select statement.
//
// A value counts as new where it is neither the same memory nor, for comparable types, equal. Who is slow gets the newest
// value and not each one in between.
//
// # Work that takes time
//
// Reducers are pure; what waits or asks others is a [Thunk]: [Store.Run] runs it here, [Store.Go] on a goroutine of its own.
// Its context ends with the caller's and with the store. An [AsyncThunk] also tells the store of its beginning and its end,
// with the actions Pending, Fulfilled and Rejected, to which slices answer with [On]. Its [Task] can be waited for and
// cancelled with a cause. What is alive and cannot be part of the state, such as a client, is kept beside it in a [Dep],
// of which each store has its own.
//
// # Coming, going and starting again
//
// [Store.Inject] adds slices to a running store; before that they read as their initial value. [Store.Replace] exchanges a
// slice for its [Slice.Replacement], for tests or new code. [ResetAll] takes every slice back to its beginning. [Store.Encode]
// writes the slices as JSON, and [Options].Saved starts the next run from it, where slate/store/persist does not do it all by
// itself. [Restore] and [Store.Jump] bring states back from elsewhere: from a disk, or from the past.
//
// # Extending
//
// A [Middleware] sees each action before the reducers and may change, refuse or follow it; [Store.Use] adds and removes it
// while the store is used, and [For] limits it to some actions. A tap ([Store.Tap]) observes: each action that went through
// the reducers, with the states right before and after it. An [Enhancer] does all of that while a store is made.
// [Store.OnClose] ends what has to end with it.
//
// # Development checks
//
// [Options].Checks looks for what types cannot rule out: a reducer that changes its input, a payload that is no JSON, a
// selector that never gives the same result twice. They cost nothing where they are off.
//
// # Concurrency
//
// These promises hold on every platform, and a test carries the number of each.
//
//  1. Any goroutine may dispatch. Reducers run one at a time, in one order, which is that of the versions.
//  2. Reading takes no lock: [Store.State] is one atomic load and never waits for a dispatch.
//  3. A dispatch changes all slices that answer to the action, or none.
//  4. A dispatch that returned nil is visible to every later read, on every goroutine that learns of it.
//  5. A subscriber sees newer and newer states, never an older one after a newer one. It may miss states in between, but
//     not the last one of an open store.
//  6. A subscriber is never called twice at once and never under a lock: it may dispatch, read, watch and stop.
//  7. A dispatch from inside a subscriber changes the state at once; subscribers hear of it in the next round, after all
//     have been called in the present one.
//  8. A subscriber hears only of changes of slices that its selector reads, and only where the selected value changed.
//     Others cost a dispatch nothing.
//  9. A subscriber that was stopped is not called again, not even in the round under way, save for a call that is running
//     on another goroutine at that moment.
//  10. A dispatch from inside a reducer returns [ErrInReducer]; it neither changes anything nor deadlocks.
//  11. A panic in a reducer leaves the state as it was and the store usable; the dispatch returns a [*PanicError]. A panic
//     in a subscriber is logged and keeps no other subscriber from being called. One in a middleware reaches who dispatched.
//  12. The store keeps no goroutine but those that [Store.Go] and [AsyncThunk.Start] are called for; the end of a context
//     starts one for a moment. [Store.Close] waits for
//     the thunks that run and ends the loops of [Watch] and the streams of [Changes].
//  13. While a batch is open, no round begins, whoever dispatches; one that is under way goes on. When the last open one
//     ends, also by a panic, all is told in one round. Each dispatch in it is visible at once.
//  14. A scheduler puts off notifications and nothing else. An action that cannot wait tells what was put off as well, and
//     so does [Store.Close].
//  15. A tap sees every action that went through the reducers once, in the order of the versions, before subscribers hear of
//     it. Its states are those right before and right after the action, whatever other goroutines dispatch.
//  16. The channel of [Changes] holds one value, the newest. A dispatch never waits for who receives.
//  17. An action that is passing the middleware when the chain changes reaches the reducers, once.
//
// # When not to use it
//
// State that one goroutine owns and nobody else watches is better off in a variable. What a server owns belongs in a
// query cache (slate/store/query), which knows when it is out of date, and not in a slice of one's own. A store is not a
// database: it holds what fits in memory, and a batch is no transaction; what must change together belongs into one action.
// And a store is no message bus: subscribers see values and may miss some in between; who must see each action takes
// slate/store/listen.
//
// # What is built on it
//
//   - slate/store/entity: collections by id, sorted, indexed, that share instead of being copied
//   - slate/store/listen: effects that follow actions or changes of the state
//   - slate/store/persist: slices that outlive the process, with versions and migrations
//   - slate/store/devtools: a log of actions, time travel, Redux DevTools
//   - slate/store/query: what a server knows, cached, shared and refetched
//   - slate/store/storetest: for the tests of slices and of what is built on them
//
// Who comes from Redux Toolkit finds each of its concepts beside ours in docs/from-redux.md.
package store
