package store

import "time"

// Scheduler puts a notification off (autoBatchEnhancer in Redux Toolkit): it arranges that flush is called once, later, on
// any goroutine, and returns a function that takes this back; calling that late does no harm. A store asks again only
// after flush was called or taken back. It is called by whoever dispatched, under no lock.
type Scheduler func(flush func()) (cancel func())

// After returns a scheduler that notifies d after the first change: all that comes until then is one notification. With
// zero it is the next turn of the timer.
func After(d time.Duration) Scheduler {
	return func(flush func()) func() {
		timer := time.AfterFunc(d, flush)
		return func() { timer.Stop() }
	}
}

// frame is how long a screen shows a picture, and how long a hidden page that draws none waits instead.
const frame = time.Second / 60

// urgent reports whether subscribers are to hear of an action at once.
func (st *Store) urgent(a Action) bool {
	n := &st.notify
	if n.schedule == nil || n.deferred == nil {
		return n.schedule == nil
	}
	now := true // also where the function panics
	st.contain("Options.Defer", func() { now = !n.deferred(a) })
	return now
}

// ask returns the turn that the scheduler is to be asked for, where that has not been done. The caller holds the lock.
func (n *notifier) ask() *turn {
	if n.waiting {
		return nil
	}
	n.waiting = true
	n.asked++
	return &turn{ask: n.asked}
}

// withdraw notes that no turn is waited for any more, and returns what takes it back; it is to be called without the lock. The
// caller holds it.
func (n *notifier) withdraw() (cancel func()) {
	cancel = n.cancel
	if cancel == nil {
		cancel = func() {}
	}
	if n.waiting { // a scheduler that is being asked learns it when it returns
		n.waiting, n.cancel = false, nil
		n.asked++
	}
	return cancel
}

// takeTurn asks for a turn or takes one back, without the lock: the scheduler may wait for somebody who dispatches. Where it
// panics, what was put off is told at once.
func (st *Store) takeTurn(t *turn) {
	if t.ask == 0 {
		st.contain("scheduler", t.cancel)
		return
	}
	cancel := func() {}
	if !st.contain("scheduler", func() { cancel = st.notify.schedule(st.flush) }) {
		st.flush()
		return
	}
	if !st.notify.keep(t.ask, cancel) {
		st.contain("scheduler", cancel)
	}
}

// keep notes how a turn is taken back; false where that has to be done at once.
func (n *notifier) keep(turn uint64, cancel func()) bool {
	defer n.st.enter()()
	if n.asked != turn || !n.waiting {
		return false
	}
	n.cancel = cancel
	return true
}

// flush tells what was put off.
func (st *Store) flush() {
	st.notify.press()
	st.drain()
}

// press keeps what was put off from waiting any longer.
func (n *notifier) press() {
	defer n.st.enter()()
	if len(n.dirty)+len(n.late) > 0 {
		n.pressing = true
	} else { // it has been told already
		n.withdraw()
	}
}
