package query

import (
	"context"
	"runtime/debug"

	"slate/store"
)

// subscriber is a subscription without its types.
type subscriber struct {
	g      *engine
	e      *entry
	at     int // place in e.subs
	notify func(*record)
	begun  uint64  // the request that Subscribe began: that it is pending is no news to who asked for it
	closed bool    // guarded by the engine's lock
	last   *record // what notify was last called with, or what Subscribe found
	err    error   // why there is no subscription
}

func (g *engine) subscribe(k key, arg any, notify func(*record)) *subscriber {
	s := &subscriber{g: g, notify: notify}
	if s.err = g.attach(k.ep.api); s.err != nil {
		return s
	}
	g.mu.Lock()
	if g.closed {
		g.mu.Unlock()
		s.err = store.ErrClosed
		return s
	}
	e := g.entry(k, arg)
	g.pin(e)
	s.e, s.at, s.last = e, len(e.subs), e.record.Load()
	e.subs = append(e.subs, s)
	var begun *flight
	if !k.ep.mutation && e.flight == nil && !e.hit() {
		e.arg = arg
		begun = g.begin(e, false)
		s.begun = begun.seq
	}
	g.mu.Unlock()
	if begun != nil {
		g.announce(begun)
	}
	return s
}

// deliver is called by the one goroutine that tells the store's subscribers.
func (s *subscriber) deliver() {
	s.g.mu.Lock()
	r := s.e.record.Load()
	skip := s.closed || r == s.last || r != nil && r.status == Pending && r.seq == s.begun
	s.last = r
	s.g.mu.Unlock()
	if skip || s.notify == nil {
		return
	}
	defer func() {
		if v := recover(); v != nil {
			s.g.st.Logger().Error("query: a subscriber panicked; the others go on",
				"error", s.e.key.ep.panicked("a subscriber", v), "stack", string(debug.Stack()))
		}
	}()
	s.notify(r)
}

func (s *subscriber) record() *record {
	switch {
	case s.err != nil:
		return &record{status: Rejected, err: s.err}
	default:
		return s.e.record.Load()
	}
}

func (s *subscriber) close() {
	if s.err != nil {
		return
	}
	s.g.mu.Lock()
	defer s.g.mu.Unlock()
	if s.closed {
		return
	}
	s.closed = true
	subs := s.e.subs
	last := len(subs) - 1
	subs[s.at] = subs[last]
	subs[s.at].at = s.at
	subs[last] = nil
	s.e.subs = subs[:last]
	s.g.release(s.e)
}

// Subscription is a watched entry of the cache. While it is open the entry is kept, and fetched again when it is
// invalidated. Its methods are safe for concurrent use.
type Subscription[R any] struct {
	s     *subscriber
	again func(ctx context.Context) (R, error)
}

// Result returns what is known now, in one atomic load; after Close, what was known then or later.
func (s *Subscription[R]) Result() Result[R] { return resultOf[R](s.s.record()) }

// Refetch asks the server again, unless a request is running already. It does not wait; [Query.Refetch] does. After Close
// it does nothing.
func (s *Subscription[R]) Refetch() {
	if s.s.err == nil {
		s.s.g.refetch(s.s)
	}
}

// Await returns the data, and waits for the request where one is running.
func (s *Subscription[R]) Await(ctx context.Context) (R, error) { return s.again(ctx) }

// Close ends the subscription. A result that nobody else watches is kept for the endpoint's KeepUnused, a request that
// nobody else waits for is cancelled after its CancelAfter. Closing twice is a no-op.
func (s *Subscription[R]) Close() { s.s.close() }
