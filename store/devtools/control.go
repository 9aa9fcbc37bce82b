package devtools

import "slate/store"

// Lock makes the store refuse all actions with [ErrLocked], or take them again: while one looks around in the past,
// nothing is to change. What does not pass the middleware, such as [store.Restore] and the log's own jumps, is not refused.
// The error is [ErrNoStore].
func (l *Log) Lock(locked bool) error {
	l.command.Lock()
	defer l.command.Unlock()
	st := l.Store()
	if st == nil {
		return ErrNoStore
	}
	switch {
	case locked && l.unlock == nil:
		unlock, err := st.Use(refuse)
		if err != nil {
			return err
		}
		l.unlock = unlock
	case !locked && l.unlock != nil:
		l.unlock()
		l.unlock = nil
	}
	l.mu.Lock()
	l.h.locked = locked
	l.epoch++
	l.mu.Unlock()
	l.worker.wake()
	return nil
}

// refuse is the middleware of a locked store. A store that is not locked has none, and pays nothing.
func refuse(*store.Store, store.Dispatcher) store.Dispatcher {
	return func(store.Action) error { return ErrLocked }
}

// Pause stops recording, or goes on with it. What happens in between is one entry of type [Unrecorded] later.
func (l *Log) Pause(paused bool) {
	l.mu.Lock()
	l.h.paused = paused
	l.epoch++
	l.mu.Unlock()
	l.worker.wake()
}
