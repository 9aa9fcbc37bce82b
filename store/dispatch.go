package store

import (
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"time"
)

// Dispatch sends an action through the middleware to the reducers and then tells the subscribers of the slices that
// changed. When it returns nil, [Store.State] has the result. Subscribers have been told as well, unless the notification
// was put off ([Options.Scheduler]) or a round of notifications or a batch was under way already, on another goroutine or
// further up on this one: what is under way then goes on with the newest state.
//
// The error is [ErrClosed], [ErrInReducer], [ErrNoAction], a [*PanicError] where a reducer panicked (the state is then as
// it was), or what a middleware returned. It may be ignored where none of these can happen.
func (st *Store) Dispatch(a Action) error {
	switch {
	case a.kind == nil:
		return ErrNoAction
	case !st.chain.ready.Load():
		return ErrNotReady
	case st.life.closed():
		return ErrClosed
	}
	if first := st.chain.first.Load(); first != nil {
		return first.run(a)
	}
	return st.change(a, nil)
}

// reduce is the end of the middleware chain.
func (st *Store) reduce(a Action) error {
	if a.kind == nil {
		return ErrNoAction
	}
	return st.change(a, nil)
}

// change applies an action, or one that is made from the state it is applied to, and tells the subscribers.
func (st *Store) change(a Action, from func(State) (Action, error)) error {
	if err := st.lock(); err != nil {
		return err
	}
	var news round
	err := st.apply(&a, from, &news)
	if st.checks != nil {
		st.checks.deliver()
	}
	st.tellRound(&news)
	return err
}

// lock takes the store's lock, or reports that a reducer asks for it. Finding that out means reading the call stack, which
// only those do who would have to wait. The stack does not say whose reducer it is: one of another store's is refused as well.
func (st *Store) lock() error {
	if st.mu.TryLock() {
		return nil
	}
	if insideReducer() {
		return ErrInReducer
	}
	st.mu.Lock()
	return nil
}

// enter is lock for those who may be inside a reducer and go on all the same, under the lock that is held already. They must
// be sure that it is their own reducer which holds it: anybody else lets go of it in time.
func (st *Store) enter() (leave func()) {
	if st.lock() == nil {
		return st.mu.Unlock
	}
	for i := range 2 * patience {
		if i < patience {
			runtime.Gosched()
		} else {
			time.Sleep(time.Millisecond)
		}
		if st.mu.TryLock() {
			return st.mu.Unlock
		}
	}
	return func() {}
}

// patience is how often who enters from inside a reducer lets others run, and then how many milliseconds it waits.
const patience = 50

// locked are the functions that call a user's under the lock, as the call stack names them.
var locked [4]string

func init() { // and not where it is declared, since these functions come to ask for their own names
	for i, f := range [...]any{(*Store).apply, (*Store).imagine, (*Store).tell, (*Store).mountLocked} {
		locked[i] = runtime.FuncForPC(reflect.ValueOf(f).Pointer()).Name()
	}
}

// insideReducer looks for one of them among the callers.
func insideReducer() bool {
	pcs := make([]uintptr, 64)
	n := runtime.Callers(2, pcs)
	for n == len(pcs) {
		pcs = make([]uintptr, 2*len(pcs))
		n = runtime.Callers(2, pcs)
	}
	frames := runtime.CallersFrames(pcs[:n])
	for {
		f, more := frames.Next()
		if slices.Contains(locked[:], f.Function) {
			return true
		}
		if !more {
			return false
		}
	}
}

// apply runs the reducers and publishes the result, all of it or, after a panic, nothing. The caller holds the lock, which
// apply lets go of; after that it tells the news.
func (st *Store) apply(a *Action, from func(State) (Action, error), news *round) (err error) {
	var running *sliceCore
	done := false
	defer func() {
		st.mu.Unlock()
		if done {
			return
		}
		if v := recover(); v != nil {
			err = reducerPanic(running, *a, v)
			st.logPanic("store: a reducer panicked; the state is unchanged", err, "action", a.Type())
			return
		}
		st.tellRound(news) // a tap ended the goroutine, as t.FailNow does: nobody else will
	}()
	if st.life.closed() { // it may have been closed while the action waited for the lock
		done = true
		return ErrClosed
	}
	start := st.now()
	d := draft{base: st.root.Load(), version: after(st.version)}
	if from != nil {
		if *a, err = from(State{d.base}); err != nil {
			done = true
			return err
		}
	}
	pressing := st.notify.schedule == nil || st.urgent(*a)
	routes := st.routesOf(a.kind)
	if st.checks != nil {
		st.checks.action(*a, State{d.base}, st.mounted, routes)
	}
	var room [4]*sliceCore
	changed := room[:0]
	for i := range routes {
		r := &routes[i]
		running = r.slice
		old := d.get(r.slice)
		next := r.reduce(old, a)
		if st.checks != nil {
			st.checks.reduced(r.slice, *a, old, next)
		}
		if next != old {
			d.set(r.slice.index, next)
			changed = append(changed, r.slice)
		}
	}
	if d.next != nil {
		st.publish(d.next, changed, pressing, news)
	}
	if len(st.taps) > 0 {
		st.tell(Transition{Action: *a, Before: State{d.base}, After: st.State(), At: start})
	}
	done = true
	return nil
}

// Reduce returns what the reducers of the mounted slices make of a snapshot and an action. The store stays as it is, no
// middleware, tap or subscriber hears of it: it is for tools that replay actions. The error is [ErrNoAction], a
// [*PanicError] or [ErrInReducer].
func (st *Store) Reduce(state State, a Action) (State, error) {
	if a.kind == nil {
		return state, ErrNoAction
	}
	if err := st.lock(); err != nil {
		return state, err
	}
	defer st.mu.Unlock()
	return st.imagine(state, a)
}

// imagine runs the reducers on a snapshot. The caller holds st.mu.
func (st *Store) imagine(state State, a Action) (next State, err error) {
	var running *sliceCore
	defer func() {
		if v := recover(); v != nil {
			next, err = state, reducerPanic(running, a, v)
		}
	}()
	d := draft{base: state.root, version: imaginedVersion()}
	if d.base == nil {
		d.base = &root{}
	}
	for _, r := range st.routesOf(a.kind) {
		running = r.slice
		old := d.get(r.slice)
		if next := r.reduce(old, &a); next != old {
			d.set(r.slice.index, next)
		}
	}
	if d.next == nil {
		return state, nil
	}
	return State{d.next}, nil
}

// reducerPanic returns the error for a panic in a reducer; running is nil where it was in a function of Restore.
func reducerPanic(running *sliceCore, a Action, v any) *PanicError {
	if running == nil {
		return panicked("the function that makes a state", v)
	}
	return panicked(fmt.Sprintf("reducer of slice %q for %q", running.name, a.Type()), v)
}

// routesOf returns the slices that answer to a kind, with their reducers. The caller holds st.mu.
func (st *Store) routesOf(k *kind) []route {
	if k.index < len(st.routes) && st.routes[k.index] != nil {
		return st.routes[k.index]
	}
	routes := []route{} // not nil, also where nobody answers
	for _, c := range st.mounted {
		if r, ok := c.answer(k); ok {
			routes = append(routes, r)
		}
	}
	if n := k.index + 1 - len(st.routes); n > 0 {
		st.routes = append(st.routes, make([][]route, n)...)
	}
	st.routes[k.index] = routes
	return routes
}

// publish makes r the state and notes which slices have news. The caller holds st.mu, so that news are noted in the
// order of the versions.
func (st *Store) publish(r *root, changed []*sliceCore, pressing bool, news *round) {
	st.version = r.version
	st.root.Store(r)
	st.notify.mark(changed, pressing, news)
}
