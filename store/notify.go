package store

import (
	"cmp"
	"errors"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
)

// notifier tells subscribers about changes. One goroutine at a time drains the news, without a lock, in rounds: each round
// takes the newest snapshot and calls the subscribers of the slices that changed since the round before.
type notifier struct {
	mu       sync.Mutex
	groups   map[*sliceCore]*group
	dirty    []*sliceCore  // changed since the last round
	late     []*subscriber // subscribed while the state changed: to be called once more
	draining bool
	ended    bool
	held     int    // batches under way
	round    uint64 // stamps the subscribers of a round, so that each is called once
	order    uint64 // subscriptions made so far
	scratch  []*subscriber
}

// group is the subscribers that read one slice.
type group struct {
	subs []*subscriber
	dead int // stopped ones among them; they are swept out when they are half
}

// subscriber is one Watch.
type subscriber struct {
	order   uint64
	reads   []*sliceCore
	check   func(State) // compares, and calls the user's function where the value changed
	stopped atomic.Bool
	round   uint64
}

// mark notes news.
func (n *notifier) mark(changed []*sliceCore) {
	n.mu.Lock()
	for _, c := range changed {
		if g := n.groups[c]; g != nil && len(g.subs) > g.dead && !slices.Contains(n.dirty, c) {
			n.dirty = append(n.dirty, c)
		}
	}
	n.mu.Unlock()
}

func (n *notifier) hold() {
	n.mu.Lock()
	n.held++
	n.mu.Unlock()
}

func (n *notifier) release() {
	n.mu.Lock()
	n.held--
	n.mu.Unlock()
}

// add subscribes s. Where the state is no longer the one s has seen, s is called in the next round.
func (n *notifier) add(s *subscriber, seen State, now func() State) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.ended {
		return
	}
	if n.groups == nil {
		n.groups = map[*sliceCore]*group{}
	}
	n.order++
	s.order = n.order
	for _, c := range s.reads {
		g := n.groups[c]
		if g == nil {
			g = &group{}
			n.groups[c] = g
		}
		g.subs = append(g.subs, s)
	}
	if now() != seen {
		n.late = append(n.late, s)
	}
}

func (n *notifier) remove(s *subscriber) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if s.stopped.Swap(true) {
		return
	}
	for _, c := range s.reads {
		g := n.groups[c]
		if g == nil {
			continue
		}
		if g.dead++; g.dead*2 > len(g.subs) {
			g.subs = slices.DeleteFunc(g.subs, func(s *subscriber) bool { return s.stopped.Load() })
			g.dead = 0
		}
	}
}

// end stops all subscribers, also those of a round under way, and lets none come after them.
func (n *notifier) end() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, g := range n.groups {
		for _, s := range g.subs {
			s.stopped.Store(true)
		}
	}
	n.ended = true
	n.groups, n.dirty, n.late = nil, nil, nil
}

// drain runs rounds until there is no news, unless somebody else is doing so or a batch is open.
func (st *Store) drain() {
	n := &st.notify
	round, ok := n.begin()
	if !ok {
		return
	}
	told := 0
	defer func() {
		if ok { // a subscriber ended the goroutine, as t.FailNow does: the others go on
			n.abandon(round[told:])
			st.drain()
		}
	}()
	for ok {
		state := st.State()
		for told < len(round) {
			st.tell(round, &told, state)
		}
		round, ok = n.next(round)
		told = 0
	}
}

// begin claims the draining and returns the first round.
func (n *notifier) begin() ([]*subscriber, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.draining {
		return nil, false
	}
	return n.collect()
}

// next ends a round and returns the one after it.
func (n *notifier) next(round []*subscriber) ([]*subscriber, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	clear(round)
	n.scratch = round[:0]
	return n.collect()
}

// abandon ends the draining in the middle of a round. The rest of it is to be called in the next one.
func (n *notifier) abandon(rest []*subscriber) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.draining = false
	if !n.ended {
		n.late = append(n.late, rest...)
	}
}

// collect takes the subscribers of the next round, in the order in which they subscribed. Without news it ends the
// draining. The caller holds n.mu.
func (n *notifier) collect() ([]*subscriber, bool) {
	if n.held > 0 || len(n.dirty)+len(n.late) == 0 {
		n.draining = false
		return nil, false
	}
	n.draining = true
	n.round++
	round := n.scratch[:0]
	n.scratch = nil
	take := func(subs []*subscriber) {
		for _, s := range subs {
			if s.round != n.round {
				s.round = n.round
				round = append(round, s)
			}
		}
	}
	for _, c := range n.dirty {
		take(n.groups[c].subs)
	}
	take(n.late)
	if len(n.dirty)+len(n.late) > 1 {
		slices.SortFunc(round, func(a, b *subscriber) int { return cmp.Compare(a.order, b.order) })
	}
	n.dirty, n.late = n.dirty[:0], nil
	return round, true
}

// tell calls the subscribers of a round from told on, and counts them there. After the panic of one it returns, so that
// the others' round goes on.
func (st *Store) tell(round []*subscriber, told *int, state State) {
	defer func() {
		if v := recover(); v != nil {
			err := &PanicError{In: "subscriber", Value: v, Stack: debug.Stack()}
			st.logger.Error("store: a subscriber panicked; the others go on", "error", err, "stack", string(err.Stack))
		}
	}()
	for *told < len(round) {
		s := round[*told]
		*told++
		if !s.stopped.Load() {
			s.check(state)
		}
	}
}

func joinErrors(errs []error) error {
	if len(errs) == 1 {
		return errs[0]
	}
	return errors.Join(errs...)
}
