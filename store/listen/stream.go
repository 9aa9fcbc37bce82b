package listen

import (
	"context"
	"iter"
	"sync"

	"slate/store"
)

// Stream has all actions since it was opened for which a predicate is true, in their order, without a gap: those that come
// while nobody waits are kept. So an answer that comes faster than one begins to wait for it is not missed:
//
//	answers := listen.Open(st, Answered.Matches)
//	defer answers.Close()
//	st.Dispatch(Asked(question))
//	e, err := answers.Next(ctx)
//
// It costs no goroutine. What is not asked for is kept in memory until Close. All methods are safe for concurrent use; each
// event goes to one caller.
type Stream struct {
	hub  *hub
	hook *hook
	news chan struct{} // holds one where there may be something to receive

	mu     sync.Mutex
	events []Event
	err    error // why no more will come
}

// Open opens a stream of the actions for which match is true. Match sees every action, under the store's lock: it must be
// pure and quick; where it panics, the stream ends with a [*store.PanicError], where it ends its goroutine, with
// [store.ErrGoexit]. Time travel is an action here as well: store.Jumped. The caller must close the stream; the store's
// end closes it too.
func Open(st *store.Store, match func(store.Action) bool) *Stream {
	return open(st, &hook{}, func(t store.Transition) bool { return match(t.Action) })
}

// open opens a stream of the transitions for which match is true, among those that the hook wants.
func open(st *store.Store, k *hook, match func(store.Transition) bool) *Stream {
	h := hubOf(st)
	s := newStream(h, k, match)
	if !h.add(k) {
		s.end(store.ErrClosed)
	}
	return s
}

func newStream(h *hub, k *hook, match func(store.Transition) bool) *Stream {
	s := &Stream{hub: h, hook: k, news: make(chan struct{}, 1)}
	k.tell = func(t store.Transition) {
		if match(t) {
			s.put(eventOf(h.st, t))
		}
	}
	k.failed = func(_ store.Transition, err error) {
		s.end(err)
		h.remove(k)
	}
	return s
}

// Next returns the next event, and waits for it where there is none yet. The error is the cause of ctx, [store.ErrClosed], or
// that of a predicate that panicked; what came before is returned first, save where ctx has ended.
func (s *Stream) Next(ctx context.Context) (Event, error) {
	for {
		if ctx.Err() != nil {
			s.wake() // the news it may have taken are for another one who waits
			return Event{}, context.Cause(ctx)
		}
		if e, ok, err := s.take(); ok || err != nil {
			return e, err
		}
		select {
		case <-s.news:
		case <-ctx.Done():
		case <-s.hub.st.Context().Done():
			s.end(store.ErrClosed)
		}
	}
}

// All yields the events until ctx ends, the stream or the store is closed, or the loop is left.
func (s *Stream) All(ctx context.Context) iter.Seq[Event] {
	return func(yield func(Event) bool) {
		for {
			if e, err := s.Next(ctx); err != nil || !yield(e) {
				return
			}
		}
	}
}

// Close ends the stream. What it kept is dropped. Closing twice is a no-op.
func (s *Stream) Close() {
	s.hub.remove(s.hook)
	s.end(errStreamClosed) // first, so that an action that is being looked at comes too late
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = nil
}

func (s *Stream) put(e Event) {
	s.mu.Lock()
	if s.err == nil {
		s.events = append(s.events, e)
	}
	s.mu.Unlock()
	s.wake()
}

func (s *Stream) end(err error) {
	s.mu.Lock()
	if s.err == nil {
		s.err = err
	}
	s.mu.Unlock()
	s.wake()
}

func (s *Stream) wake() {
	select {
	case s.news <- struct{}{}:
	default:
	}
}

// take returns the first event; false where there is none yet.
func (s *Stream) take() (e Event, ok bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.events) == 0 {
		if s.err != nil {
			s.wake() // another one may wait as well
		}
		return Event{}, false, s.err
	}
	e = s.events[0]
	s.events[0] = Event{} // its states can go
	s.events = s.events[1:]
	if len(s.events) > 0 {
		s.wake() // for another one who waits
	}
	return e, true, nil
}
