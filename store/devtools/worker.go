package devtools

import (
	"context"
	"fmt"
	"slices"
	"sync"
)

// worker is the goroutine that does what dispatches leave to it. It ends with the store.
type worker struct {
	news chan struct{}
	stop chan struct{}
	done chan struct{}
	once sync.Once

	mu   sync.Mutex
	subs []*func()
}

func (w *worker) init() {
	w.news, w.stop, w.done = make(chan struct{}, 1), make(chan struct{}), make(chan struct{})
}

// wake says that there is news. It never blocks.
func (w *worker) wake() {
	select {
	case w.news <- struct{}{}:
	default:
	}
}

func (w *worker) end() {
	w.once.Do(func() { close(w.stop) })
	<-w.done
}

// run is the goroutine. What came in before the end is told before it ends.
func (l *Log) run() {
	w := &l.worker
	defer close(w.done)
	for {
		select {
		case <-w.news:
			l.work()
		case <-w.stop:
			select {
			case <-w.news:
				l.work()
			default:
			}
			return
		}
	}
}

func (l *Log) work() {
	l.weigh()
	w := &l.worker
	w.mu.Lock()
	subs := slices.Clone(w.subs)
	w.mu.Unlock()
	for _, fn := range subs {
		if w.has(fn) {
			l.call(*fn)
		}
	}
}

func (w *worker) has(fn *func()) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Contains(w.subs, fn)
}

// call calls a subscriber and waits for it. It has a goroutine of its own, which it may end, as t.FailNow does.
func (l *Log) call(fn func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if v := recover(); v != nil {
				l.Store().Logger().Error("devtools: a subscriber panicked; the others go on", "panic", fmt.Sprint(v))
			}
		}()
		fn()
	}()
	<-done
}

// Subscribe calls fn after the log changed, once for all that came together, until ctx ends, stop is called or the store
// is closed. Calls come one at a time, on a goroutine of the log, never under a lock: fn reads what there is with
// [Log.View]. It is not called after stop returned, save for a call that is running on another goroutine at that moment.
// fn must not close the store.
func (l *Log) Subscribe(ctx context.Context, fn func()) (stop func()) {
	w := &l.worker
	f := &fn
	remove := func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.subs = slices.DeleteFunc(slices.Clone(w.subs), func(other *func()) bool { return other == f })
	}
	w.mu.Lock()
	w.subs = append(slices.Clip(w.subs), f)
	w.mu.Unlock()
	unlink := context.AfterFunc(ctx, remove)
	return func() { unlink(); remove() }
}

// weigh forgets the oldest steps where the payloads together are too heavy. The present step is kept, and what is newer.
func (l *Log) weigh() {
	if l.opts.MaxBytes < 0 {
		return
	}
	l.mu.Lock()
	h := l.h
	l.mu.Unlock()
	bytes, n := 0, len(h.steps)
	for ; n > 0; n-- { // the newest first
		bytes += h.steps[n-1].weighs(l)
		if bytes > l.opts.MaxBytes {
			break
		}
	}
	if n = min(n, h.at); n <= 0 {
		return
	}
	last := h.steps[n-1].record
	l.mu.Lock()
	defer l.mu.Unlock()
	i := slices.IndexFunc(l.h.steps, func(s step) bool { return s.record == last })
	if i >= 0 && i < l.h.at { // the log may have been edited in the meantime
		l.h.drop(i + 1)
		l.epoch++
	}
}
