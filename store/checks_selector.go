package store

import (
	"path"
	"reflect"
	"runtime"
	"strconv"
	"unsafe"

	"slate/store/internal/inspect"
)

// often is how many times in a row a selector does something needless before that is a finding; rarely is after how many
// runs without a finding nobody looks any more.
const (
	often  = 10
	rarely = 100
)

// selectorCheck is what is known of a selector, or of all selectors that are made with one function.
type selectorCheck struct {
	runs   int // that were looked at
	equal  int // in a row, with a result that equals the one before
	handed int // in a row, with a result that is the input
}

// computation is one run of a selector's function.
type computation struct {
	code    uintptr // of the function
	reads   []*sliceCore
	out     any              // the result, a *T
	before  any              // the result before it, a *T; nil: this is the first
	again   func() any       // runs the function once more on the same input and returns a *T
	input   any              // of a derived selector, an *I; nil for any other
	steady  func(State) bool // of a derived selector: whether the inputs are the same in another state; nil: unknown
	guarded bool             // an Equal keeps equal results from being new ones
}

// codeOf returns the code that a function is known by; f points to a variable that holds it.
func codeOf(f unsafe.Pointer) uintptr {
	code := *(**uintptr)(f)
	if code == nil {
		panic("store: a selector is declared with a function that is nil")
	}
	return *code
}

// computed looks at a run. It is called outside of locks, or by a reducer or tap that reads a selector.
func (c *inspection) computed(state State, k computation) {
	for _, s := range k.reads {
		if c.ignores(s.name) {
			return
		}
	}
	where := whereIs(k.code)
	if c.ignores(where) {
		return
	}
	known, first := c.selector(k.code)
	if first {
		c.computedFirst(state, k, where)
	}
	c.needless(known, k, where)
	c.deliver()
}

func (c *inspection) selector(code uintptr) (known *selectorCheck, first bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	known = c.selectors[code]
	if first = known == nil; first {
		known = &selectorCheck{}
		c.selectors[code] = known
	}
	return known, first
}

// computedFirst looks whether the function is pure and its inputs are steady.
func (c *inspection) computedFirst(state State, k computation, where string) {
	found := func(text string) { c.report(Finding{"selector", where, text}, where+" "+text) }
	pure := true
	err := contained("selector", func() error {
		pure = inspect.Reader{Loose: true}.Equal(k.out, k.again())
		return nil
	})
	if err != nil || !pure {
		found("gives another result when it is run again on the same state. Selectors are pure: no clock, no random numbers, no order of a map (sort the keys), nothing kept outside.")
	}
	if k.steady == nil {
		return
	}
	steady := true
	err = contained("selector", func() error {
		steady = k.steady(state.renewed(k.reads))
		return nil
	})
	if err != nil || !steady {
		found("has an input that comes out as another value though what it is made of is the same, so that the result is computed again with every change of the slice. Let inputs select parts of the state as they are, and filter, sort or build in the function given to Derive; or give the input an Equal.")
	}
}

// needless looks for work that could be left undone.
func (c *inspection) needless(known *selectorCheck, k computation, where string) {
	c.mu.Lock()
	looked := known.runs >= rarely
	known.runs++
	c.mu.Unlock()
	if looked {
		return
	}
	equal := k.before != nil && !k.guarded && !sameAs(k.before, k.out) && inspect.Reader{}.Equal(k.before, k.out) && k.makesNew()
	handed := k.input != nil && isReference(k.out) && sameAs(k.input, k.out)

	c.mu.Lock()
	known.equal, known.handed = inARow(known.equal, equal), inARow(known.handed, handed)
	equal, handed = known.equal == often, known.handed == often
	c.mu.Unlock()
	if equal {
		c.report(Finding{"selector", where,
			"computed an equal result " + strconv.Itoa(often) + " times in a row, each time as a new value that wakes subscribers and selectors made from it. Call Equal on the selector to keep the earlier one."},
			where+" equal")
	}
	if handed {
		c.report(Finding{"selector", where,
			"returned its input " + strconv.Itoa(often) + " times in a row. If it always does, it derives nothing: use the input selector itself."},
			where+" input")
	}
}

// makesNew reports whether the function makes its result, and does not select what somebody else made anew.
func (k computation) makesNew() bool {
	same := false
	err := contained("selector", func() error {
		same = sameAs(k.out, k.again())
		return nil
	})
	return err == nil && !same
}

func inARow(n int, once bool) int {
	if once {
		return n + 1
	}
	return 0
}

// sameAs reports whether two values, given by pointers, count as unchanged: identical, or equal by ==.
func sameAs(a, b any) bool {
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	if x.Type() != y.Type() {
		return false
	}
	id := identity{spans: appendSpans(nil, x.Type().Elem(), 0)}
	if id.identical(x.UnsafePointer(), y.UnsafePointer()) {
		return true
	}
	x, y = x.Elem(), y.Elem()
	return x.Comparable() && y.Comparable() && x.Equal(y)
}

// isReference reports whether a value, given by a pointer, refers to memory. Of others, such as numbers, a function may
// return one that happens to be its input.
func isReference(ptr any) bool {
	switch v := reflect.ValueOf(ptr).Elem(); v.Kind() {
	case reflect.Slice, reflect.Map:
		return v.Len() > 0
	case reflect.Pointer, reflect.Interface:
		return !v.IsNil()
	}
	return false
}

// renewed returns the state after a change of the given slices that changed nothing in them: the same values in other
// memory. It is watched by nobody.
func (s State) renewed(reads []*sliceCore) State {
	d := draft{base: s.root, version: imagined.Add(1)}
	for _, c := range reads {
		old := reflect.ValueOf(c.typed(s.slot(c)))
		box := reflect.New(old.Type().Elem())
		box.Elem().Set(old.Elem())
		d.set(c.index, box.UnsafePointer())
	}
	d.next.checks = nil
	return State{d.next}
}

// whereIs returns the place of a function in the source, as "todos/todos.go:42".
func whereIs(code uintptr) string {
	fn := runtime.FuncForPC(code)
	if fn == nil {
		return "a selector"
	}
	file, line := fn.FileLine(code)
	return path.Join(path.Base(path.Dir(file)), path.Base(file)) + ":" + strconv.Itoa(line)
}
