package store

import (
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"
	"unsafe"
)

// Checks are the development checks of a store: mistakes that the types cannot rule out. Switch them on in tests and in
// development builds, and never in what users run: they read the whole state again and again.
//
//	//go:build dev
//
//	func init() { options.Checks = &store.Checks{} }
//
// What is found, under the name that [Finding.Check] has:
//
//   - "mutation": a reducer changed its input in place, or somebody changed what was read from the state: sorted a list,
//     wrote to a map. Subscribers do not hear of that, and older snapshots change with it. (Redux Toolkit's immutability
//     check.)
//   - "encoding": the type of a payload or of a slice's state cannot be written as JSON, so that actions cannot be logged
//     and replayed, and states not saved. It is looked at once for each type, not for each action; [Slice.Transient] slices
//     may hold what they like. (Redux Toolkit's serializability check.)
//   - "selector": a selector that is not pure; one whose inputs come out different though nothing changed, so that it
//     remembers nothing; one that keeps computing an equal result, which wakes subscribers for nothing; and one that only
//     returns its input. (Reselect's input stability and identity function checks.)
//   - "slow": the checks themselves take long.
//
// # What they cost
//
// Where [Options.Checks] is nil, a dispatch pays some comparisons with nil and nothing else. Otherwise, each action reads
// the slices that answer to it up to three times: before the reducer, after it, and the new state. Slices that do not answer
// take turns, so that small states are seen as a whole with every action and large ones within some actions. A slice is
// read up to 262,144 numbers, strings and lengths, which is about 10 ms and 2 MB; what lies behind that is not checked.
// Functions of selectors run a second time when they are first used, and as long as they are suspected of working for
// nothing.
//
// What takes care of itself is not looked into: structs with a lock, a [sync.Once] or an atomic, errors, and the records in
// a collection of package entity. Of what an any holds, the type is not checked for its JSON form. A state must not be
// written to while it is read, with or without checks: the race detector, which sees what happens at the same moment, goes
// well with them.
type Checks struct {
	// Report hears of each finding, once for each place. It is called after the action, outside of the store's lock, by
	// whoever dispatched or read the selector, and so possibly by several goroutines at once. A panic in it is logged. In a
	// test:
	//
	//	Report: func(f store.Finding) { t.Error(f) }
	//
	// Where nil, the store's logger warns of it. The text names fields and short keys of maps, never values.
	Report func(Finding)

	// Ignore keeps parts from being checked, by name: a slice ("todos"), an action type ("todos/add"), or a path below one
	// of them as findings name it, with [] for the elements of lists and maps: "todos.Items[].Cache". A selector that reads
	// an ignored slice is not checked, nor one whose place in the source is given, as in [Finding.Where].
	Ignore []string

	// Slow is how long the checks of one action may take before that is a finding itself: 32 ms where zero.
	Slow time.Duration
}

// Finding is a mistake that [Checks] found.
type Finding struct {
	Check string // "mutation", "encoding", "selector", "slow"
	Where string // the path in a slice or payload, "todos.Items[3].Done"; the place of a selector, "todos/todos.go:42"
	Text  string // what is wrong and what to do
}

// String returns the finding in one line.
func (f Finding) String() string { return f.Check + ": " + f.Where + " " + f.Text }

// Checker is what [Options.Checks] takes, and *[Checks] the only one: an interface, so that the linker leaves the checks out
// of a program that does not name them.
type Checker interface{ begin(*slog.Logger) checker }

// checker looks at what happens in a store; nil where nobody does. It is told of an action before it is reduced and of what
// each reducer did, both under the store's lock, of each computation of a selector, and, outside the lock, of when to
// deliver what it found.
type checker interface {
	action(a Action, before State, mounted []*sliceCore, routes []route)
	reduced(s *sliceCore, a Action, old, next unsafe.Pointer)
	computed(state State, k computation)
	deliver()
}

// inspection runs the checks of a store.
type inspection struct {
	opts   Checks
	logger *slog.Logger

	states stateCheck // guarded by the store's lock
	types  typeCheck  // guarded by the store's lock

	mu        sync.Mutex
	selectors map[uintptr]*selectorCheck // by the function's code
	reported  map[Finding]bool           // without text; where stands for all elements of a list
	pending   []Finding
}

func (c *Checks) begin(logger *slog.Logger) checker {
	if c == nil {
		return nil
	}
	opts := *c
	if opts.Slow == 0 {
		opts.Slow = 32 * time.Millisecond
	}
	return &inspection{
		opts:      opts,
		logger:    logger,
		states:    stateCheck{slices: map[int]*watched{}},
		types:     typeCheck{kinds: map[*kind]bool{}, slices: map[*sliceCore]bool{}, meta: map[*metaKey]bool{}},
		selectors: map[uintptr]*selectorCheck{},
		reported:  map[Finding]bool{},
	}
}

// checks returns what watches over the snapshot's store.
func (s State) checks() checker {
	if s.root == nil {
		return nil
	}
	if s.root.checks == nil {
		return nil
	}
	return *s.root.checks
}

func (c *inspection) ignores(name string) bool { return slices.Contains(c.opts.Ignore, name) }

// ignoresBelow reports whether something below a slice or an action is ignored.
func (c *inspection) ignoresBelow(name string) bool {
	return slices.ContainsFunc(c.opts.Ignore, func(i string) bool { return strings.HasPrefix(i, name+".") })
}

// report notes a finding, unless there was one at the same place: the same check and pattern.
func (c *inspection) report(f Finding, pattern string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	place := Finding{Check: f.Check, Where: pattern}
	if c.reported[place] {
		return
	}
	c.reported[place] = true
	c.pending = append(c.pending, f)
}

// deliver hands on what was noted. The caller does not hold the store's lock.
func (c *inspection) deliver() {
	if c == nil {
		return
	}
	c.mu.Lock()
	found := c.pending
	c.pending = nil
	c.mu.Unlock()
	for _, f := range found {
		if c.opts.Report == nil {
			c.logger.Warn("store: "+f.Check+": "+f.Text, "where", f.Where)
			continue
		}
		if err := contained("Report of Checks", func() error { c.opts.Report(f); return nil }); err != nil {
			c.logger.Error("store: a finding could not be reported", "finding", f.String(), "error", err)
		}
	}
}
