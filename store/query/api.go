package query

import (
	"fmt"
	"math"
	"sync"
	"time"

	"slate/store"
)

// KeepForever as a KeepUnused keeps unused results for as long as there is room (MaxUnused).
const KeepForever time.Duration = math.MaxInt64

// Defaults are the settings of an API's endpoints that do not say otherwise. Fields left zero mean what their comment says.
type Defaults struct {
	// KeepUnused is how long a result that nobody watches is kept: 60 s where zero, until the next turn of
	// the timer where negative.
	KeepUnused time.Duration
	// MaxUnused is how many results of an endpoint are kept that nobody watches; the least recently used goes first. 256
	// where zero.
	MaxUnused int
	// CancelAfter is how long a request goes on after the last one who waits for it has left: 1 s where zero, at once where
	// negative. Whoever comes in the meantime shares it.
	CancelAfter time.Duration
}

func (d Defaults) or(other Defaults) Defaults {
	if d.KeepUnused == 0 {
		d.KeepUnused = other.KeepUnused
	}
	if d.MaxUnused == 0 {
		d.MaxUnused = other.MaxUnused
	}
	if d.CancelAfter == 0 {
		d.CancelAfter = other.CancelAfter
	}
	return d
}

var builtin = Defaults{KeepUnused: 60 * time.Second, MaxUnused: 256, CancelAfter: time.Second}

// API is a group of endpoints whose results share one slice of the state (createApi in Redux Toolkit). Declare it as a
// package variable, and mount it in a store like a slice; an API that is not mounted is injected when it is first used.
// It holds no results itself, so any number of stores can use it.
type API struct {
	*store.Slice[Cache]
	defaults Defaults
	events   events

	mu        sync.RWMutex
	endpoints map[string]*endpoint
}

// events are the creators of an API's actions.
type events struct {
	queryPending, queryFulfilled, queryRejected, queryCancelled store.Creator[event]
	mutationPending, mutationFulfilled, mutationRejected        store.Creator[event]
	removed                                                     store.Creator[event]
	reset                                                       store.Creator[uint64] // the newest request it forgets
}

// NewAPI declares an API. The name is its slice's (reducerPath in Redux Toolkit), such as "userApi".
func NewAPI(name string) *API {
	a := &API{
		Slice:     store.NewSlice(name, Cache{}).Transient(),
		defaults:  builtin,
		endpoints: map[string]*endpoint{},
	}
	on := func(what string, reduce func(Cache, event) Cache) store.Creator[event] {
		c := store.NewCreatorFunc(name+"/"+what, a.decodeEvent)
		store.On(a.Slice, c, reduce)
		return c
	}
	a.events = events{
		queryPending:      on("executeQuery/pending", Cache.pending),
		queryFulfilled:    on("executeQuery/fulfilled", Cache.fulfilled),
		queryRejected:     on("executeQuery/rejected", Cache.rejected),
		queryCancelled:    on("executeQuery/cancelled", Cache.cancelled),
		mutationPending:   on("executeMutation/pending", Cache.pending),
		mutationFulfilled: on("executeMutation/fulfilled", Cache.fulfilled),
		mutationRejected:  on("executeMutation/rejected", Cache.rejected),
		removed:           on("removeResult", Cache.removed),
		reset:             store.Case(a.Slice, "resetApiState", Cache.reset),
	}
	store.OnSignal(a.Slice, store.ResetAll, Cache.wipe)
	return a
}

// WithDefaults sets the defaults of the endpoints that are declared on the API afterwards, and returns the API.
func (a *API) WithDefaults(d Defaults) *API {
	a.defaults = d.or(builtin)
	return a
}

// Reset forgets all results of the API in a store and cancels the requests of its queries, for instance at sign-out. Who
// waits for one gets [ErrReset]. Watched queries start again at once. Mutations that run go on, since the server may have
// begun; their results are not recorded. The action [store.ResetAll] does the same to every API.
func (a *API) Reset(st *store.Store) { engineOf(st).reset(a) }

func (a *API) add(ep *endpoint) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if ep.name == "" {
		panic(fmt.Sprintf("query: an endpoint of API %q has no name", a.Name()))
	}
	if a.endpoints[ep.name] != nil {
		panic(fmt.Sprintf("query: API %q has two endpoints named %q", a.Name(), ep.name))
	}
	a.endpoints[ep.name] = ep
}

func (a *API) endpoint(name string) *endpoint {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return a.endpoints[name]
}

// Reset is [API.Reset] for every API that is used in the store.
func Reset(st *store.Store) {
	g := engineOf(st)
	g.mu.Lock()
	apis := make([]*API, 0, len(g.views))
	for api := range g.views {
		apis = append(apis, api)
	}
	g.mu.Unlock()
	for _, api := range apis {
		g.reset(api)
	}
}
