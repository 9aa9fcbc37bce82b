package store

import (
	"slices"
	"sync"
)

// Dispatcher sends an action on: to the next middleware, and at last to the reducers.
type Dispatcher func(Action) error

// Middleware wraps dispatching: it gets the store and the next link, and returns a link that sees every action before
// the reducers do. It may pass the action on, change it, drop it, refuse it with an error or dispatch others. It must not
// pass actions on in another order than they came: later ones rely on earlier ones. A dispatch on st goes through the
// whole chain again. The returned function must be safe for concurrent use.
//
//	func Logging(st *store.Store, next store.Dispatcher) store.Dispatcher {
//		return func(a store.Action) error {
//			slog.Debug("dispatch", "type", a.Type())
//			return next(a)
//		}
//	}
type Middleware func(st *Store, next Dispatcher) Dispatcher

// For returns the middleware for the actions for which match is true; others pass it by.
//
//	store.For(SignOut.Matches, Audit)
func For(match func(Action) bool, m Middleware) Middleware {
	return func(st *Store, next Dispatcher) Dispatcher {
		inner := m(st, next)
		return func(a Action) error {
			if match(a) {
				return inner(a)
			}
			return next(a)
		}
	}
}

// chain is a store's middleware. Links are added at its end and taken out anywhere while actions pass.
type chain struct {
	ready flag
	first cell[link] // nil: no middleware

	mu    sync.Mutex // of those who change the chain
	links []*link
}

type link struct {
	run  Dispatcher
	next cell[link]
}

// Use adds middleware at the end of the chain, nearest to the reducers (dynamic middleware in Redux Toolkit). It takes part
// from the next dispatch on. The returned function takes it out again; actions that are in it at that moment go on.
// The error is [ErrNil] where one is nil; none is added then.
func (st *Store) Use(middleware ...Middleware) (remove func(), err error) {
	c := &st.chain
	for _, m := range middleware {
		if m == nil {
			return nil, ErrNil
		}
	}
	added := make([]*link, len(middleware))
	for i, m := range middleware {
		l := &link{}
		l.run = m(st, func(a Action) error {
			if next := l.next.Load(); next != nil {
				return next.run(a)
			}
			return st.reduce(a)
		})
		added[i] = l
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.links = append(c.links, added...)
	c.relink()
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		kept := c.links[:0:0]
		for _, l := range c.links {
			if !slices.Contains(added, l) {
				kept = append(kept, l)
			}
		}
		c.links = kept
		c.relink()
	}, nil
}

// relink points every link to the one after it, the last first, so that at each moment the chain is whole. Links that were
// taken out keep their way on. The caller holds c.mu.
func (c *chain) relink() {
	var next *link
	for i := len(c.links) - 1; i >= 0; i-- {
		c.links[i].next.Store(next)
		next = c.links[i]
	}
	c.first.Store(next)
}
