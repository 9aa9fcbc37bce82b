package store

import (
	"cmp"
	"slices"
)

// round is the subscribers that are to be told of a snapshot, the newest when they were found. One without subscribers tells
// nothing; what goes with the others is that nobody else tells anybody anything until it has been told.
type round struct {
	subs     []*subscriber
	borrowed bool // subs is a group's own list
	state    State
	order    uint64
	ask      uint64 // the scheduler is to be asked for this turn; 0: it is not
	cancel   func() // takes a turn of the scheduler back; nil: there is none
}

// drain tells rounds until there is no news, unless somebody else is doing so, a batch is open or the scheduler is to say
// when.
func (st *Store) drain() {
	news := st.notify.begin()
	st.tellRound(&news)
}

// tellRound tells a round, and goes on until there is no news. The caller must not hold the store's lock.
func (st *Store) tellRound(first *round) {
	if first.ask != 0 {
		st.askScheduler(first.ask)
	}
	news := *first
	if news.subs == nil {
		return
	}
	n := &st.notify
	told := 0
	defer func() {
		if news.subs != nil { // a subscriber ended the goroutine, as t.FailNow does: the others go on
			n.abandon(&news, told)
			st.drain()
		}
	}()
	for news.subs != nil {
		if news.cancel != nil { // this round tells what was put off as well
			st.contain("scheduler", news.cancel)
		}
		for told < len(news.subs) {
			st.notifyFrom(&news, &told)
		}
		news = n.next(&news)
		told = 0
		if news.ask != 0 {
			st.askScheduler(news.ask)
		}
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
func (n *notifier) abandon(news *round, told int) {
	n.st.mu.Lock()
	defer n.st.mu.Unlock()
	n.draining = false
	if n.ended {
		return
	}
	for _, s := range news.subs[told:] {
		if a := s.audience; a != nil && a.round == news.order && s.last == nil {
			s.last = a.before // its audience knows more than it does
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
	var cancel func()
	if n.schedule != nil {
		if !n.pressing {
			return n.ask()
		}
		cancel = n.withdraw()
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
		return round{subs: slices.Clip(g.subs), borrowed: true, state: n.st.State(), order: n.rounds, cancel: cancel}
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
	return round{subs: all, state: n.st.State(), order: n.rounds, cancel: cancel}
}

// notifyFrom calls the subscribers of a round from told on, and counts them there. After the panic of one it returns, so that
// the others' round goes on.
func (st *Store) notifyFrom(news *round, told *int) {
	defer func() {
		if v := recover(); v != nil {
			st.logPanic("store: a subscriber panicked; the others go on", panicked("subscriber", v))
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
		if s.last != nil {
			s.catchUp()
		} else if a.changed {
			s.tell(a.value)
		}
	}
}
