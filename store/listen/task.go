package listen

import (
	"context"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"

	"slate/store"
)

// task is what of a [Task] does not depend on the result's type.
type task struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
	joined bool
	waited atomic.Bool // somebody asked for the outcome
	done   chan struct{}
	err    error
}

func (t *task) start(ctx context.Context, e Event, work func(context.Context) error) {
	t.ctx, t.cancel = context.WithCancelCause(ctx)
	t.done = make(chan struct{})
	t.err = store.ErrGoexit
	name := "task"
	if e.run != nil {
		name = "task of listener " + e.run.reg.listener.name
	}
	done, err := e.Store.Begin(name)
	if err != nil {
		t.cancel(err)
		t.err = err
		close(t.done)
		return
	}
	if e.run != nil {
		e.run.forks.add(t)
	}
	go func() {
		defer done()
		defer t.end(e.run)
		defer func() {
			if v := recover(); v != nil {
				t.err = &store.PanicError{In: "task", Value: v, Stack: debug.Stack()}
			}
		}()
		t.err = context.Cause(t.ctx)
		if t.err == nil {
			t.err = store.ErrGoexit
			t.err = because(t.ctx, work(t.ctx))
		}
	}()
}

// because returns why the context ended where an error says no more than that it did.
func because(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil && aborted(ctx, err) {
		return context.Cause(ctx)
	}
	return err
}

// end makes the outcome known. Parent is the effect that forked the task; nil: none.
func (t *task) end(parent *run) {
	t.cancel(ErrCompleted)
	late := parent != nil && parent.forks.ended(t)
	close(t.done)
	if late {
		parent.failed(InTask, t.err)
	}
}

// wait returns nil when the task has ended, or the cause of ctx where that ends first.
func (t *task) wait(ctx context.Context) error {
	t.waited.Store(true)
	select {
	case <-t.done:
		return nil
	default:
	}
	select {
	case <-t.done:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// forks is the tasks of an effect.
type forks struct {
	mu     sync.Mutex
	alive  []*task // joined ones that run
	failed []*task // that nobody had waited for when they ended
	over   bool    // the effect has returned, and has waited for the joined ones
}

func (f *forks) add(t *task) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if t.joined {
		f.alive = append(f.alive, t)
	}
}

// join waits for the tasks that the effect is to wait for, those too that are forked meanwhile.
func (f *forks) join() {
	for {
		f.mu.Lock()
		if len(f.alive) == 0 {
			f.over = true
			f.mu.Unlock()
			return
		}
		first := f.alive[0]
		f.mu.Unlock()
		<-first.done
	}
}

// ended notes the end of a task, and reports whether it is late: nobody looks at its outcome any more.
func (f *forks) ended(t *task) (late bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.alive = slices.DeleteFunc(f.alive, func(other *task) bool { return other == t })
	if t.err == nil || t.waited.Load() {
		return false
	}
	if !f.over {
		f.failed = append(f.failed, t)
	}
	return f.over
}

// end returns the tasks that failed and that nobody waited for.
func (f *forks) end() []*task {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.DeleteFunc(f.failed, func(t *task) bool { return t.waited.Load() })
}
