package listen

import (
	"context"
	"runtime/debug"
	"slices"
	"sync"

	"slate/store"
)

// task is what of a [Task] does not depend on the result's type.
type task struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
	joined bool
	done   chan struct{}
	err    error

	mu      sync.Mutex
	waiters int  // who has received the outcome, or will
	ended   bool // who waits now receives the outcome, even where his context ends
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
		t.settle()
		close(t.done)
		return
	}
	if e.run != nil {
		e.run.forks.add(t)
	}
	// Ctx may be another one than the effect's, which Close does not end.
	unlink := context.AfterFunc(e.Store.Context(), func() { t.cancel(store.ErrClosed) })
	go func() {
		defer done()
		defer unlink()
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
	heeded := t.settle()
	late := parent != nil && parent.forks.ended(t, heeded)
	close(t.done)
	if late {
		parent.failed(InTask, t.err)
	}
}

// wait returns nil when the task has ended, or the cause of ctx where that ends first.
func (t *task) wait(ctx context.Context) error {
	t.mu.Lock()
	t.waiters++
	t.mu.Unlock()
	select {
	case <-t.done:
	case <-ctx.Done():
		if t.leave() {
			return context.Cause(ctx)
		}
		<-t.done
	}
	return nil
}

// leave counts a waiter out who does not want to wait any longer; false where the outcome is his already.
func (t *task) leave() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ended {
		return false
	}
	t.waiters--
	return true
}

// settle ends the waiting, and reports whether somebody waits.
func (t *task) settle() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ended = true
	return t.waiters > 0
}

// heeded reports whether somebody has received the outcome, or will.
func (t *task) heeded() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.waiters > 0
}

// forks is the tasks of an effect.
type forks struct {
	mu     sync.Mutex
	alive  []*task // joined ones that run
	failed []*task // that nobody waited for when they ended
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

// ended notes the end of a task, and reports whether it is late: nobody looks at its outcome any more. Heeded says that
// somebody waits for it.
func (f *forks) ended(t *task, heeded bool) (late bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.alive = slices.DeleteFunc(f.alive, func(other *task) bool { return other == t })
	if t.err == nil || heeded {
		return false
	}
	if !f.over {
		f.failed = append(f.failed, t)
	}
	return f.over
}

// end returns the tasks that failed and whose outcome nobody received.
func (f *forks) end() []*task {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.DeleteFunc(f.failed, (*task).heeded)
}
