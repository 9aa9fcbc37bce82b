// Package query caches what a server said and keeps it fresh by tags: RTK Query, on package slate/store.
//
// An [API] groups endpoints. A [Query] reads: its answers are cached by argument, shared by all who ask at once, and
// provide tags. A [Mutation] writes, and invalidates tags. What is watched and out of date is fetched again; what nobody
// watches is dropped. All are package variables:
//
//	var (
//		UserAPI = query.NewAPI("userApi")
//		UserTag = query.NewTag("User")
//
//		GetUser = query.New(UserAPI, query.Spec[string, User]{
//			Name:     "getUser",
//			Fetch:    func(ctx context.Context, c query.Call, id string) (User, error) { … },
//			Provides: func(u User, err error, id string) []query.Tag { return UserTag.IDs(id) },
//		})
//		Rename = query.NewMutation(UserAPI, query.MutationSpec[Name, User]{
//			Name:        "rename",
//			Run:         func(ctx context.Context, c query.Call, n Name) (User, error) { … },
//			Invalidates: func(u User, err error, n Name) []query.Tag { return UserTag.IDs(n.ID) },
//		})
//	)
//
// There is no client to pass around; the store is all that an application holds:
//
//	sub := GetUser.Subscribe(st, "42", func(r query.Result[User]) { … }) // asks the server once, whoever else watches
//	defer sub.Close()
//	u, err := Rename.Do(ctx, st, Name{ID: "42", To: "Ada"})               // and sub sees the new user
//	u, err = GetUser.Fetch(ctx, st, "42")                                 // from the cache
//
// # Promises
//
// What happens is dispatched as actions ("userApi/executeQuery/pending", …), so that middleware, listeners and other
// slices see it, and the results are part of the store's state. Beyond what RTK Query does:
//
//  1. Starting, answering, subscribing, reading and invalidating one entry costs the same however many are cached.
//  2. An invalidation is neither lost nor blocked: a request that began before it is followed by exactly one more, no
//     entry waits for the request of another, and who asks after it never gets an answer to what was asked before it.
//  3. A request is cancelled when the last one who waits for it has left, and its entry goes back to what it was.
//  4. An answer that belongs to an older request changes nothing.
//  5. Unwatched results are bounded in number and in time, watched ones are never dropped.
//  6. Tags belong to the store: a mutation of one API refreshes the queries of another.
//  7. Everything is safe for concurrent use. No function of yours is called under a lock; subscribers are called one at a
//     time, each with newer and newer results.
//  8. Closing the store cancels all requests and waits for them.
//
// # Testing
//
// Endpoints find their clients with [store.Dep], so a test provides a fake one to a store of its own. Time is that of
// package time: a test in a testing/synctest bubble sees an hour of KeepUnused pass in no time. Package querytest scripts
// the answers and fails on requests that a test does not expect.
package query
