package query_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"slate/store"
	"slate/store/query"
)

// fleet is a program under load: two APIs whose entries share tags, in two stores, on one server. Everything that it does
// and how long it takes is drawn at random. What must hold is checked while it runs and when it has come to rest.
type fleet struct {
	t       *testing.T
	stores  []*store.Store
	apis    []*query.API
	items   []*query.Query[int, item]
	write   *query.Mutation[int, item]
	faulty  bool
	budget  atomic.Int64 // of invalidations from inside subscribers
	closing atomic.Bool

	mu      sync.Mutex
	rng     *rand.Rand
	rev     [fleetIDs]int       // what the server knows
	told    []([fleetIDs]int)   // by store: what the server knew at the last invalidation
	running map[string]running  // by store and entry
	open    map[*watch]struct{} // subscriptions
}

type running struct {
	ctx context.Context
	n   int
}

type watch struct {
	store, api, id int
	sub            *query.Subscription[item]
	mu             sync.Mutex
	last           int // revision
}

const (
	fleetIDs  = 5
	fleetKept = 3
)

var (
	fleetItem  = query.NewTag("FleetItem")
	fleetGroup = query.NewTag("FleetGroup")
)

func newFleet(t *testing.T, seed uint64, faulty bool) *fleet {
	f := &fleet{
		t: t, faulty: faulty, rng: rand.New(rand.NewPCG(seed, 1)),
		running: map[string]running{}, open: map[*watch]struct{}{}, told: make([][fleetIDs]int, 2),
	}
	for _, name := range []string{"north", "south"} {
		api := query.NewAPI(name).WithDefaults(query.Defaults{
			KeepUnused:  []time.Duration{-1, 20 * time.Millisecond, query.KeepForever}[f.pick(3)],
			MaxUnused:   fleetKept,
			CancelAfter: []time.Duration{-1, 5 * time.Millisecond, time.Second}[f.pick(3)],
		})
		f.apis = append(f.apis, api)
		f.items = append(f.items, query.New(api, query.Spec[int, item]{
			Name: "item", Fetch: f.get, RefetchFailed: f.pick(2) == 0,
			Provides: func(it item, _ error, id int) []query.Tag {
				// The groups change with the data, so that answers move entries between tags.
				return append(fleetItem.IDs(strconv.Itoa(id)), fleetGroup.ID(strconv.Itoa(it.Rev%3)), fleetGroup.ID(strconv.Itoa(id%2)))
			},
		}))
	}
	f.write = query.NewMutation(f.apis[0], query.MutationSpec[int, item]{
		Name: "write", Run: f.put, MaxUnused: fleetKept,
		Invalidates: func(_ item, _ error, id int) []query.Tag { return fleetItem.IDs(strconv.Itoa(id)) },
	})
	for range f.told {
		f.stores = append(f.stores, open(t, store.Options{Middleware: []store.Middleware{f.delays}, Logger: slog.New(slog.DiscardHandler)}, f.apis[0]))
	}
	return f
}

func (f *fleet) pick(n int) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.rng.IntN(n)
}

// delays lets actions arrive late: between a decision and the action that makes it visible anything may happen.
func (f *fleet) delays(_ *store.Store, next store.Dispatcher) store.Dispatcher {
	return func(a store.Action) error {
		if f.pick(3) == 0 {
			time.Sleep(time.Duration(f.pick(3)) * time.Millisecond)
		}
		return next(a)
	}
}

func (f *fleet) get(ctx context.Context, c query.Call, id int) (item, error) {
	where := fmt.Sprintf("%p/%s/%s", c.Store, c.Endpoint, c.Key)
	f.mu.Lock()
	if r := f.running[where]; r.n > 0 && r.ctx.Err() == nil && ctx.Err() == nil {
		f.t.Errorf("two requests at once for %s", c.Key)
	}
	n := f.running[where].n + 1
	f.running[where] = running{ctx, n}
	it := item{strconv.Itoa(id), f.rev[id]} // the server's answer is as old as the request
	latency, fails := time.Duration(f.rng.IntN(12))*time.Millisecond, f.faulty && f.rng.IntN(5) == 0
	f.mu.Unlock()
	defer func() {
		f.mu.Lock()
		r := f.running[where]
		r.n--
		f.running[where] = r
		f.mu.Unlock()
	}()
	if err := wait(ctx, latency); err != nil {
		return item{}, err
	}
	if fails {
		return item{}, errServer
	}
	return it, nil
}

func (f *fleet) put(ctx context.Context, _ query.Call, id int) (item, error) {
	if err := wait(ctx, time.Duration(f.pick(6))*time.Millisecond); err != nil {
		return item{}, err
	}
	f.mu.Lock()
	f.rev[id]++
	it := item{strconv.Itoa(id), f.rev[id]}
	f.mu.Unlock()
	return it, wait(ctx, time.Duration(f.pick(6))*time.Millisecond) // the answer may be lost after the change was made
}

// knows notes that the store has been told of what the server knew before.
func (f *fleet) knows(st, id, rev int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.told[st][id] = max(f.told[st][id], rev)
}

func (f *fleet) look(st, id int) (rev, told int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.rev[id], f.told[st][id]
}

func (f *fleet) subscribe(st, api, id int) {
	w := &watch{store: st, api: api, id: id, last: -1}
	sub := f.items[api].Subscribe(f.stores[st], id, func(r query.Result[item]) {
		if !w.mu.TryLock() {
			f.t.Error("a subscriber was called twice at once")
			return
		}
		defer w.mu.Unlock()
		if r.HasData {
			if r.Data.Rev < w.last {
				f.t.Errorf("%d/%d: revision %d was shown after %d", api, id, r.Data.Rev, w.last)
			}
			w.last = r.Data.Rev
		}
		if f.pick(20) == 0 && f.budget.Add(-1) >= 0 { // with many subscribers it would go on for ever
			query.Invalidate(f.stores[st], fleetGroup.ID("1"))
		}
	})
	w.sub = sub
	f.mu.Lock()
	f.open[w] = struct{}{}
	f.mu.Unlock()
}

func (f *fleet) closeOne() {
	f.mu.Lock()
	var one *watch
	n := 0
	for w := range f.open { // any will do
		if n++; f.rng.IntN(n) == 0 {
			one = w
		}
	}
	delete(f.open, one)
	f.mu.Unlock()
	if one != nil {
		one.sub.Close()
	}
}

func (f *fleet) fetch(ctx context.Context, st, api, id int, forced bool) {
	_, told := f.look(st, id)
	ask := f.items[api].Fetch
	if forced {
		ask = f.items[api].Refetch
	}
	it, err := ask(ctx, f.stores[st], id)
	switch {
	case err == nil && it.Rev < told:
		f.t.Errorf("Fetch(%d) = revision %d, but %d had been invalidated before it was called", id, it.Rev, told)
	case errors.Is(err, store.ErrClosed) && f.closing.Load():
	case err != nil && !errors.Is(err, errServer) && !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, query.ErrReset):
		f.t.Errorf("Fetch(%d): %v", id, err)
	}
}

// act does one thing at random.
func (f *fleet) act() {
	st, api, id := f.pick(len(f.stores)), f.pick(len(f.apis)), f.pick(fleetIDs)
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(1+f.pick(40))*time.Millisecond)
	defer cancel()
	switch f.pick(12) {
	case 0, 1:
		f.subscribe(st, api, id)
	case 2, 3:
		f.closeOne()
	case 4:
		f.fetch(ctx, st, api, id, false)
	case 5:
		f.fetch(ctx, st, api, id, true)
	case 6, 7:
		_, _ = f.write.Do(ctx, f.stores[st], id)
		rev, _ := f.look(st, id)
		for other := range f.stores { // the other store hears of it by other means
			query.Invalidate(f.stores[other], fleetItem.ID(strconv.Itoa(id)))
			f.knows(other, id, rev)
		}
	case 8:
		query.Invalidate(f.stores[st], fleetGroup.ID(strconv.Itoa(f.pick(3))))
	case 9:
		_ = query.Invalidate(f.stores[st], fleetItem.Tag()).Wait(ctx)
	case 10:
		if f.pick(4) == 0 {
			f.apis[api].Reset(f.stores[st])
		}
	case 11:
		time.Sleep(time.Duration(f.pick(30)) * time.Millisecond)
	}
}

// atRest checks what must hold when nothing runs any more.
func (f *fleet) atRest() {
	t := f.t
	for w := range f.open {
		r := w.sub.Result()
		name := fmt.Sprintf("store %d, api %d, item %d", w.store, w.api, w.id)
		check(t, name+": Peek", f.items[w.api].Peek(f.stores[w.store].State(), w.id), r)
		switch rev, _ := f.look(w.store, w.id); {
		case r.Status == query.Fulfilled && r.Data.Rev != rev:
			t.Errorf("%s: revision %d is shown, the server has %d", name, r.Data.Rev, rev)
		case r.Status == query.Rejected && !f.faulty, r.Status == query.Pending, r.Status == query.Uninitialized:
			t.Errorf("%s: status %v", name, r.Status)
		}
	}
	for _, st := range f.stores {
		unused := map[string]int{}
		var all []query.Entry
		for e := range query.Entries(st) {
			all = append(all, e)
			check(t, e.Key+": waiters", e.Waiters, 0)
			if e.Watchers == 0 {
				unused[e.API+e.Endpoint]++
			}
			if e.Status == query.Pending {
				t.Errorf("%s is pending", e.Key)
			}
		}
		for name, n := range unused {
			if n > fleetKept {
				t.Errorf("%d unused entries of %s, want at most %d", n, name, fleetKept)
			}
		}
		f.matches(st, all)
	}
}

// matches compares the tag index with looking at every entry.
func (f *fleet) matches(st *store.Store, all []query.Entry) {
	tags := []query.Tag{fleetItem.Tag(), fleetGroup.Tag()}
	for i := range fleetIDs {
		tags = append(tags, fleetItem.ID(strconv.Itoa(i)), fleetGroup.ID(strconv.Itoa(i)))
	}
	keys := func(es []query.Entry) (keys []string) {
		for _, e := range es {
			keys = append(keys, e.API+e.Key)
		}
		slices.Sort(keys)
		return keys
	}
	for _, tag := range tags {
		var want []query.Entry
		for _, e := range all {
			if slices.ContainsFunc(e.Tags, func(p query.Tag) bool {
				_, exact := tag.ID()
				return p == tag || !exact && p.Type() == tag.Type()
			}) {
				want = append(want, e)
			}
		}
		if got := keys(query.Matching(st, tag)); !slices.Equal(got, keys(want)) {
			f.t.Errorf("Matching(%v) = %v, want %v", tag, got, keys(want))
		}
	}
}

func TestRandomSchedules(t *testing.T) {
	seeds := 60
	if testing.Short() || runtime.GOARCH == "wasm" { // one thread, and slow
		seeds = 10
	}
	for seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFleet(t, uint64(seed), seed%2 == 1)
				for range 3 { // rounds, so that entries that were at rest are used again
					f.budget.Store(20)
					var group sync.WaitGroup
					for range 6 {
						group.Go(func() {
							for range 25 {
								f.act()
							}
						})
					}
					group.Wait()
					after(time.Minute)
					f.atRest()
				}
				// Closing in the middle of everything: all who wait are told, and nothing is left over.
				var group sync.WaitGroup
				for range 6 {
					group.Go(f.act)
				}
				time.Sleep(time.Duration(f.pick(10)) * time.Millisecond)
				f.closing.Store(true)
				for _, st := range f.stores {
					isErr(t, "Close", st.Close(), nil)
				}
				group.Wait()
				for w := range f.open {
					w.sub.Close()
				}
			})
		})
	}
}
