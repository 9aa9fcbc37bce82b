package listen_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"slate/store"
	"slate/store/listen"
)

// Closing the store ends every task, also one that was forked with a context of another origin.
func TestCloseCancelsTasksWithAnyContext(t *testing.T) {
	for name, event := range map[string]func(t *testing.T, st *store.Store) listen.Event{
		"the event of a stream": func(t *testing.T, st *store.Store) listen.Event {
			in := listen.Open(st, reset.Matches)
			defer in.Close()
			dispatch(t, st, reset())
			e, err := in.Next(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return e
		},
		"the event of an effect": func(t *testing.T, st *store.Store) listen.Event {
			events := make(chan listen.Event, 1)
			listen.OnSignal(reset, func(_ context.Context, e listen.Event) error { events <- e; return nil }).Start(t.Context(), st)
			dispatch(t, st, reset())
			return <-events
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				st := open(t)
				var cause error
				task := listen.Fork(context.Background(), event(t, st), func(ctx context.Context) (int, error) {
					cause = until(ctx)
					return 0, cause
				})
				synctest.Wait()
				if err := st.Close(); err != nil {
					t.Error(err)
				}
				if _, err := task.Wait(context.Background()); !errors.Is(err, store.ErrClosed) || !errors.Is(cause, store.ErrClosed) {
					t.Errorf("error %v, cause %v; want ErrClosed", err, cause)
				}
			})
		})
	}
}

// Who stops waiting before a task fails has not heard of it.
func TestAFailureThatNobodyWaitedLongEnoughForIsReported(t *testing.T) {
	boom := errors.New("boom")
	for _, tc := range []struct {
		name     string
		patience []time.Duration // of those who wait
		again    bool            // the effect waits for the task in the end
		want     int
	}{
		{"all left", []time.Duration{time.Millisecond, 2 * time.Millisecond}, false, 1},
		{"one stayed", []time.Duration{time.Millisecond, time.Hour}, false, 0},
		{"waited for again", []time.Duration{time.Millisecond}, true, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var failed failures
				inEffect(t, failed.options(), func(ctx context.Context, e listen.Event) error {
					task := listen.ForkJoined(ctx, e, func(context.Context) (int, error) { time.Sleep(time.Second); return 0, boom })
					for _, patience := range tc.patience {
						ctx, stop := context.WithTimeout(ctx, patience)
						_, err := task.Wait(ctx)
						stop()
						if want := map[bool]error{true: context.DeadlineExceeded, false: boom}[patience < time.Second]; !errors.Is(err, want) {
							t.Errorf("waited %v: %v, want %v", patience, err, want)
						}
					}
					if tc.again {
						time.Sleep(time.Minute)
						_, _ = task.Wait(ctx)
					}
					return nil
				})
				time.Sleep(time.Hour)
				errs := failed.take()
				if len(errs) != tc.want {
					t.Fatalf("reported %v, want %d", errs, tc.want)
				}
				if tc.want == 1 && (errs[0].In != listen.InTask || !errors.Is(errs[0], boom)) {
					t.Errorf("reported %v", errs[0])
				}
			})
		})
	}
}
