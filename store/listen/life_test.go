package listen_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"

	"slate/store"
	"slate/store/listen"
)

func TestB412_ClearCancelsEffectsOfListenersThatUnsubscribedThemselves(t *testing.T) {
	for _, tc := range []struct {
		name   string
		cancel func(*store.Store, *listen.Listener)
	}{
		{"B412 Clear", func(st *store.Store, _ *listen.Listener) { listen.Clear(st) }},
		{"B412 Cancel", func(st *store.Store, l *listen.Listener) { l.Cancel(st) }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log journal
				l := listen.OnSignal(reset, func(ctx context.Context, e listen.Event) error {
					log.add(fmt.Sprint("unsubscribed ", e.Unsubscribe(), e.Unsubscribe()))
					err := until(ctx)
					log.add(err.Error())
					return err
				})
				st := open(t, l)
				dispatch(t, st, reset())
				synctest.Wait()
				dispatch(t, st, reset())
				synctest.Wait()
				log.expect(t, "running", "unsubscribed true false")
				tc.cancel(st, l)
				synctest.Wait()
				log.expect(t, "cancelled", listen.ErrCancelled.Error())
			})
		})
	}
}

func TestB413_TheCauseTellsWhyAContextEnded(t *testing.T) {
	mine := errors.New("the page was left")
	for _, tc := range []struct {
		name string
		end  func(st *store.Store, l *listen.Listener, leave context.CancelCauseFunc)
		want error
	}{
		{"B413 completed", nil, listen.ErrCompleted},
		{"B413 Cancel", func(st *store.Store, l *listen.Listener, _ context.CancelCauseFunc) { l.Cancel(st) }, listen.ErrCancelled},
		{"B413 Clear", func(st *store.Store, _ *listen.Listener, _ context.CancelCauseFunc) { listen.Clear(st) }, listen.ErrCancelled},
		{"B413 Until", func(st *store.Store, _ *listen.Listener, _ context.CancelCauseFunc) { _ = st.Dispatch(stopped()) }, listen.ErrCancelled},
		{"B413 the store", func(st *store.Store, _ *listen.Listener, _ context.CancelCauseFunc) { _ = st.Close() }, store.ErrClosed},
		{"B413 the caller", func(_ *store.Store, _ *listen.Listener, leave context.CancelCauseFunc) { leave(mine) }, mine},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var cause error
				l := listen.OnSignal(reset, func(ctx context.Context, e listen.Event) error {
					ended := make(chan struct{})
					context.AfterFunc(ctx, func() { cause = context.Cause(ctx); close(ended) })
					if tc.end != nil {
						<-ended
					}
					return nil
				}).Until(stopped.Matches)
				st := open(t)
				ctx, leave := context.WithCancelCause(t.Context())
				defer leave(nil)
				l.Start(ctx, st)
				dispatch(t, st, reset())
				synctest.Wait()
				if tc.end != nil {
					tc.end(st, l, leave)
				}
				synctest.Wait()
				if cause != tc.want {
					t.Errorf("cause %v, want %v", cause, tc.want)
				}
				if tc.want != mine && tc.want != store.ErrClosed && !errors.Is(cause, context.Canceled) {
					t.Errorf("%v is no context.Canceled", cause)
				}
			})
		})
	}
}

func TestAListenerEndsWithTheContextItWasStartedWith(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log journal
		l := listen.OnSignal(reset, func(context.Context, listen.Event) error { log.add("ran"); return nil })
		st := open(t)
		ctx, leave := context.WithCancel(t.Context())
		l.Start(ctx, st)
		leave()
		synctest.Wait()
		dispatch(t, st, reset())
		synctest.Wait()
		log.expect(t, "after the end of the context", "")
		if l.Start(ctx, st) {
			t.Error("started with a context that has ended")
		}
		if !l.Start(t.Context(), st) {
			t.Error("not started again")
		}
		dispatch(t, st, reset())
		synctest.Wait()
		log.expect(t, "started again", "ran")
	})
}

func TestAfterCloseNothingStarts(t *testing.T) {
	st := open(t)
	l := listen.OnSignal(reset, func(context.Context, listen.Event) error { return nil })
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	if l.Start(t.Context(), st) || l.Stop(st) || l.Cancel(st) {
		t.Error("a listener of a closed store was started, stopped or cancelled")
	}
	listen.Clear(st)
	if _, err := listen.Take(t.Context(), st, add); !errors.Is(err, store.ErrClosed) {
		t.Errorf("Take: %v, want ErrClosed", err)
	}
}

func TestTheStoreKnowsWhatRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := listen.OnSignal(reset, func(ctx context.Context, e listen.Event) error {
			listen.Fork(ctx, e, func(ctx context.Context) (int, error) { return 0, until(ctx) })
			return until(ctx)
		})
		st := open(t, l)
		dispatch(t, st, reset())
		synctest.Wait()
		if got, want := st.Running(), []string{"effect of listener " + l.String(), "task of listener " + l.String()}; !slices.Equal(got, want) {
			t.Errorf("running %q, want %q", got, want)
		}
		l.Cancel(st)
		synctest.Wait()
		if got := st.Running(); len(got) != 0 {
			t.Errorf("running %q after Cancel", got)
		}
	})
}
