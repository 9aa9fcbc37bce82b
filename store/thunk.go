package store

import (
	"context"
	"errors"
	"path"
	"reflect"
	"runtime"
)

// Thunk is work that takes time and may read, dispatch and wait: a Redux thunk. Its extra argument is a [Dep].
type Thunk func(ctx context.Context, st *Store) error

// Run runs a thunk on the calling goroutine. The thunk's context ends with ctx and when the store is closed, with the
// cause; [Store.Close] waits for it. The error is the thunk's, [ErrClosed], or a [*PanicError] where it panicked.
func (st *Store) Run(ctx context.Context, thunk Thunk) error {
	_, err := runWork(ctx, st, thunk.name(), thunk.work(st))
	return err
}

// Go runs a thunk as [Store.Run] does, on a goroutine of its own. Nobody has to wait for the task; an error that is not a
// cancellation and that nobody waits for is the thunk's to report.
func (st *Store) Go(ctx context.Context, thunk Thunk) *Task[struct{}] {
	return &Task[struct{}]{startWork(ctx, st, thunk.name(), thunk.work(st))}
}

// name returns the name of the function, such as "thunk shop.saveAll".
func (t Thunk) name() string {
	return "thunk " + path.Base(runtime.FuncForPC(reflect.ValueOf(t).Pointer()).Name())
}

func (t Thunk) work(st *Store) work {
	return func(ctx context.Context) (any, error) { return &struct{}{}, t(ctx, st) }
}

// Task is work that runs on a goroutine of its own. All methods are safe for concurrent use.
type Task[R any] struct{ run *working }

// Cancel ends the task's context. Cause is what [context.Cause] then gives, and what the task fails with where it ends for
// that reason; context.Canceled where nil (abort in Redux Toolkit).
func (t *Task[R]) Cancel(cause error) { t.run.cancel(cause) }

// Done returns a channel that is closed when the task has ended.
func (t *Task[R]) Done() <-chan struct{} { return t.run.done }

// Wait waits for the task and returns what it returned (unwrap in Redux Toolkit). Where ctx ends first, its cause is
// returned and the task goes on.
func (t *Task[R]) Wait(ctx context.Context) (result R, err error) {
	out, err := t.run.wait(ctx)
	if err == nil {
		result = *out.(*R)
	}
	return result, err
}

// work is what a task does, without its types: it returns a *R.
type work func(context.Context) (any, error)

// working is a task without its types.
type working struct {
	cancel context.CancelCauseFunc
	done   chan struct{}
	result any
	err    error
}

func (w *working) wait(ctx context.Context) (any, error) {
	select {
	case <-w.done:
		return w.result, w.err
	default:
	}
	select {
	case <-w.done:
		return w.result, w.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// startWork runs work on a goroutine of its own, or ends at once where the store is closed.
func startWork(ctx context.Context, st *Store, name string, do work) *working {
	ctx, cancel := context.WithCancelCause(ctx)
	w := &working{cancel: cancel, done: make(chan struct{}), err: ErrGoexit}
	counted := st.life.begin(name, cancel)
	if counted == nil {
		cancel(ErrClosed)
		w.err = ErrClosed
		close(w.done)
		return w
	}
	go func() {
		defer st.life.done(counted)
		defer close(w.done)
		defer cancel(nil)
		if w.result, w.err = attempt(ctx, name, do); errors.As(w.err, new(*PanicError)) {
			st.logPanic("store: a thunk panicked", w.err) // perhaps nobody waits for it
		}
	}()
	return w
}

// runWork runs work on the calling goroutine.
func runWork(ctx context.Context, st *Store, name string, do work) (any, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	counted := st.life.begin(name, cancel)
	if counted == nil {
		return nil, ErrClosed
	}
	defer st.life.done(counted)
	return attempt(ctx, name, do)
}

// attempt does the work and makes its panic an error.
func attempt(ctx context.Context, name string, do work) (result any, err error) {
	err = contained(name, func() (err error) {
		result, err = do(ctx)
		return causeOf(ctx, err)
	})
	return result, err
}

// causeOf returns why the context ended where an error says no more than that it did.
func causeOf(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return context.Cause(ctx)
	}
	return err
}
