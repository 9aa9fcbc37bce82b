package store

import (
	"context"
	"errors"
	"runtime/debug"
)

// Thunk is work that takes time and may read, dispatch and wait: a Redux thunk. Its extra argument is a [Dep].
type Thunk func(ctx context.Context, st *Store) error

// Run runs a thunk on the calling goroutine. The thunk's context ends with ctx and when the store is closed, with the
// cause; [Store.Close] waits for it. The error is the thunk's, [ErrClosed], or a [*PanicError] where it panicked.
func (st *Store) Run(ctx context.Context, thunk Thunk) error {
	_, err := runTask(ctx, st, "thunk", thunk.task)
	return err
}

// Go runs a thunk as [Store.Run] does, on a goroutine of its own. Nobody has to wait for the task; an error that is not a
// cancellation and that nobody waits for is the thunk's to report.
func (st *Store) Go(ctx context.Context, thunk Thunk) *Task[struct{}] {
	return startTask(ctx, st, "thunk", thunk.task)
}

func (t Thunk) task(ctx context.Context, st *Store) (struct{}, error) { return struct{}{}, t(ctx, st) }

// Task is work that runs on a goroutine of its own. All methods are safe for concurrent use.
type Task[R any] struct {
	cancel context.CancelCauseFunc
	done   chan struct{}
	result R
	err    error
}

// Cancel ends the task's context. Cause is what [context.Cause] then gives, and what the task fails with where it ends for
// that reason; context.Canceled where nil (abort in Redux Toolkit).
func (t *Task[R]) Cancel(cause error) { t.cancel(cause) }

// Done returns a channel that is closed when the task has ended.
func (t *Task[R]) Done() <-chan struct{} { return t.done }

// Wait waits for the task and returns what it returned (unwrap in Redux Toolkit). Where ctx ends first, its cause is
// returned and the task goes on.
func (t *Task[R]) Wait(ctx context.Context) (R, error) {
	select {
	case <-t.done:
		return t.result, t.err
	default:
	}
	select {
	case <-t.done:
		return t.result, t.err
	case <-ctx.Done():
		var none R
		return none, context.Cause(ctx)
	}
}

// startTask runs work on a goroutine of its own, or ends at once where the store is closed.
func startTask[R any](ctx context.Context, st *Store, name string, work func(context.Context, *Store) (R, error)) *Task[R] {
	ctx, cancel := context.WithCancelCause(ctx)
	t := &Task[R]{cancel: cancel, done: make(chan struct{}), err: ErrGoexit}
	counted := st.life.begin(name, cancel)
	if counted == nil {
		cancel(ErrClosed)
		t.err = ErrClosed
		close(t.done)
		return t
	}
	go func() {
		defer st.life.done(counted)
		defer close(t.done)
		defer cancel(nil)
		t.result, t.err = doTask(ctx, st, name, work)
	}()
	return t
}

// runTask runs work on the calling goroutine.
func runTask[R any](ctx context.Context, st *Store, name string, work func(context.Context, *Store) (R, error)) (result R, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	counted := st.life.begin(name, cancel)
	if counted == nil {
		return result, ErrClosed
	}
	defer st.life.done(counted)
	return doTask(ctx, st, name, work)
}

// doTask contains the panic of work.
func doTask[R any](ctx context.Context, st *Store, name string, work func(context.Context, *Store) (R, error)) (result R, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{In: name, Value: v, Stack: debug.Stack()}
		}
	}()
	result, err = work(ctx, st)
	return result, causeOf(ctx, err)
}

// causeOf returns why the context ended where an error says no more than that it did.
func causeOf(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return context.Cause(ctx)
	}
	return err
}
