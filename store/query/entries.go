package query

import (
	"iter"
	"slices"
	"strings"
	"time"

	"slate/store"
)

// Entry describes a cached query or a tracked mutation, for developer tools and tests.
type Entry struct {
	API, Endpoint string
	Key           string // `getUser("42")`; a mutation's name and record
	Mutation      bool
	Status        Status
	Tags          []Tag // what it provides
	Watchers      int   // subscriptions
	Waiters       int   // callers that wait for its request
	StartedAt     time.Time
	SettledAt     time.Time
}

// described is an Entry whose Key is not written yet: that may call functions of the argument's type, which is not to
// happen under the lock.
type described struct {
	Entry
	key key
}

func named(found []described) []Entry {
	out := make([]Entry, len(found))
	for i, d := range found {
		out[i] = d.Entry
		out[i].Key = d.key.String()
	}
	return out
}

// describe says how an entry stands. The caller holds the lock.
func (e *entry) describe() described {
	info := Entry{
		API: e.key.ep.api.Name(), Endpoint: e.key.ep.name, Mutation: e.key.ep.mutation,
		Tags: slices.Clone(e.tags), Watchers: len(e.subs), Waiters: e.waiters,
	}
	if r := e.record.Load(); r != nil {
		info.Status, info.StartedAt, info.SettledAt = r.status, r.startedAt, r.settledAt
	}
	return described{info, e.key}
}

// Entries yields all entries of a store, sorted by API and key.
func Entries(st *store.Store) iter.Seq[Entry] {
	return func(yield func(Entry) bool) {
		g := engineOf(st)
		g.mu.Lock()
		found := make([]described, 0, len(g.entries))
		for _, e := range g.entries {
			found = append(found, e.describe())
		}
		g.mu.Unlock()
		all := named(found)
		slices.SortFunc(all, func(a, b Entry) int {
			if c := strings.Compare(a.API, b.API); c != 0 {
				return c
			}
			return strings.Compare(a.Key, b.Key)
		})
		for _, e := range all {
			if !yield(e) {
				return
			}
		}
	}
}
