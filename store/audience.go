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
	before  unsafe.Pointer // the value before that
	round   uint64         // in which value was compared last
	changed bool           // it was another one than in the round before
}

// newSubscriber returns a subscriber that hears of the values of a selector, and to which last is known.
func newSubscriber[T any](sel Selector[T], last *T, fn func(T)) *subscriber {
	return &subscriber{
		reads:    sel.node.places(),
		all:      sel.node.all,
		tell:     func(v unsafe.Pointer) { fn(*(*T)(v)) },
		selector: sel.node,
		newAudience: func() *audience {
			return &audience{
				at:   func(state State) unsafe.Pointer { return unsafe.Pointer(sel.node.at(state)) },
				same: sameAt[T](),
			}
		},
		last: unsafe.Pointer(last),
	}
}

// sameAt returns the comparison of two selected values.
func sameAt[T any]() func(a, b unsafe.Pointer) bool {
	id := identityOf[T]()
	if !id.loose {
		return id.identical
	}
	return func(a, b unsafe.Pointer) bool { return same(id, *(*T)(a), *(*T)(b)) }
}

// compare reads the value and compares it with that of the round before.
func (a *audience) compare(news *round) {
	value := a.at(news.state)
	a.changed = a.value == nil || a.value != value && !a.same(a.value, value)
	a.round, a.before, a.value = news.order, a.value, value
}

// catchUp tells a subscriber that does not know what the others do: it is new, or a round did not come to it.
func (s *subscriber) catchUp() {
	a, last := s.audience, s.last
	s.last = nil
	if last != a.value && !a.same(last, a.value) {
		s.tell(a.value)
	}
}
