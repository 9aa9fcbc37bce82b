// Package store keeps the state of an application in one place and lets only actions change it: Redux, with Go's types
// and Go's concurrency.
//
// A [Slice] is a typed part of the state with the reducers that answer to actions. Slices and their actions are declared
// as package variables:
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
// A [Store] holds the slices of an application:
//
//	st, err := store.New(store.Options{}, Slice)
//	stop := store.Subscribe(context.Background(), st, N, func(n int) { fmt.Println("now", n) })
//	st.Dispatch(Add(2))         // action "counter/add"
//	n := N.Of(st.State())       // 2
//	stop()
//	st.Close()
//
// Work that takes time is a [Thunk]; what is alive and cannot be part of the state, such as a client, is kept beside it
// in a [Dep]. Package slate/store/query caches what a server said.
//
// # What is immutable
//
// A [State] never changes, and nothing reachable from it may be changed: not by a reducer, not by a reader. A reducer gets
// a shallow copy of its slice. It may set the fields of that copy; a slice, map or pointer in it is shared with the old
// state and must be cloned before it is written to (slices.Clone, maps.Clone).
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
//     not the last.
//  6. A subscriber is never called twice at once and never under a lock: it may dispatch, read, watch and stop.
//  7. A dispatch from inside a subscriber changes the state at once; subscribers hear of it in the next round, after all
//     have been called in the present one.
//  8. A subscriber hears only of changes of slices that its selector reads, and only where the selected value changed.
//     Others cost a dispatch nothing.
//  9. A subscriber that was stopped is not called again, not even in the round under way, save for a call that is running
//     on another goroutine at that moment.
//  10. A dispatch from inside a reducer returns [ErrInReducer]; it neither changes anything nor deadlocks.
//  11. A panic in a reducer leaves the state as it was and the store usable; the dispatch returns a [*PanicError]. A panic
//     in a subscriber is logged and keeps no other subscriber from being called.
//  12. The store starts no goroutine. [Store.Close] waits for the thunks that run and ends the streams of [Changes].
//
// # When not to use it
//
// State that one goroutine owns and nobody else watches is better off in a variable. What a server owns belongs in a
// query cache (slate/store/query), which knows when it is out of date, and not in a slice of one's own.
package store
