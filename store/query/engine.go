package query

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"slate/store"
	"slate/store/internal/pmap"
)

// engine runs the requests of one store: all its APIs share it, since tags belong to the store. What has been answered is
// in the store's state; the engine knows who asks, what is running and what is out of date.
//
// The lock guards the fields below it and those of entries, flights and subscribers. No function of a user and no dispatch
// runs under it; each decision is made under the lock, dispatched after it, and the request's number tells a reducer
// whether the decision still stands.
type engine struct {
	st     *store.Store
	ctx    context.Context
	cancel context.CancelCauseFunc
	wg     sync.WaitGroup

	mu      sync.Mutex
	closed  bool
	seq     uint64 // requests started
	clock   uint64 // invalidations
	views   map[*API]*view
	entries map[key]*entry
	index   tagIndex
	recent  recentTags
	flights map[*flight]struct{}
	unused  map[*endpoint]*simplelru.LRU[*entry, time.Time] // → when it expires; zero: never
	surplus []*entry                                        // due
	timer   *time.Timer
	timerAt time.Time
}

// entry is one cached query or one tracked mutation.
type entry struct {
	key     key
	arg     any                    // A, as the latest caller gave it
	born    uint64                 // the newest request at its creation or reset: older records are being removed
	record  atomic.Pointer[record] // the newest published one; nil: none
	subs    []*subscriber
	waiters int // callers of Fetch and running mutations
	flight  *flight
	tags    []Tag
	refs    []ref  // places in the tag index
	stale   uint64 // clock of the last invalidation that hit it
	answers uint64 // clock at which the request began that data came from
	visited uint64 // clock of the last invalidation that looked at it
	due     bool   // there are too many unused ones: the timer takes it out
	gone    bool   // removed from the cache
}

var engineDep = store.NewDep[*engine]("slate/store/query")

func engineOf(st *store.Store) *engine {
	return engineDep.OfOr(st, func(st *store.Store) *engine {
		g := &engine{
			st:      st,
			views:   map[*API]*view{},
			entries: map[key]*entry{},
			index:   tagIndex{},
			recent:  recentTags{},
			flights: map[*flight]struct{}{},
			unused:  map[*endpoint]*simplelru.LRU[*entry, time.Time]{},
		}
		g.ctx, g.cancel = context.WithCancelCause(context.Background())
		st.OnClose(g.close)
		return g
	})
}

// close cancels what runs and waits for it.
func (g *engine) close() error {
	g.mu.Lock()
	g.closed = true
	g.cancel(store.ErrClosed)
	for f := range g.flights {
		f.stopGrace()
	}
	if g.timer != nil {
		g.timer.Stop()
	}
	g.mu.Unlock()
	g.wg.Wait()
	return nil
}

// view follows an API's slice and tells the subscribers of the entries that changed, whoever changed them.
type view struct {
	seen Cache
	tell []*subscriber // scratch of the one goroutine that tells
	told int           // how many of them have been
}

// attach mounts the API where that has not been done and starts following it.
//
// Mounting and watching may call subscribers of the store, which may come here again. So nobody waits for anybody: all who
// find the API not followed do the whole work, and those who come second undo it.
func (g *engine) attach(api *API) error {
	g.mu.Lock()
	followed := g.views[api] != nil
	g.mu.Unlock()
	if followed {
		return nil
	}
	if err := g.st.Inject(api.Slice); err != nil {
		return err
	}
	v := &view{}
	stop := store.Subscribe(context.Background(), g.st, store.Select(api.Slice, func(c Cache) Cache { return c }), func(c Cache) { g.publish(api, v, c) })
	g.mu.Lock()
	if followed = g.views[api] != nil; !followed {
		g.views[api] = v
	}
	g.mu.Unlock()
	if followed {
		stop()
	}
	return nil
}

// publish compares two versions of a cache and tells the subscribers of what differs.
func (g *engine) publish(api *API, v *view, next Cache) {
	g.mu.Lock()
	wiped := next.wiped > v.seen.wiped
	pmap.Diff(v.seen.entries, next.entries, func(k key) {
		if r := next.get(k); r != nil {
			g.seq = max(g.seq, r.seq) // it may come from a replayed action: our next request is newer all the same
		}
		if e := g.entries[k]; e != nil {
			g.sync(e)
			v.tell = append(v.tell, e.subs...)
		}
	})
	v.seen = next
	g.mu.Unlock()
	if wiped {
		g.reset(api)
	}
	v.deliver()
}

// deliver calls who is to be told. Where one ends the goroutine, as t.FailNow does, the others are told all the same.
func (v *view) deliver() {
	defer func() {
		if v.told < len(v.tell) {
			v.deliver()
			return
		}
		clear(v.tell)
		v.tell, v.told = v.tell[:0], 0
	}()
	for v.told < len(v.tell) {
		v.told++
		v.tell[v.told-1].deliver()
	}
}

// sync takes an entry's record from the state. Reading the state under the lock keeps an older record from replacing a
// newer one. A record older than the entry is one that is being removed. The caller holds the lock.
func (g *engine) sync(e *entry) {
	r := g.inState(e)
	if r != nil && r.seq <= e.born {
		r = nil
	}
	e.record.Store(r)
}

func (g *engine) inState(e *entry) *record { return e.key.ep.api.Of(g.st.State()).get(e.key) }

func (g *engine) resync(e *entry) {
	g.mu.Lock()
	g.sync(e)
	g.mu.Unlock()
}

// entry returns the entry of a key, a new one where there is none. The caller holds the lock.
func (g *engine) entry(k key, arg any) *entry {
	e := g.entries[k]
	if e == nil {
		e = &entry{key: k, arg: arg}
		if r := g.inState(e); r != nil {
			g.seq = max(g.seq, r.seq)
		}
		e.born = g.seq
		g.entries[k] = e
	}
	return e
}

// forget takes an entry out of the cache and cancels its request with a cause. It appends the action that removes its
// record, where there is one. The caller holds the lock and dispatches after it.
func (g *engine) forget(actions []store.Action, e *entry, cause error) []store.Action {
	delete(g.entries, e.key)
	g.index.clear(e)
	g.pin(e)
	e.gone = true
	seq := uint64(0)
	if r := e.record.Load(); r != nil {
		seq = r.seq
	}
	if f := e.flight; f != nil && !f.settled {
		seq = f.seq
		g.stop(f, cause)
	}
	if seq == 0 {
		return actions
	}
	return append(actions, e.removal(seq))
}

// removal returns the action that removes what the request seq left in the state. The caller holds the lock.
func (e *entry) removal(seq uint64) store.Action {
	return e.key.ep.api.events.removed(event{ep: e.key.ep, key: e.key.arg, arg: e.arg, seq: seq, at: time.Now()})
}

func (e *entry) watched() bool { return len(e.subs) > 0 || e.waiters > 0 }

// dispatch sends the engine's actions. A middleware may refuse one, which is logged: the entry then stays as it is. A
// reducer's panic has been logged by the store, and on a closed store everyone gets the error.
func (g *engine) dispatch(actions ...store.Action) error {
	if len(actions) == 0 {
		return nil
	}
	err := g.st.DispatchAll(actions...)
	if _, panicked := errors.AsType[*store.PanicError](err); err != nil && !panicked && !errors.Is(err, store.ErrClosed) {
		g.st.Logger().Warn("query: an action was refused", "error", err)
	}
	return err
}

func (g *engine) reset(api *API) {
	if g.attach(api) != nil {
		return
	}
	g.mu.Lock()
	g.seq++
	seq := g.seq
	for k, e := range g.entries {
		if k.ep.api != api {
			continue
		}
		e.born = seq // what is in the state is gone from this moment, whenever the action arrives there
		e.record.Store(nil)
		if f := e.flight; f != nil {
			if f.again = true; !f.settled {
				g.stop(f, ErrReset)
			}
		}
		g.index.clear(e)
		if len(e.subs) == 0 {
			delete(g.entries, k)
			g.pin(e)
			e.gone = true
		}
	}
	var again []*flight
	for k, e := range g.entries {
		if k.ep.api == api && !k.ep.mutation && e.flight == nil && !g.closed {
			again = append(again, g.begin(e, false))
		}
	}
	g.mu.Unlock()
	g.dispatch(api.events.reset(seq))
	g.announce(again...)
}
