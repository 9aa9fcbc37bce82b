package query

import (
	"context"
	"encoding/json"
	"time"

	"slate/store"
)

// MutationSpec describes a [Mutation]. Name and Run are required.
type MutationSpec[A, R any] struct {
	// Name is the endpoint's name, unique in its API.
	Name string

	// Run changes something on the server. It may dispatch on c.Store: what it dispatches comes after the mutation's pending
	// action and before its fulfilled one.
	Run func(ctx context.Context, c Call, arg A) (R, error)

	// Invalidates names what the change makes out of date. It is called after the outcome is in the state, also when Run
	// returned an error (with the zero R), but not when Run panicked or was never called.
	Invalidates func(r R, err error, arg A) []Tag

	// Untracked keeps no record of what runs through [Mutation.Do]: its actions are dispatched, but nothing is stored. Handles
	// show their runs all the same.
	Untracked bool

	// KeepUnused is how long a finished record is kept that nobody watches, MaxUnused how many of them; see [Defaults].
	KeepUnused time.Duration
	MaxUnused  int
}

// Mutation is an endpoint that writes. Declare it as a package variable. It holds no state and is safe for concurrent use.
type Mutation[A, R any] struct{ ep *endpoint }

// NewMutation declares a mutation. It panics where the name is missing or taken, or Run is missing.
func NewMutation[A, R any](api *API, spec MutationSpec[A, R]) *Mutation[A, R] {
	if spec.Run == nil {
		panic("query: endpoint " + api.Name() + "/" + spec.Name + " needs a Run function")
	}
	ep := newEndpoint(api, spec.Name, Defaults{KeepUnused: spec.KeepUnused, MaxUnused: spec.MaxUnused}, spec.Run, spec.Invalidates)
	ep.mutation, ep.untracked = true, spec.Untracked
	api.add(ep)
	return &Mutation[A, R]{ep}
}

// Name returns "api/endpoint".
func (m *Mutation[A, R]) Name() string { return m.ep.fullName() }

// Do runs the mutation and returns its outcome. When it returns, the outcome is in the state and the refetches of what it
// invalidated have been started. Calls run in parallel and do not influence each other. The error is what Run returned, a
// [*store.PanicError], the cause of ctx or [store.ErrClosed].
func (m *Mutation[A, R]) Do(ctx context.Context, st *store.Store, arg A) (R, error) {
	return m.do(ctx, st, slot{}, arg)
}

func (m *Mutation[A, R]) do(ctx context.Context, st *store.Store, slot slot, arg A) (r R, err error) {
	data, err := engineOf(st).mutate(ctx, m.ep, slot, arg)
	if data != nil {
		r = *data.(*R)
	}
	return r, err
}

// Watch returns a handle that shows the latest of the runs triggered through it (a useMutation hook). fn, which may be nil,
// is called each time that changes. Handles made by Watch do not influence each other.
func (m *Mutation[A, R]) Watch(st *store.Store, fn func(MutationResult[A, R])) *MutationHandle[A, R] {
	return m.watch(st, slot{name: "#" + st.NextID()}, fn)
}

// WatchShared is [Mutation.Watch] with a fixed key: all handles of one key show the same, the latest triggered run, and it
// outlives them for the endpoint's KeepUnused (fixedCacheKey in RTK Query).
func (m *Mutation[A, R]) WatchShared(st *store.Store, key string, fn func(MutationResult[A, R])) *MutationHandle[A, R] {
	return m.watch(st, slot{key, true}, fn)
}

func (m *Mutation[A, R]) watch(st *store.Store, slot slot, fn func(MutationResult[A, R])) *MutationHandle[A, R] {
	var notify func(*record)
	if fn != nil {
		notify = func(r *record) { fn(mutationResultOf[A, R](r)) }
	}
	return &MutationHandle[A, R]{m, st, slot, engineOf(st).subscribe(key{m.ep, slot}, nil, notify)}
}

// MutationHandle triggers a mutation and shows how the latest run stands. Its methods are safe for concurrent use.
type MutationHandle[A, R any] struct {
	m    *Mutation[A, R]
	st   *store.Store
	slot slot
	s    *subscriber
}

// slot is the place of a mutation's record: the fixed key of shared handles, or a name that nobody else has.
type slot struct {
	name   string
	shared bool
}

func (s slot) MarshalJSON() ([]byte, error) { return json.Marshal(s.name) }

// Do is [Mutation.Do], shown by the handle.
func (h *MutationHandle[A, R]) Do(ctx context.Context, arg A) (R, error) {
	return h.m.do(ctx, h.st, h.slot, arg)
}

// Result returns how the latest run stands; the zero result where there is none.
func (h *MutationHandle[A, R]) Result() MutationResult[A, R] {
	return mutationResultOf[A, R](h.s.record())
}

// Reset forgets the result, for all handles of a shared key.
func (h *MutationHandle[A, R]) Reset() {
	if h.s.err == nil {
		h.s.g.resetRecord(h.s.e)
	}
}

// Close ends the handle. Unless it is a shared one, its result is forgotten. A run that is under way goes on.
func (h *MutationHandle[A, R]) Close() {
	h.s.close()
	if !h.slot.shared {
		h.Reset()
	}
}

// mutate runs a mutation under the record slot; under one of its own where that is empty.
func (g *engine) mutate(ctx context.Context, ep *endpoint, at slot, arg any) (any, error) {
	if err := g.attach(ep.api); err != nil {
		return nil, err
	}
	g.mu.Lock()
	if g.closed {
		g.mu.Unlock()
		return nil, store.ErrClosed
	}
	g.wg.Add(1)
	defer g.wg.Done()
	defer g.runs(ep)()
	var e *entry
	if tracked := at != (slot{}) || !ep.untracked; tracked {
		if at == (slot{}) {
			at.name = requestID(g.seq + 1)
		}
		e = g.entry(key{ep, at}, arg)
		g.pin(e)
		e.waiters++
		e.arg = arg
	}
	g.seq++ // after the entry is there: what is older than an entry is not shown
	seq := g.seq
	g.mu.Unlock()

	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(g.ctx, func() { cancel(store.ErrClosed) })()

	ev := event{ep: ep, seq: seq, arg: arg, at: time.Now()}
	if e != nil {
		ev.key = at
	}
	if e != nil {
		defer g.ended(e, seq) // also where Run ends the goroutine, as t.FailNow does
	}
	if err := g.dispatch(ep.api.events.mutationPending(ev)); err != nil {
		return nil, err
	}
	if e != nil {
		g.resync(e)
	}
	data, err, panicked := any(nil), context.Cause(ctx), false
	ran := err == nil
	if ran {
		data, err, panicked = ep.run(ctx, g.st, key{}, seq, false, arg)
	}
	ev.data, ev.err, ev.at = data, err, time.Now()
	if err == nil {
		g.dispatch(ep.api.events.mutationFulfilled(ev))
	} else {
		g.dispatch(ep.api.events.mutationRejected(ev))
	}
	if e != nil {
		g.resync(e)
	}
	if ran && !panicked {
		if tags, _ := ep.tagsOf(g.st, data, err, arg); len(tags) > 0 {
			g.invalidate(tags)
		}
	}
	return data, err
}

// ended releases the record of a run. One whose outcome did not arrive in the state is removed: a middleware dropped the
// action, or a reducer panicked.
func (g *engine) ended(e *entry, seq uint64) {
	g.mu.Lock()
	g.sync(e)
	r := e.record.Load()
	g.leave(e)
	g.mu.Unlock()
	if r != nil && r.seq == seq && r.status == Pending {
		g.resetRecord(e)
	}
}

// resetRecord removes a mutation's record. Handles of it stay.
func (g *engine) resetRecord(e *entry) {
	g.mu.Lock()
	r := e.record.Load()
	if r == nil {
		g.mu.Unlock()
		return
	}
	removed := e.removal(r.seq)
	g.mu.Unlock()
	g.dispatch(removed)
	g.resync(e)
}
