package listen

import (
	"context"
	"fmt"
	"path"
	"runtime"
	"sync/atomic"

	"slate/store"
)

// Listener is an effect and the actions or changes that start it. Make listeners with [On], [OnSignal], [OnMatch],
// [OnState] and [OnChange] and declare them as package variables, beside their slice. A listener holds nothing that is
// alive: any number of stores can run it, each with effects of its own.
//
// How effects of one store get along is part of the declaration, since it has to be decided before Dispatch returns:
//
//	var Search = listen.On(Typed, search).Latest()
//
// Without [Listener.Latest], [Listener.Leading] or [Listener.Serial], every action starts an effect, and all run at once.
//
// Start, Stop and Cancel are safe for concurrent use.
type Listener struct {
	name   string // as String has it
	typ    string // the action's type; "" where any can match
	change bool   // listens to changes of the state
	arm    func() matcher

	latest, leading, serial, once bool

	until  func(store.Action) bool
	hear   func(store.Action) bool
	sealed atomic.Bool
}

// matcher decides under the store's lock whether a transition starts an effect, and which; nil: none. Each start of a
// listener in a store has its own.
type matcher func(store.Transition) effectFunc

type effectFunc func(context.Context, Event) error

// newListener is called by the functions that applications call, so that the caller's caller is where the declaration is.
func newListener(typ string, change bool, arm func() matcher) *Listener {
	l := &Listener{name: typ, typ: typ, change: change, arm: arm}
	switch {
	case change:
		l.name = "of a change"
	case typ == "":
		l.name = "of any action"
	}
	if _, file, line, ok := runtime.Caller(2); ok {
		l.name += fmt.Sprintf(" (%s:%d)", path.Base(file), line)
	}
	return l
}

// Latest lets an effect cancel those that were started before it (takeLatest). It does not wait until they have returned;
// together with [Listener.Serial] it does. With a [Delay] at the effect's beginning that is debouncing. It returns l, and
// panics where l was started.
func (l *Listener) Latest() *Listener { return l.declare("Latest", func() { l.latest = true }) }

// Leading ignores actions while an effect runs that was not cancelled (takeLeading). With a [Delay] at the end of the
// effect that is throttling. It returns l, and panics where l was started.
func (l *Listener) Leading() *Listener { return l.declare("Leading", func() { l.leading = true }) }

// Serial lets effects wait for each other: one runs at a time, in the order of the actions. It returns l, and panics where
// l was started.
func (l *Listener) Serial() *Listener { return l.declare("Serial", func() { l.serial = true }) }

// Once stops the listener with the first action that starts an effect: there is exactly one, however fast actions come. It
// returns l, and panics where l was started.
func (l *Listener) Once() *Listener { return l.declare("Once", func() { l.once = true }) }

// Until cancels running effects, with [ErrCancelled], when a later action comes for which match is true. That is decided
// before the action's Dispatch returns. Match must be pure and quick. It returns l, and panics where l was started.
func (l *Listener) Until(match func(store.Action) bool) *Listener {
	return l.declare("Until", func() { l.until = match })
}

// Hear lets each effect hear later actions for which match is true, from its own action on: [Event.Next] has them one by
// one, without a gap. They are kept until the effect asks for them or ends. Match must be pure and quick. It returns l, and
// panics where l was started.
func (l *Listener) Hear(match func(store.Action) bool) *Listener {
	return l.declare("Hear", func() { l.hear = match })
}

func (l *Listener) declare(what string, set func()) *Listener {
	if l.sealed.Load() {
		panic(fmt.Sprintf("listen: %s is declared after listener %s was started; declare it with the package variable", what, l))
	}
	set()
	return l
}

// String says what is listened to, and where that is declared: "todos/add (todos.go:12)".
func (l *Listener) String() string { return l.name }

// Start lets a store run the listener from the next action on, until Stop, until ctx ends or until the store is closed,
// and reports whether it did: false where the store runs it already, where ctx has ended and on a closed store. Effects get
// a context that is made from ctx: when that ends, they are cancelled with its cause. [Enhancer] starts listeners with a
// store.
func (l *Listener) Start(ctx context.Context, st *store.Store) bool { return hubOf(st).start(ctx, l) }

// Stop lets a store no longer run the listener, and reports whether it did. Running effects go on; [Listener.Cancel] ends
// them.
func (l *Listener) Stop(st *store.Store) bool { return hubOf(st).stop(l) }

// Cancel cancels the running effects in a store, with [ErrCancelled], also where the listener was stopped since, and reports
// whether there were any. It does not wait for them.
func (l *Listener) Cancel(st *store.Store) bool { return hubOf(st).cancel(l) }

// Clear stops all listeners of a store and cancels their running effects (clearAllListeners in Redux Toolkit), those of
// stopped listeners too. It does not wait for them.
func Clear(st *store.Store) { hubOf(st).clear() }
