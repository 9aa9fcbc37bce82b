package store

// audience is the subscribers of one selector in a store. The selected value is compared once for all of them in a round, so
// that each one more costs little more than its call.
type audience[T any] struct {
	gathering
	sel   Selector[T]
	id    identity
	value T
	known bool // there is a value
}

// gathering is the part of an audience that does not depend on its type. The members are counted under the store's lock;
// the rest belongs to whoever tells a round, one goroutine at a time.
type gathering struct {
	members int
	round   uint64 // in which the value was compared last
	changed bool   // it was another one than in the round before
}

func (g *gathering) core() *gathering { return g }

// member is a subscriber that hears of the values of a selector.
type member[T any] struct {
	subscriber
	*audience[T]
	fresh bool // it has its own value to compare with, since the others may have heard of an earlier one
	last  T    // that value
	fn    func(T)
}

// newMember returns a subscriber to which last is known.
func newMember[T any](sel Selector[T], last T, fn func(T)) *member[T] {
	m := &member[T]{fresh: true, last: last, fn: fn}
	m.reads, m.all = sel.node.places(), sel.node.all
	m.ear = m
	m.selector = sel.node
	m.join = func(known any) any {
		if known == nil {
			known = &audience[T]{sel: sel, id: identityOf[T]()}
		}
		m.audience = known.(*audience[T])
		return known
	}
	return m
}

// hear is called in a round.
func (m *member[T]) hear(state State, round uint64) {
	a := m.audience
	if a.round != round {
		value := a.sel.Of(state)
		a.changed = !a.known || !same(a.id, a.value, value)
		a.round, a.value, a.known = round, value, true
	}
	changed := a.changed || m.missed
	if m.fresh {
		var none T
		changed = !same(a.id, m.last, a.value)
		m.fresh, m.last = false, none
	}
	m.missed = false
	if changed && !m.stopped.Load() { // the selector may have taken its time
		m.fn(a.value)
	}
}
