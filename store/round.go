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
	turn     *turn // what the scheduler has to do with it; nil: nothing
}

// turn is what is to be done about a scheduler.
type turn struct {
	ask    uint64 // it is to be asked for this turn; 0: it is not
	cancel func() // takes a turn back; nil: there is none
}

// drain tells rounds until there is no news, unless somebody else is doing so, a batch is open or the scheduler is to say
// when.
func (st *Store) drain() {
	var news round
	st.notify.begin(&news)
	st.tellRound(&news)
}

// tellRound tells a round, and goes on until there is no news. The caller must not hold the store's lock.
func (st *Store) tellRound(news *round) {
	if news.turn != nil {
		st.takeTurn(news.turn)
	}
	if news.subs == nil {
		return
	}
	told := 0
	defer func() {
		if news.subs != nil { // a subscriber ended the goroutine, as t.FailNow does: the others go on
			st.notify.abandon(news, told)
			st.drain()
		}
	}()
	for news.subs != nil {
		for told < len(news.subs) {
			st.notifyFrom(news, &told)
		}
		st.notify.next(news)
		told = 0
		if news.turn != nil {
			st.takeTurn(news.turn)
		}
	}
}

// begin claims the telling and finds the first round.
func (n *notifier) begin(news *round) {
	if n.st.lock() != nil { // inside a reducer: the dispatch that runs it tells the news
		return
	}
	defer n.st.mu.Unlock()
	if !n.draining {
		n.collect(news)
	}
}

// next ends a round and finds the one after it.
func (n *notifier) next(news *round) {
	n.st.mu.Lock()
	if !news.borrowed {
		clear(news.subs)
		n.scratch = news.subs[:0]
	}
	*news = round{}
	n.collect(news)
	n.st.mu.Unlock()
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

// collect finds the subscribers of the next round, in the order in which they subscribed. Without news it ends the telling.
// The caller holds the lock; news is empty.
func (n *notifier) collect(news *round) {
	n.draining = false
	if n.held > 0 || len(n.dirty)+len(n.late) == 0 {
		return
	}
	if n.schedule != nil && !n.pressing {
		news.turn = n.ask()
		return
	}
	if len(n.dirty) == 1 && len(n.late) == 0 { // nobody is in it twice, and who leaves it does so in a copy
		g := n.dirty[0]
		g.dirty = false
		n.dirty = n.dirty[:0]
		news.subs, news.borrowed = g.subs[:len(g.subs):len(g.subs)], true
	} else {
		n.merge(news)
	}
	n.pressing = false
	if len(news.subs) == 0 { // they have all been stopped
		news.subs = nil
		return
	}
	n.rounds++
	n.draining = true
	news.state, news.order = n.st.State(), n.rounds
	if n.waiting { // the round tells what was put off as well
		news.turn = &turn{cancel: n.withdraw()}
	}
}

// merge finds the subscribers of several groups.
func (n *notifier) merge(news *round) {
	all := n.scratch[:0]
	n.scratch = nil
	take := func(subs []*subscriber) {
		for _, s := range subs {
			if s.round != n.rounds+1 {
				s.round = n.rounds + 1
				all = append(all, s)
			}
		}
	}
	for _, g := range n.dirty {
		g.dirty = false
		take(g.subs)
	}
	take(n.late)
	slices.SortFunc(all, func(a, b *subscriber) int { return cmp.Compare(a.order, b.order) })
	n.dirty, n.late = n.dirty[:0], nil
	news.subs = all
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
