// Package storetest tests what is built on package store: slices, thunks, listeners, queries.
//
// It imports testing and go-cmp: it is for tests only. Package record beside it, which writes what a running program does
// to a file, is not.
//
// # A test store
//
// [NewTestStore] makes a store that the test must account for (TestStore in the Swift Composable Architecture). What a
// user does is sent, and each send says what it changes, starting from the state before:
//
//	func TestAdd(t *testing.T) {
//		ts := storetest.NewTestStore(t, todos.Slice, stats.Slice)
//		ts.Send(todos.Add("tea"),
//			storetest.Expect(todos.Slice, func(want *todos.State) { want.Items = []string{"tea"} }),
//			storetest.Expect(stats.Slice, func(want *stats.State) { want.Added = 1 }),
//		)
//	}
//
// The test fails, with a diff, where a slice is not what was expected, and also where another slice changed than the named
// ones. So a test says all that an action does, and a change that nobody thought of is seen the day it is made.
//
// # What effects dispatch
//
// Whatever was not sent was dispatched by an effect: a thunk, a listener, a query, a subscriber. Such actions wait in a
// queue until the test receives them, one by one and in their order. The creator says of which type the payload is:
//
//	load.Start(ctx, ts.Store, "ada")
//	storetest.Receive(ts, load.Pending, store.Call[string]{ID: "1", Arg: "ada"}, storetest.Expect(…))
//	done := storetest.ReceiveMatch(ts, load.Fulfilled.Match, storetest.Expect(…)) // the payload, where it cannot be foretold
//
// Receiving waits until the action has come. Each action is judged by the states right before and right after it, so it does
// not matter what else went on meanwhile. Effects that run side by side dispatch in an order that is nobody's promise;
// [TestStore.Unordered] lets the test receive them as it likes.
//
// When the test ends, actions that were not received and effects that still run, which are those that [store.Store.Running]
// names, fail it, with a list of what they are.
// [TestStore.SkipReceived] and [TestStore.SkipEffects] say that a test is not about them, and [TestStore.Exhaustive] makes
// the store ask for nothing but what the test names: for long stories of which one end matters.
//
// What the query engine dispatches is received by the matchers of queries and mutations, such as GetUser.MatchFulfilled.
// Only the engine can make what an API's slice holds, so that a test has to leave its changes aside, with
// [TestStore.Ignore].
//
// # Time
//
// In a testing/synctest bubble time is that of the bubble: receiving what a debounce of an hour dispatches takes no time, and
// whether an effect still runs at the end of the test is not a matter of luck. This is how effects are tested best:
//
//	synctest.Test(t, func(t *testing.T) {
//		ts := storetest.NewTestStore(t, search.Slice)
//		…
//	})
//
// Outside of a bubble receiving takes the time that effects take, ten seconds at most ([TestStore.Patience]), and the end of
// the test waits a second for effects that are about to end.
//
// # Where a test starts, and what it stands on
//
// [With] mounts a slice that starts with another state than its initial one. [Provide] gives the store a dependency, a fake
// client say. A slice with other reducers is made by [store.Slice.Replacement], and mounted in place of the one it stands
// for:
//
//	ts := storetest.NewTestStoreWith(t,
//		store.Options{Enhancers: []store.Enhancer{storetest.Provide(api.Client, fake)}},
//		storetest.With(session.Slice, session.State{User: "ada"}),
//		todos.Slice.Replacement(todos.State{}),
//	)
//
// # Recordings
//
// record.To, an enhancer, writes the actions of a running store and the slices that each changed as lines of JSON;
// [Replay] dispatches them to a fresh store and shows what comes out different. So a session in which something went wrong
// becomes a test, and a long story that must not change is a golden file for [ReplayFile].
//
// # Smaller tools
//
// [New] makes a plain store that ends with the test, [Step] checks what one action does to one slice, [Recorder] notes which
// actions went through. They are for tests of other things that need a store on the side.
//
// # How values are compared
//
// By package go-cmp, unexported fields too. A type with an Equal method says itself what is equal. Collections that show
// nothing but an All method, such as entity.Entities, are compared by what it yields, errors by errors.Is or, where that says
// no, by all that is in them, and functions by their code. [TestStore.Compare] adds options. A diff shows values as they are,
// secrets too: tests make theirs up.
//
// A test store also watches that nobody writes to a state that must not change ([store.Checks]): a reducer that sorts a list
// in place fails the test.
//
// # When not to use it
//
// A reducer is a function of a state and a payload, and a selector one of a state: where nothing else matters, a table test
// that calls them needs no store.
package storetest
