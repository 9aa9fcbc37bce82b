package store

import (
	"fmt"
	"time"
	"unsafe"

	"slate/store/internal/inspect"
)

// others is how much of the slices that do not answer to an action is read with it, in parts of [inspect.Print].
const others = 1 << 14

// stateCheck finds states that were changed in place.
type stateCheck struct {
	slices map[int]*watched // by the slice's place in the state
	turn   int              // the mounted slice whose turn it is

	spent   time.Duration // on the checks of this action
	longest time.Duration
	slowest string // the slice that took longest
}

// watched is what a slice was like when it was published.
type watched struct {
	reader inspect.Reader
	state  unsafe.Pointer
	print  inspect.Print
}

// action looks at an action and at the state that it meets. The caller holds the store's lock.
func (c *inspection) action(a Action, before State, mounted []*sliceCore, routes []route) {
	if c == nil {
		return
	}
	c.states.spent, c.states.longest = 0, 0
	if !c.ignores(a.Type()) {
		c.encodableAction(a, routes)
	}
	for _, s := range mounted {
		c.encodableState(s)
	}
	answers := map[*sliceCore]bool{}
	for _, r := range routes {
		answers[r.slice] = true
		c.verify(r.slice, before.slot(r.slice))
	}
	for read, n := 0, 0; read < others && n < len(mounted); n++ {
		c.states.turn = (c.states.turn + 1) % len(mounted)
		if s := mounted[c.states.turn]; !answers[s] {
			read += c.verify(s, before.slot(s))
		}
	}
}

// verify looks whether a slice is what it was when it was published, and returns how much it read.
func (c *inspection) verify(s *sliceCore, state unsafe.Pointer) int {
	if c.ignores(s.name) {
		return 0
	}
	defer c.time(s.name, time.Now())
	w := c.watch(s)
	if w.state != state {
		w.take(s, state)
		return w.print.Len()
	}
	if place, changed := w.reader.Compare(s.typed(state), w.print); changed {
		c.report(Finding{"mutation", s.name + place.Path,
			"was changed in place since the last action: what is read from the state belongs to everybody. Clone a list or map before sorting or writing to it (slices.Clone, maps.Clone), and change the state with an action only."},
			s.name+place.Pattern)
		w.take(s, state)
	}
	return w.print.Len()
}

// reduced looks at what a reducer did. The caller holds the store's lock.
func (c *inspection) reduced(s *sliceCore, a Action, old, next unsafe.Pointer) {
	if c == nil || c.ignores(s.name) {
		return
	}
	defer c.time(s.name, time.Now())
	w := c.watch(s)
	place, changed := w.reader.Compare(s.typed(old), w.print)
	if changed && !c.ignores(a.Type()) {
		c.report(Finding{"mutation", s.name + place.Path,
			fmt.Sprintf("was changed in place by the reducer for %q: the state before the action changed with it, and who compares the two sees no difference. Clone a list, map or what a pointer points to before writing to it, and return the state with the clone.", a.Type())},
			s.name+place.Pattern+" "+a.Type())
	}
	if changed || next != old {
		w.take(s, next)
	}
}

func (c *inspection) watch(s *sliceCore) *watched {
	w := c.states.slices[s.index]
	if w == nil {
		w = &watched{}
		if c.ignoresBelow(s.name) {
			w.reader.Skip = func(pattern string) bool { return c.ignores(s.name + pattern) }
		}
		c.states.slices[s.index] = w
	}
	return w
}

func (w *watched) take(s *sliceCore, state unsafe.Pointer) {
	w.state, w.print = state, w.reader.Reprint(s.typed(state), w.print)
}

// time adds up what the checks of an action take.
func (c *inspection) time(slice string, start time.Time) {
	took := time.Since(start)
	t := &c.states
	if took > t.longest {
		t.longest, t.slowest = took, slice
	}
	if t.spent += took; t.spent <= c.opts.Slow {
		return
	}
	c.report(Finding{"slow", t.slowest,
		fmt.Sprintf("takes %v to check, more than %v for one action: name the slice or its largest part in Checks.Ignore, or raise Checks.Slow. Without checks it costs nothing.", t.longest.Round(time.Microsecond), c.opts.Slow)},
		t.slowest)
}
