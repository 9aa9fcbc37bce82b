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

func (e *entry) info() Entry {
	info := Entry{
		API: e.key.ep.api.Name(), Endpoint: e.key.ep.name, Key: e.key.String(), Mutation: e.key.ep.mutation,
		Tags: slices.Clone(e.tags), Watchers: len(e.subs), Waiters: e.waiters,
	}
	if r := e.record.Load(); r != nil {
		info.Status, info.StartedAt, info.SettledAt = r.status, r.startedAt, r.settledAt
	}
	return info
}

// Entries yields all entries of a store, sorted by API and key.
func Entries(st *store.Store) iter.Seq[Entry] {
	return func(yield func(Entry) bool) {
		g := engineOf(st)
		g.mu.Lock()
		all := make([]Entry, 0, len(g.entries))
		for _, e := range g.entries {
			all = append(all, e.info())
		}
		g.mu.Unlock()
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
