package store

import (
	"context"
	"iter"
	"sync"
	"unsafe"
)

// Watch yields the selected value, and then each new value until ctx ends, the store is closed or the loop is left.
// A slow loop sees the newest value and not each one in between, and the last one also where the store was closed right
// after it. It needs no goroutine of its own.
//
//	for user := range store.Watch(ctx, st, currentuser.User) { … }
func Watch[T any](ctx context.Context, st *Store, sel Selector[T]) iter.Seq[T] {
	return func(yield func(T) bool) {
		if ctx.Err() != nil || st.life.closed() {
			return
		}
		news := make(chan struct{}, 1)
		s := &subscriber{reads: sel.node.places(), all: sel.node.all, tell: bell(news).ring}
		st.notify.add(s, st.State())
		defer func() { st.notify.remove(s) }() // it has nothing to say farewell to

		id := identityOf[T]()
		last := sel.Of(st.State())
		for more := yield(last); more; {
			select {
			case <-ctx.Done():
			case <-st.life.ctx.Done():
			case <-news:
			}
			closed := st.life.closed() // asked before the state is read: a closed store's state is its last
			if ctx.Err() != nil {
				return
			}
			if next := sel.Of(st.State()); !same(id, last, next) {
				last = next
				more = yield(next)
			}
			if closed {
				return
			}
		}
	}
}

// bell rings where there may be news.
type bell chan struct{}

func (b bell) ring(unsafe.Pointer) {
	select {
	case b <- struct{}{}:
	default:
	}
}

// Changes returns a channel of the selected value: the present one first, and then each new one, for a select statement.
// Who receives slowly gets the newest value and not each one in between. The channel is closed when ctx ends or the store
// is closed; what waits in it can be received all the same. It costs no goroutine until its context ends.
func Changes[T any](ctx context.Context, st *Store, sel Selector[T]) <-chan T {
	seen := st.State()
	l := &latest[T]{values: make(chan T, 1)}
	if ctx.Err() != nil || st.life.closed() {
		l.end()
		return l.values
	}
	first := sel.node.at(seen)
	l.put(*first)
	s := newSubscriber(sel, first, l.put)
	s.over = l.end
	st.subscribe(ctx, s, seen)
	return l.values
}

// latest is a channel that holds one value: a new one takes the place of one that nobody received.
type latest[T any] struct {
	mu     sync.Mutex
	values chan T
	ended  bool
}

func (l *latest[T]) put(v T) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return
	}
	select {
	case <-l.values:
	default:
	}
	l.values <- v
}

func (l *latest[T]) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.ended {
		l.ended = true
		close(l.values)
	}
}
