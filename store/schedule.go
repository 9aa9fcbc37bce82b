package store

import "time"

// Scheduler puts a notification off (autoBatchEnhancer in Redux Toolkit): it arranges that flush is called once, later, on
// any goroutine, and returns a function that takes this back; calling that late does no harm. A store asks again only
// after flush was called or taken back. It is not called under a lock of the store that flush would need; it must not
// call flush itself before it returns.
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
func (n *notifier) urgent(a Action) bool {
	return n.schedule == nil || n.deferred != nil && !n.deferred(a)
}

// withdraw takes back what the scheduler was asked for. The caller holds the lock.
func (n *notifier) withdraw() {
	if n.putOff != nil {
		n.putOff()
		n.putOff = nil
	}
}

// flush tells what was put off.
func (st *Store) flush() {
	leave := st.enter()
	st.notify.pressing = true
	leave()
	st.drain()
}
