package store

import (
	"context"
	"slices"
	"sync"
)

// life is the running time of a store: what has been started and must end with it.
type life struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
	over   chan struct{} // closed when Close has done all

	shut  flag
	mu    sync.Mutex
	ended bool
	hooks []*func() error
	tasks sync.WaitGroup
	names map[*task]struct{} // of the tasks that run
}

func (l *life) init() {
	l.ctx, l.cancel = context.WithCancelCause(context.Background())
	l.over = make(chan struct{})
}

func (l *life) closed() bool { return l.shut.Load() }

// end marks the end and reports whether this call did it.
func (l *life) end() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return false
	}
	l.ended = true
	l.shut.Store(true)
	l.cancel(ErrClosed)
	for t := range l.names {
		if t.cancel != nil {
			t.cancel(ErrClosed)
		}
	}
	return true
}

// task is something that runs and that Close waits for.
type task struct {
	name   string
	cancel context.CancelCauseFunc // called when the store ends; nil: nobody asked for that
}

// begin counts a task in; nil once the store has ended.
func (l *life) begin(name string, cancel context.CancelCauseFunc) *task {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return nil
	}
	l.tasks.Add(1)
	t := &task{name, cancel}
	if l.names == nil {
		l.names = map[*task]struct{}{}
	}
	l.names[t] = struct{}{}
	return t
}

// done counts a task out; once.
func (l *life) done(t *task) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, runs := l.names[t]; runs {
		delete(l.names, t)
		l.tasks.Done()
	}
}

// running returns the names of the tasks, sorted.
func (l *life) running() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	names := make([]string, 0, len(l.names))
	for t := range l.names {
		names = append(names, t.name)
	}
	slices.Sort(names)
	return names
}

func (l *life) wait() { l.tasks.Wait() }

// onClose registers a hook; false once the store has ended.
func (l *life) onClose(fn func() error) (cancel func(), ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return func() {}, false
	}
	h := &fn
	l.hooks = append(l.hooks, h)
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.hooks = slices.DeleteFunc(l.hooks, func(other *func() error) bool { return other == h })
	}, true
}

// runHooks calls the hooks, the newest first, also those behind one that ends the goroutine.
func (l *life) runHooks() (errs []error) {
	l.mu.Lock()
	hooks := l.hooks
	l.hooks = nil
	l.mu.Unlock()
	left := len(hooks)
	var run func()
	run = func() {
		defer func() {
			if left > 0 {
				run()
			}
		}()
		for left > 0 {
			left--
			errs = append(errs, contained("close function", *hooks[left]))
		}
	}
	run()
	return errs
}
