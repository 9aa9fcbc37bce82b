package listen

import (
	"context"
	"errors"
	"fmt"

	"slate/store"
)

// Why the context of an effect or a task ended: what [context.Cause] gives, and what [Take], [Delay] and their like return
// then. The store's end is [slate/store.ErrClosed]; a context given to [Listener.Start] ends effects with its own cause.
// errors.Is(err, context.Canceled) is true for the three of them. None is reported as a failure of the effect.
var (
	// ErrCompleted says that the effect or task has returned; what it forked ends with it.
	ErrCompleted error = cancellation("listen: the effect or task has completed")

	// ErrCancelled says that the effect was cancelled: by [Listener.Cancel], [Clear], [Event.CancelActive], a newer effect of
	// a listener that is [Listener.Latest], or an action that [Listener.Until] names.
	ErrCancelled error = cancellation("listen: the listener was cancelled")

	// ErrTaskCancelled says that [Task.Cancel] was called.
	ErrTaskCancelled error = cancellation("listen: the task was cancelled")
)

var (
	errNothingHeard = errors.New("listen: the listener hears no later actions; declare which with Listener.Hear")
	errStreamClosed = errors.New("listen: the stream is closed; open another one with listen.Open")
)

// cancellation is a reason to end that also counts as context.Canceled.
type cancellation string

func (c cancellation) Error() string { return string(c) }

func (c cancellation) Is(target error) bool { return target == context.Canceled }

// In names the part of a listener that failed.
type In string

// The parts of a listener.
const (
	InPredicate In = "predicate" // the matcher, predicate or selector, which decides
	InEffect    In = "effect"
	InTask      In = "task" // that the effect forked, and that nobody waited for
)

// Error is a failure of a listener: what an effect, or a task that nobody waited for, returned; a
// [*slate/store.PanicError] where that or the predicate panicked. errors.Is and As see through it.
type Error struct {
	Listener string // as Listener.String has it
	Action   string // the type of the action that was listened to
	In       In
	Err      error
}

// Error implements error.
func (e *Error) Error() string {
	return fmt.Sprintf("listen: %s of listener %s failed on %q: %v", e.In, e.Listener, e.Action, e.Err)
}

// Unwrap returns the failure.
func (e *Error) Unwrap() error { return e.Err }

// aborted reports whether err says no more than that ctx or what was waited for was cancelled, or the store closed.
func aborted(ctx context.Context, err error) bool {
	var c cancellation
	if errors.As(err, &c) || errors.Is(err, store.ErrClosed) {
		return true
	}
	return ctx.Err() != nil && (errors.Is(err, ctx.Err()) || errors.Is(err, context.Cause(ctx)))
}
