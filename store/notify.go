package store

import (
	"cmp"
	"errors"
	"iter"
	"runtime/debug"
	"slices"
	"unsafe"
)

// notifier tells subscribers about changes. One goroutine at a time drains the news, without a lock, in rounds: each round
// takes the newest snapshot and calls the subscribers of the slices that changed since the round before. Whoever may be inside a
// reducer takes the lock with enter.
type notifier struct {
	st       *Store
	schedule Scheduler
	deferred func(Action) bool
	flush    func() // what the scheduler is to call

	// The store's lock guards what follows.

	groups   []*group      // by place of the slice in the state
	all      group         // subscribers of every slice
	dirty    []*group      // with news since the last round
	late     []*subscriber // subscribed while the state changed: to be called once more
	pressing bool          // the news must not be left to the scheduler
	putOff   func()        // takes back what the scheduler was asked for; nil: nothing
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
	over        func()               // called when the store ends; nil: nothing to do
	tell        func(unsafe.Pointer) // calls the user's function with the value, a *T
	selector    any                  // what its audience is found by; nil: it has none, and is told that there may be news
	newAudience func() *audience
	audience    *audience
	last        unsafe.Pointer // the value it knows before its first round, a *T; nil after that
	missed      bool           // its audience heard of a change in a round that did not come to it
}

// mark notes news and returns the round that tells of them: whoever gets one must tell it, after it has let
// go of the lock.
func (n *notifier) mark(changed []*sliceCore, pressing bool) round {
	news := len(n.all.subs) > 0 && n.soil(&n.all)
	for _, c := range changed {
		if c.index < len(n.groups) && n.groups[c.index] != nil {
			news = n.soil(n.groups[c.index]) || news
		}
	}
	n.pressing = n.pressing || pressing && news
	if n.draining {
		return round{}
	}
	return n.collect()
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

// add subscribes s; false where the store or the subscription has ended. Where the state is no longer the one s has seen, s is called in the
// next round.
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
	if s.selector != nil {
		n.admit(s)
	}
	if n.st.State() != seen {
		n.late = append(n.late, s)
		n.pressing = true
	}
	return true
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

func (n *notifier) remove(s *subscriber) {
	defer n.st.enter()()
	if s.stopped.Swap(true) || s.order == 0 || n.ended {
		return
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
}

// end stops all subscribers, also those of a round under way, and lets none come after them.
func (n *notifier) end() {
	leave := n.st.enter()
	n.ended = true
	var over []func()
	for _, g := range append(n.groups, &n.all) {
		if g == nil {
			continue
		}
		for _, s := range g.subs {
			if !s.stopped.Swap(true) && s.over != nil {
				over = append(over, s.over)
			}
		}
	}
	n.groups, n.all, n.dirty, n.late, n.audiences = nil, group{}, nil, nil, nil
	n.withdraw()
	leave()
	for _, f := range over {
		f()
	}
}

// round is the subscribers that are to be told of a snapshot, the newest when they were found. One without subscribers is
// no round; what goes with the others is that nobody else tells anybody anything until it has been told.
type round struct {
	subs     []*subscriber
	borrowed bool // subs is a group's own list
	state    State
	order    uint64
}

// drain tells rounds until there is no news, unless somebody else is doing so, a batch is open or the scheduler is to say
// when.
func (st *Store) drain() {
	news := st.notify.begin()
	st.tellRound(&news)
}

// tellRound tells a round, and goes on until there is no news. The caller must not hold the store's lock.
func (st *Store) tellRound(first *round) {
	news := *first
	if news.subs == nil {
		return
	}
	n := &st.notify
	told := 0
	defer func() {
		if news.subs != nil { // a subscriber ended the goroutine, as t.FailNow does: the others go on
			n.abandon(news, told)
			st.drain()
		}
	}()
	for news.subs != nil {
		for told < len(news.subs) {
			st.notifyFrom(&news, &told)
		}
		news = n.next(&news)
		told = 0
	}
}

// begin claims the telling and returns the first round.
func (n *notifier) begin() round {
	if n.st.lock() != nil { // inside a reducer: the dispatch that runs it tells the news
		return round{}
	}
	defer n.st.mu.Unlock()
	if n.draining {
		return round{}
	}
	return n.collect()
}

// next ends a round and returns the one after it.
func (n *notifier) next(told *round) round {
	n.st.mu.Lock()
	if !told.borrowed {
		clear(told.subs)
		n.scratch = told.subs[:0]
	}
	news := n.collect()
	n.st.mu.Unlock()
	return news
}

// abandon ends the telling in the middle of a round. The rest of it is to be called in the next one.
func (n *notifier) abandon(news round, told int) {
	n.st.mu.Lock()
	defer n.st.mu.Unlock()
	n.draining = false
	if n.ended {
		return
	}
	for _, s := range news.subs[told:] {
		if a := s.audience; a != nil {
			s.missed = s.missed || a.round == news.order && a.changed
		}
	}
	n.late = append(n.late, news.subs[told:]...)
	n.pressing = true
}

// collect takes the subscribers of the next round, in the order in which they subscribed. Without news it ends the
// telling. The caller holds the lock.
func (n *notifier) collect() round {
	n.draining = false
	if n.held > 0 || len(n.dirty)+len(n.late) == 0 {
		return round{}
	}
	if n.schedule != nil {
		if !n.pressing {
			if n.putOff == nil {
				n.putOff = n.schedule(n.flush)
			}
			return round{}
		}
		n.withdraw() // this round tells what was put off as well
	}
	n.pressing = false
	n.rounds++
	if len(n.dirty) == 1 && len(n.late) == 0 { // nobody is in it twice, and who leaves it does so in a copy
		g := n.dirty[0]
		g.dirty = false
		n.dirty = n.dirty[:0]
		if len(g.subs) == 0 { // they have all been stopped
			return round{}
		}
		n.draining = true
		return round{slices.Clip(g.subs), true, n.st.State(), n.rounds}
	}
	all := n.scratch[:0]
	n.scratch = nil
	take := func(subs []*subscriber) {
		for _, s := range subs {
			if s.round != n.rounds {
				s.round = n.rounds
				all = append(all, s)
			}
		}
	}
	for _, g := range n.dirty {
		g.dirty = false
		take(g.subs)
	}
	take(n.late)
	if len(n.dirty)+len(n.late) > 1 {
		slices.SortFunc(all, func(a, b *subscriber) int { return cmp.Compare(a.order, b.order) })
	}
	n.dirty, n.late = n.dirty[:0], nil
	if len(all) == 0 { // they have all been stopped
		n.scratch = all
		return round{}
	}
	n.draining = true
	return round{all, false, n.st.State(), n.rounds}
}

// notifyFrom calls the subscribers of a round from told on, and counts them there. After the panic of one it returns, so that
// the others' round goes on.
func (st *Store) notifyFrom(news *round, told *int) {
	defer func() {
		if v := recover(); v != nil {
			err := &PanicError{In: "subscriber", Value: v, Stack: debug.Stack()}
			st.logger.Error("store: a subscriber panicked; the others go on", "error", err, "stack", string(err.Stack))
		}
	}()
	for *told < len(news.subs) {
		s := news.subs[*told]
		*told++
		if s.stopped.Load() {
			continue
		}
		a := s.audience
		if a == nil {
			s.tell(nil)
			continue
		}
		if a.round != news.order {
			a.compare(news)
			if s.stopped.Load() { // the selector took its time
				continue
			}
		}
		if s.last != nil || s.missed {
			s.catchUp()
		} else if a.changed {
			s.tell(a.value)
		}
	}
}

func joinErrors(errs []error) error {
	if len(errs) == 1 {
		return errs[0]
	}
	return errors.Join(errs...)
}
