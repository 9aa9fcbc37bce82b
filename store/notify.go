package store

import (
	"iter"
	"slices"
	"unsafe"
)

// notifier tells subscribers about changes. One goroutine at a time drains the news, without a lock, in rounds: each round
// takes the newest snapshot and calls the subscribers of the slices that changed since the round before. Whoever may be
// inside a reducer takes the lock with enter.
type notifier struct {
	st       *Store
	schedule Scheduler
	deferred func(Action) bool

	// The store's lock guards what follows.

	groups   []*group      // by place of the slice in the state
	all      group         // subscribers of every slice
	dirty    []*group      // with news since the last round
	late     []*subscriber // subscribed while the state changed: to be called once more
	pressing bool          // the news must not be left to the scheduler
	asked    uint64        // the scheduler's turns that were asked for, and taken back
	waiting  bool          // a turn was asked for that has not come
	cancel   func()        // takes it back; nil while the scheduler is being asked
	draining bool
	ended    bool
	held     int    // batches under way
	rounds   uint64 // stamps the subscribers of a round, so that each is called once
	order    uint64 // subscriptions made so far
	// The audiences by their selectors' memories.
	audiences map[any]*audience
	scratch   []*subscriber
}

// group is the subscribers that read one slice.
type group struct {
	subs  []*subscriber
	dead  int // stopped ones among them; they are swept out when they are half
	dirty bool
}

// subscriber is one subscription.
type subscriber struct {
	order       uint64
	reads       []int // places of slices in the state
	all         bool  // reads every slice
	stopped     flag
	round       uint64               // the last that it was part of
	over        func()               // called when it has ended; nil: nothing to do
	tell        func(unsafe.Pointer) // calls the user's function with the value, a *T
	selector    any                  // what its audience is found by; nil: it has none, and is told that there may be news
	newAudience func() *audience
	audience    *audience
	last        unsafe.Pointer // the value it knows, a *T, where that is not what its audience heard last; else nil
	unlink      func() bool    // from its context; nil: it has none
}

// mark notes news and finds the round that tells of them: whoever gets one must tell it, after it has let go of the lock.
func (n *notifier) mark(changed []*sliceCore, pressing bool, news *round) {
	heard := len(n.all.subs) > 0 && n.soil(&n.all)
	for _, c := range changed {
		if c.index < len(n.groups) && n.groups[c.index] != nil {
			heard = n.soil(n.groups[c.index]) || heard
		}
	}
	n.pressing = n.pressing || pressing && heard
	if !n.draining {
		n.collect(news)
	}
}

// soil notes that a group has news; false where it has nobody to tell. The caller holds the lock.
func (n *notifier) soil(g *group) bool {
	if len(g.subs) == g.dead {
		return false
	}
	if !g.dirty {
		g.dirty = true
		n.dirty = append(n.dirty, g)
	}
	return true
}

func (n *notifier) hold() {
	defer n.st.enter()()
	n.held++
}

func (n *notifier) release() {
	defer n.st.enter()()
	n.held--
}

// add subscribes s; false where the store or the subscription has ended. Where the state is no longer the one that s has
// seen, s is called in the next round.
func (n *notifier) add(s *subscriber, seen State) bool {
	defer n.st.enter()()
	if n.ended || s.stopped.Load() {
		return false
	}
	n.order++
	s.order = n.order // not 0: it is in its groups
	for g := range n.groupsOf(s) {
		g.subs = append(g.subs, s)
	}
	if s.selector == nil { // it looks for itself
		return true
	}
	n.admit(s)
	if n.st.State() != seen {
		n.late = append(n.late, s)
		n.pressing = true
	}
	return true
}

// link notes what takes s from its context; true where that has to be done at once.
func (n *notifier) link(s *subscriber, unlink func() bool) (over bool) {
	defer n.st.enter()()
	s.unlink = unlink
	return s.stopped.Load()
}

// admit makes s a member of its selector's audience. The caller holds the lock.
func (n *notifier) admit(s *subscriber) {
	if n.audiences == nil {
		n.audiences = map[any]*audience{}
	}
	s.audience = n.audiences[s.selector]
	if s.audience == nil {
		s.audience = s.newAudience()
		n.audiences[s.selector] = s.audience
	}
	s.audience.members++
}

// groupsOf yields the groups that a subscriber belongs to. The caller holds the lock.
func (n *notifier) groupsOf(s *subscriber) iter.Seq[*group] {
	return func(yield func(*group) bool) {
		if s.all {
			yield(&n.all)
			return
		}
		for _, at := range s.reads {
			if at >= len(n.groups) {
				n.groups = append(n.groups, make([]*group, at+1-len(n.groups))...)
			}
			if n.groups[at] == nil {
				n.groups[at] = &group{}
			}
			if !yield(n.groups[at]) {
				return
			}
		}
	}
}

// remove takes s out and returns what has to be done then, without the lock; nil where it was out already.
func (n *notifier) remove(s *subscriber) (over func()) {
	defer n.st.enter()()
	if s.stopped.Swap(true) {
		return nil
	}
	if s.order == 0 || n.ended {
		return s.farewell()
	}
	if a := s.audience; a != nil {
		if a.members--; a.members == 0 {
			delete(n.audiences, s.selector)
		}
	}
	for g := range n.groupsOf(s) {
		if g.dead++; g.dead*2 > len(g.subs) {
			g.subs = slices.DeleteFunc(slices.Clone(g.subs), func(s *subscriber) bool { return s.stopped.Load() })
			g.dead = 0
		}
	}
	return s.farewell()
}

// end stops all subscribers, also those of a round under way, and lets none come after them.
func (n *notifier) end() {
	leave := n.st.enter()
	n.ended = true
	cancel := n.withdraw()
	over := []func(){func() { n.st.contain("scheduler", cancel) }}
	for _, g := range append(n.groups, &n.all) {
		if g == nil {
			continue
		}
		for _, s := range g.subs {
			if !s.stopped.Swap(true) {
				over = append(over, s.farewell())
			}
		}
	}
	n.groups, n.all, n.dirty, n.late, n.audiences = nil, group{}, nil, nil, nil
	leave()
	for _, f := range over {
		f()
	}
}

// farewell returns what is to be done when a subscription has ended. The caller holds the lock, and does it without.
func (s *subscriber) farewell() func() {
	unlink, over := s.unlink, s.over
	return func() {
		if unlink != nil {
			unlink()
		}
		if over != nil {
			over()
		}
	}
}
