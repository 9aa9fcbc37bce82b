package listen

import "context"

// Task is a piece of an effect's work that runs on a goroutine of its own. All methods are safe for concurrent use.
type Task[R any] struct {
	task   task
	result R
}

// Fork runs work on a goroutine of its own (fork in Redux Toolkit). Ctx is that of the effect, or of the task that forks;
// e is the effect's event. The work's context ends with ctx, so at the latest when the effect returns; [ForkJoined] makes
// the effect wait. With a context of another origin, or the event of a [Stream], it ends with that. A task that was
// cancelled before its goroutine began never runs its work. Closing the store cancels the task, whatever its context, and
// waits for it.
//
//	task := listen.Fork(ctx, e, func(ctx context.Context) (int, error) { … })
//	n, err := task.Wait(ctx)
//
// A failure is for who waits for the task. Where nobody has received it before the effect is complete, it goes to
// [Options].OnError; who stopped waiting before the task failed has not.
func Fork[R any](ctx context.Context, e Event, work func(ctx context.Context) (R, error)) *Task[R] {
	return fork(ctx, e, false, work)
}

// ForkJoined is [Fork] for work that the effect waits for before it is complete (autoJoin in Redux Toolkit): returning does not
// cancel it.
func ForkJoined[R any](ctx context.Context, e Event, work func(ctx context.Context) (R, error)) *Task[R] {
	return fork(ctx, e, true, work)
}

func fork[R any](ctx context.Context, e Event, joined bool, work func(ctx context.Context) (R, error)) *Task[R] {
	t := &Task[R]{}
	t.task.joined = joined
	t.task.start(ctx, e, func(ctx context.Context) (err error) { t.result, err = work(ctx); return err })
	return t
}

// Cancel ends the context of the work, with [ErrTaskCancelled].
func (t *Task[R]) Cancel() { t.task.cancel(ErrTaskCancelled) }

// Done returns a channel that is closed when the task has ended.
func (t *Task[R]) Done() <-chan struct{} { return t.task.done }

// Wait waits for the task and returns what its work returned. Where the task was cancelled, the error is why:
// [ErrTaskCancelled], [ErrCancelled], [ErrCompleted], [slate/store.ErrClosed] or the cause of the context it was forked
// with; a [*slate/store.PanicError] where the work panicked. Where ctx ends first, its cause is returned and the task goes
// on.
func (t *Task[R]) Wait(ctx context.Context) (R, error) {
	if err := t.task.wait(ctx); err != nil {
		var none R
		return none, err
	}
	return t.result, t.task.err
}
