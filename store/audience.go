package store

import "unsafe"

// audience is the subscribers of one selector in a store. The selected value is compared once for all of them in a round, so
// that each one more costs little more than its call. The members are counted under the store's lock; the rest belongs to
// whoever tells a round, one goroutine at a time.
type audience struct {
	members int
	at      func(State) unsafe.Pointer // where the selected value is: a *T
	same    func(a, b unsafe.Pointer) bool
	value   unsafe.Pointer // nil: none yet
	round   uint64         // in which value was compared last
	changed bool           // it was another one than in the round before
}

// member is a subscriber that hears of the values of a selector.
type member struct {
	subscriber
	audience *audience
	last     unsafe.Pointer // what it knows before its first round; nil after that
	tell     func(unsafe.Pointer)
}

// newMember returns a subscriber to which last is known.
func newMember[T any](sel Selector[T], last *T, fn func(T)) *member {
	m := &member{last: unsafe.Pointer(last), tell: func(v unsafe.Pointer) { fn(*(*T)(v)) }}
	m.reads, m.all = sel.node.places(), sel.node.all
	m.ear = m
	m.selector = sel.node
	m.join = func(known *audience) *audience {
		if known == nil {
			known = &audience{
				at:   func(state State) unsafe.Pointer { return unsafe.Pointer(sel.node.at(state)) },
				same: sameAt[T](),
			}
		}
		m.audience = known
		return known
	}
	return m
}

// sameAt returns the comparison of two selected values.
func sameAt[T any]() func(a, b unsafe.Pointer) bool {
	id := identityOf[T]()
	if !id.loose {
		return id.identical
	}
	return func(a, b unsafe.Pointer) bool { return same(id, *(*T)(a), *(*T)(b)) }
}

// hear is called in a round.
func (m *member) hear(state State, round uint64) {
	a := m.audience
	if a.round != round {
		value := a.at(state)
		a.changed = a.value == nil || a.value != value && !a.same(a.value, value)
		a.round, a.value = round, value
	}
	changed := a.changed || m.missed
	if m.last != nil { // the others may have heard of an earlier value than it knows
		changed = m.last != a.value && !a.same(m.last, a.value)
		m.last = nil
	}
	m.missed = false
	if changed && !m.stopped.Load() { // the selector may have taken its time
		m.tell(a.value)
	}
}
