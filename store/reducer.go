package store

import (
	"fmt"
	"unsafe"
)

// reducer is a case reducer without its types: state points to an S, payload is a *P, and the result points to an S. It
// returns the pointer that it was given where the state did not change.
type reducer func(state unsafe.Pointer, payload any) unsafe.Pointer

type matcher struct {
	match  func(Action) bool
	reduce func(state unsafe.Pointer, a Action) unsafe.Pointer
}

// Case declares the action "slice/name" and the slice's answer to it, and returns the action's creator:
//
//	var SetUser = store.Case(Slice, "setUser", func(s State, u User) State { s.User = &u; return s })
//
// The reducer gets a shallow copy of the state and returns the next one. It must be pure: no side effects, no clock, no
// dispatch, and nothing that the old state points to may be changed (clone a slice or map before writing to it).
// Returning the state as it came wakes nobody.
//
// Case panics where the slice declares the name twice or is in a store already.
func Case[S, P any](s *Slice[S], name string, reduce func(S, P) S) Creator[P] {
	c := NewCreator[P](s.core.actionType(name))
	On(s, c, reduce)
	return c
}

// CaseSignal is [Case] for an action without payload.
func CaseSignal[S any](s *Slice[S], name string, reduce func(S) S) Signal {
	c := NewSignal(s.core.actionType(name))
	OnSignal(s, c, reduce)
	return c
}

// On lets a slice answer to an action that is declared elsewhere (extraReducers and addCase in Redux Toolkit). Several
// slices may answer to one action. It panics where the slice has an answer to it already or is in a store.
func On[S, P any](s *Slice[S], c Creator[P], reduce func(S, P) S) {
	refuseNil(s.core, reduce == nil)
	k := c.kind()
	var zero P
	if _, ok := c(zero).payload.(*P); !ok {
		panic(fmt.Sprintf("store: slice %q answers to %q with another payload than its creator makes; use the creator itself", s.core.name, k.typ))
	}
	s.core.on(k, func(state unsafe.Pointer, payload any) unsafe.Pointer {
		return settle(s.core.identity, state, reduce(*(*S)(state), *payload.(*P)))
	})
}

// OnSignal is [On] for an action without payload.
func OnSignal[S any](s *Slice[S], c Signal, reduce func(S) S) {
	refuseNil(s.core, reduce == nil)
	s.core.on(c().kind, func(state unsafe.Pointer, _ any) unsafe.Pointer {
		return settle(s.core.identity, state, reduce(*(*S)(state)))
	})
}

// OnMatch lets a slice answer to every action for which match is true (addMatcher in Redux Toolkit). Matchers run after
// the slice's case for the action, in the order of their declaration, each on the result of the one before. The matcher
// must be pure and quick: it sees every action of the store.
func OnMatch[S any](s *Slice[S], match func(Action) bool, reduce func(S, Action) S) {
	refuseNil(s.core, match == nil || reduce == nil)
	s.core.declare("a matcher")
	s.core.matchers = append(s.core.matchers, matcher{match, func(state unsafe.Pointer, a Action) unsafe.Pointer {
		return settle(s.core.identity, state, reduce(*(*S)(state), a))
	}})
}

// OnDefault lets a slice answer to every action that neither a case nor a matcher of it answered to (addDefaultCase in
// Redux Toolkit). It panics where the slice has a default already or is in a store.
func OnDefault[S any](s *Slice[S], reduce func(S, Action) S) {
	refuseNil(s.core, reduce == nil)
	s.core.declare("a default case")
	if s.core.fallback != nil {
		panic(fmt.Sprintf("store: slice %q has two default cases", s.core.name))
	}
	s.core.fallback = func(state unsafe.Pointer, a Action) unsafe.Pointer {
		return settle(s.core.identity, state, reduce(*(*S)(state), a))
	}
}

func refuseNil(c *sliceCore, isNil bool) {
	if isNil {
		panic(fmt.Sprintf("store: slice %q declares a reducer that is nil", c.name))
	}
}

// settle returns the old state's pointer where a reducer gave the state back as it was, so that unchanged slices stay
// unchanged for everyone who compares pointers.
func settle[S any](id identity, old unsafe.Pointer, next S) unsafe.Pointer {
	if id.identical(old, unsafe.Pointer(&next)) {
		return old
	}
	box := new(S)
	*box = next
	return unsafe.Pointer(box)
}

func (c *sliceCore) actionType(name string) string {
	if name == "" {
		panic(fmt.Sprintf("store: slice %q declares an action without a name", c.name))
	}
	return c.name + "/" + name
}

func (c *sliceCore) on(k *kind, r reducer) {
	c.declare(fmt.Sprintf("an answer to %q", k.typ))
	for known := range c.cases {
		if known.typ == k.typ {
			panic(fmt.Sprintf("store: slice %q answers to %q twice", c.name, k.typ))
		}
	}
	c.cases[k] = r
}

// reduce computes the slice's next state in Redux Toolkit's order: the case, then all matchers, then the default where
// none of them answered. [ResetAll] takes a slice without a case for it back to its initial value.
func (c *sliceCore) reduce(state unsafe.Pointer, a Action) unsafe.Pointer {
	answered := true
	switch r := c.cases[a.kind]; {
	case r != nil:
		state = r(state, a.payload)
	case a.kind == resetKind:
		if !c.identity.identical(state, c.initial) {
			state = c.initial
		}
	default:
		answered = false
	}
	for _, m := range c.matchers {
		if m.match(a) {
			state, answered = m.reduce(state, a), true
		}
	}
	if !answered && c.fallback != nil {
		state = c.fallback(state, a)
	}
	return state
}

// route is a slice that answers to an action, with its only reducer for it where there is no more to it than that.
type route struct {
	slice *sliceCore
	only  reducer
}

// answer returns how the slice answers to actions of a kind; false where it does not.
func (c *sliceCore) answer(k *kind) (route, bool) {
	r := c.cases[k]
	if len(c.matchers) > 0 || k == resetKind {
		return route{slice: c}, true
	}
	return route{c, r}, r != nil || c.fallback != nil
}

func (r *route) reduce(state unsafe.Pointer, a *Action) unsafe.Pointer {
	if r.only != nil {
		return r.only(state, a.payload)
	}
	return r.slice.reduce(state, *a)
}
