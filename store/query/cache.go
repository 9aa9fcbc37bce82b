package query

import (
	"encoding/json"
	"time"

	"slate/store/internal/errjson"
	"slate/store/internal/pmap"
)

// Cache is the state of an API: its entries in a persistent map. It is immutable; read it with [Query.Peek] and
// [Query.Select]. Its JSON form is for developer tools.
type Cache struct {
	entries pmap.Map[key, *record]
	wiped   int // times that store.ResetAll came by: the engine follows
}

// get returns an entry's record; nil where there is none.
func (c Cache) get(k key) *record {
	r, _ := c.entries.Get(k)
	return r
}

func (c Cache) set(k key, r *record) Cache {
	c.entries = c.entries.Set(k, r)
	return c
}

func (c Cache) without(k key) Cache {
	c.entries = c.entries.Delete(k)
	return c
}

// The reducers. Each compares the event's request with the entry's, so that what belongs to an older request changes
// nothing: answers may arrive in any order.

func (c Cache) pending(e event) Cache {
	if e.ep.mutation && e.key == nil {
		return c
	}
	k := key{e.ep, e.key}
	old := c.get(k)
	if old == nil {
		return c.set(k, &record{status: Pending, seq: e.seq, id: requestID(e.seq), arg: e.arg, startedAt: e.at})
	}
	if old.seq > e.seq {
		return c
	}
	r := *old
	if old.status != Pending {
		r.before = old
	}
	r.status, r.seq, r.id, r.arg, r.startedAt = Pending, e.seq, requestID(e.seq), e.arg, e.at
	if e.ep.mutation {
		r.data, r.err, r.settledAt = nil, nil, time.Time{}
	}
	return c.set(k, &r)
}

func (c Cache) fulfilled(e event) Cache {
	k := key{e.ep, e.key}
	old := c.get(k)
	if old == nil || old.seq != e.seq {
		return c
	}
	r := *old
	r.status, r.data, r.err, r.tags, r.settledAt, r.before = Fulfilled, e.data, nil, e.tags, e.at, nil
	return c.set(k, &r)
}

func (c Cache) rejected(e event) Cache {
	k := key{e.ep, e.key}
	old := c.get(k)
	if old == nil || old.seq != e.seq {
		return c
	}
	r := *old
	r.status, r.err, r.tags, r.before = Rejected, e.err, e.tags, nil
	if e.ep.mutation {
		r.settledAt = e.at
	}
	return c.set(k, &r)
}

// cancelled puts back what the request had replaced.
func (c Cache) cancelled(e event) Cache {
	k := key{e.ep, e.key}
	old := c.get(k)
	switch {
	case old == nil || old.seq != e.seq || old.status != Pending:
		return c
	case old.before == nil:
		return c.without(k)
	}
	return c.set(k, old.before)
}

func (c Cache) removed(e event) Cache {
	k := key{e.ep, e.key}
	if old := c.get(k); old == nil || old.seq > e.seq {
		return c
	}
	return c.without(k)
}

// reset forgets every entry whose latest request is not newer than seq.
func (c Cache) reset(seq uint64) Cache {
	var kept pmap.Map[key, *record]
	for k, r := range c.entries.All() {
		if r.seq > seq {
			kept = kept.Set(k, r)
		}
	}
	c.entries = kept
	return c
}

// wipe is the answer to store.ResetAll.
func (c Cache) wipe() Cache { return Cache{wiped: c.wiped + 1} }

type wireRecord struct {
	Status    string          `json:"status"`
	Endpoint  string          `json:"endpointName"`
	RequestID string          `json:"requestId"`
	Arg       any             `json:"originalArgs"`
	Data      any             `json:"data,omitempty"`
	Error     json.RawMessage `json:"error,omitempty"`
	Tags      []Tag           `json:"tags,omitempty"`
	StartedAt time.Time       `json:"startedTimeStamp,omitzero"`
	SettledAt time.Time       `json:"fulfilledTimeStamp,omitzero"`
}

// MarshalJSON writes {"queries": {key: entry}, "mutations": {key: entry}} with the field names of Redux Toolkit.
func (c Cache) MarshalJSON() ([]byte, error) {
	out := struct {
		Queries   map[string]wireRecord `json:"queries"`
		Mutations map[string]wireRecord `json:"mutations"`
	}{map[string]wireRecord{}, map[string]wireRecord{}}
	for k, r := range c.entries.All() {
		w := wireRecord{
			Status: r.status.String(), Endpoint: k.ep.name, RequestID: r.id, Arg: r.arg, Data: r.data,
			Tags: r.tags, StartedAt: r.startedAt, SettledAt: r.settledAt,
		}
		if r.err != nil {
			var err error
			if w.Error, err = errjson.Marshal(r.err); err != nil {
				return nil, err
			}
		}
		if k.ep.mutation {
			out.Mutations[k.String()] = w
		} else {
			out.Queries[k.String()] = w
		}
	}
	return json.Marshal(out)
}

// UnmarshalJSON accepts what MarshalJSON wrote and starts empty all the same: a new run asks the server again.
func (c *Cache) UnmarshalJSON(data []byte) error {
	*c = Cache{}
	if !json.Valid(data) {
		return json.Unmarshal(data, &struct{}{})
	}
	return nil
}
