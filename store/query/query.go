package query

import (
	"context"
	"fmt"
	"time"

	"slate/store"
)

// Spec describes a [Query]. Name and Fetch are required.
type Spec[A, R any] struct {
	// Name is the endpoint's name, unique in its API.
	Name string

	// Fetch asks the server. Its context ends when nobody waits for the answer any more. Clients are found with
	// [store.Dep.Of] on c.Store.
	Fetch func(ctx context.Context, c Call, arg A) (R, error)

	// Provides names what the answer is made of: an invalidation of one of the tags makes it out of date. It is called with
	// the zero R where err is not nil.
	Provides func(r R, err error, arg A) []Tag

	// Share returns old where it says the same as new, so that nobody is told of an answer that changes nothing, and may
	// put parts of old into new, as [ShareParts] does. Where nil, old is kept if reflect.DeepEqual finds no difference.
	Share func(old, new R) R

	// RefetchFailed makes an entry whose latest refetch failed count as missing, so that the next one who asks for it
	// causes a request. Otherwise the earlier data and the error are what callers get until somebody refetches.
	RefetchFailed bool

	// KeepUnused, MaxUnused and CancelAfter replace the API's [Defaults].
	KeepUnused  time.Duration
	MaxUnused   int
	CancelAfter time.Duration
}

// Query is an endpoint that reads: answers are cached by argument, shared by all who ask, and kept fresh by tags. Declare
// it as a package variable. It holds no state and is safe for concurrent use.
type Query[A, R any] struct{ ep *endpoint }

// New declares a query whose argument is its own cache key: of what == says of it. A pointer in it identifies an entry by
// what it points at being the same, not equal; such an argument wants [NewKeyed]. It panics where the name is missing or taken, or Fetch is
// missing.
func New[A comparable, R any](api *API, spec Spec[A, R]) *Query[A, R] {
	return newQuery(api, spec, func(arg any) any { return keyable(as[A](arg), arg) })
}

// NewKeyed declares a query for an argument that is not comparable, such as a slice: keyOf returns what identifies it.
// Arguments with equal keys share an entry.
func NewKeyed[A any, K comparable, R any](api *API, spec Spec[A, R], keyOf func(A) K) *Query[A, R] {
	return newQuery(api, spec, func(arg any) any { k := keyOf(as[A](arg)); return keyable(k, k) })
}

// keyable returns what stands for a key in the tables: boxed, which is the key in an interface. What is not equal to itself (NaN) would never be found again there;
// its text will be. A value that cannot be compared although its type can (an interface that holds a slice) panics here and
// not in the middle of something.
func keyable[K comparable](k K, boxed any) any {
	if !same(k, k) {
		return fmt.Sprint(k)
	}
	return boxed
}

func same[K comparable](a, b K) bool { return a == b }

func newQuery[A, R any](api *API, spec Spec[A, R], keyOf func(any) any) *Query[A, R] {
	if spec.Fetch == nil {
		panic("query: endpoint " + api.Name() + "/" + spec.Name + " needs a Fetch function")
	}
	settings := Defaults{spec.KeepUnused, spec.MaxUnused, spec.CancelAfter}
	ep := newEndpoint(api, spec.Name, settings, spec.Fetch, spec.Provides)
	ep.keyOf = keyOf
	ep.refetchFailed = spec.RefetchFailed
	ep.share = keepEqual
	if spec.Share != nil {
		ep.share = func(old, new any) any {
			r := spec.Share(*old.(*R), *new.(*R))
			return &r
		}
	}
	api.add(ep)
	return &Query[A, R]{ep}
}

func (q *Query[A, R]) key(arg A) key { return key{q.ep, q.ep.keyOf(arg)} }

// Key returns the cache key of an argument as people and tools see it: `getUser("42")`.
func (q *Query[A, R]) Key(arg A) string { return q.key(arg).String() }

// Name returns "api/endpoint".
func (q *Query[A, R]) Name() string { return q.ep.fullName() }

// Subscribe watches the query for an argument: it asks the server where nothing is cached, and fn is called each time the
// result changes, until the subscription is closed. What was known before is in [Subscription.Result] when Subscribe
// returns, and so is that the request which it began is pending; fn, which may be nil, hears of everything else, and may
// hear of a quick answer before Subscribe has returned. Calls come one at a time and under no lock, with the promises of
// [store.Watch].
//
// On a closed store, or one in which the API cannot be mounted, the result is a rejected one with the reason.
func (q *Query[A, R]) Subscribe(st *store.Store, arg A, fn func(Result[R])) *Subscription[R] {
	var notify func(*record)
	if fn != nil {
		notify = func(r *record) { fn(resultOf[R](r)) }
	}
	return &Subscription[R]{
		s:     engineOf(st).subscribe(q.key(arg), arg, notify),
		again: func(ctx context.Context) (R, error) { return q.Fetch(ctx, st, arg) },
	}
}

// Fetch returns the cached data, or asks the server where there is none. Callers of one argument share a request; each
// stops waiting with its own context, and the request goes on while one is left. What was invalidated before the call is
// never returned: where the request that is running began earlier, Fetch waits for the next one.
//
// The error is that of the request, the cause of ctx, [ErrReset] or [store.ErrClosed]. Where the data is cached and its
// latest refetch failed, both are returned.
//
// A subscriber must not call Fetch for what is not cached: it would wait for a request that waits for the subscriber.
func (q *Query[A, R]) Fetch(ctx context.Context, st *store.Store, arg A) (R, error) {
	return q.fetch(ctx, st, arg, false)
}

// Refetch is [Query.Fetch] that asks the server even where data is cached. A request that is running already serves it.
func (q *Query[A, R]) Refetch(ctx context.Context, st *store.Store, arg A) (R, error) {
	return q.fetch(ctx, st, arg, true)
}

func (q *Query[A, R]) fetch(ctx context.Context, st *store.Store, arg A, forced bool) (r R, err error) {
	data, err := engineOf(st).fetch(ctx, q.key(arg), arg, forced)
	if data != nil {
		r = *data.(*R)
	}
	return r, err
}

// Peek returns what a snapshot knows of the query, and asks nobody.
func (q *Query[A, R]) Peek(state store.State, arg A) Result[R] {
	return resultOf[R](q.ep.api.Of(state).get(q.key(arg)))
}

// Select returns the selector of the query's result for an argument, to be combined with others. It asks nobody.
func (q *Query[A, R]) Select(arg A) store.Selector[Result[R]] {
	k := q.key(arg)
	return store.Select(q.ep.api.Slice, func(c Cache) Result[R] { return resultOf[R](c.get(k)) })
}

// MatchPending reports whether an action says that a request of the query began.
func (q *Query[A, R]) MatchPending(a store.Action) (store.Call[A], bool) {
	return matchPending[A](q.ep, q.ep.api.events.queryPending, a)
}

// MatchFulfilled reports whether an action says that a request of the query succeeded, and returns its answer.
func (q *Query[A, R]) MatchFulfilled(a store.Action) (store.Done[A, R], bool) {
	return matchFulfilled[A, R](q.ep, q.ep.api.events.queryFulfilled, a)
}

// MatchRejected reports whether an action says that a request of the query failed, and returns why.
func (q *Query[A, R]) MatchRejected(a store.Action) (store.Failure[A], bool) {
	return matchRejected[A](q.ep, q.ep.api.events.queryRejected, a)
}
