package listen

import (
	"context"
	"time"
)

// Delay waits for d (delay in Redux Toolkit). The error is the cause of ctx where that ends first.
func Delay(ctx context.Context, d time.Duration) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Pause waits for a value from a channel, or for its end, which gives the zero value (pause in Redux Toolkit waits for a
// promise). The error is the cause of ctx where that ends first.
func Pause[T any](ctx context.Context, from <-chan T) (v T, err error) {
	if ctx.Err() != nil {
		return v, context.Cause(ctx)
	}
	select {
	case v = <-from:
		return v, nil
	case <-ctx.Done():
		return v, context.Cause(ctx)
	}
}
