package store

import (
	"log/slog"
	"time"
	"unsafe"
)

// Checks are the development checks of a store: what the types cannot rule out.
type Checks struct {
	// Report hears of each finding, once for each place. Where nil, the store's logger warns of it.
	Report func(Finding)

	// Ignore keeps slices and action types, by name, from being checked.
	Ignore []string

	// Slow is how long the checks of one action may take before that is a finding itself: 32 ms where zero.
	Slow time.Duration
}

// Finding is a mistake that [Checks] found.
type Finding struct {
	Check string // "mutation", "encoding", "selector", "slow"
	Where string // the slice, action type or selector
	Text  string // what is wrong and what to do
}

// checker runs the checks of a store. A nil checker checks nothing.
type checker struct {
	opts   Checks
	logger *slog.Logger
}

func newChecker(opts Checks, logger *slog.Logger) *checker { return &checker{opts, logger} }

// checks returns what watches over the snapshot's store.
func (s State) checks() *checker {
	if s.root == nil {
		return nil
	}
	return s.root.checks
}

// action looks at an action before it is reduced.
func (c *checker) action(a Action) {}

// reduced looks at what a reducer did.
func (c *checker) reduced(slice *sliceCore, a Action, old, next unsafe.Pointer) {}

// stable looks at a selector of a slice: again computes its result once more, as a *T.
func (c *checker) stable(slice string, id identity, again func() any, out any) {}

// derived looks at a derived selector: again computes its result once more, as a *T; steady reports whether its inputs
// come out the same when they are read again.
func (c *checker) derived(reads []*sliceCore, id identity, again func() any, out any, steady func() bool) {
}
