package persist

import (
	"errors"
	"fmt"
	"slices"

	"slate/store"
)

// ReplayLimit is how many actions that change it a slice remembers, to be made again when its storage answers.
const ReplayLimit = 10_000

// ErrTooMany is what is wrong with saved data that came after more than [ReplayLimit] changes. A [Spec] with a Merge has no
// such limit.
var ErrTooMany = errors.New(fmt.Sprint("persist: the slice was changed more than ", ReplayLimit, " times before the storage answered; set Spec.Merge where that is to be expected"))

// pending is what happened to a slice that is not live.
type pending struct {
	actions  []logged
	changed  bool // one of the actions changed the slice
	thin     bool // actions has only those that changed the slice
	overflow bool // there were too many even of these
}

// logged is an action. One that changed nothing may change what was saved, so it is made again too.
type logged struct {
	action  store.Action
	changed bool
}

func (p *pending) add(a store.Action, changed bool) {
	p.changed = p.changed || changed
	if len(p.actions) == ReplayLimit && !p.thin {
		p.thin = true
		p.actions = slices.DeleteFunc(p.actions, func(l logged) bool { return !l.changed })
	}
	switch {
	case p.overflow || p.thin && !changed:
	case len(p.actions) == ReplayLimit:
		p.overflow, p.actions = true, nil
	default:
		p.actions = append(p.actions, logged{a, changed})
	}
}
