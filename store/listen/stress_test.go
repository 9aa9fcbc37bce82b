package listen_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"slate/store"
	"slate/store/listen"
)

// Many goroutines dispatch, start, stop, cancel, take and wait at random. No effect may outlive Close, a serial listener
// never has two effects at once, a stream sees each action exactly once and in order.
func TestStress(t *testing.T) {
	const (
		workers = 8
		rounds  = 300
	)
	var alive, inSerial, overlaps, begun atomic.Int64
	effect := func(ctx context.Context, e listen.Event, by int) error {
		alive.Add(1)
		begun.Add(1)
		defer alive.Add(-1)
		task := listen.ForkJoined(ctx, e, func(ctx context.Context) (int, error) {
			return by, listen.Delay(ctx, time.Duration(by)*time.Microsecond)
		})
		if by%3 == 0 {
			e.CancelActive()
		}
		_, err := task.Wait(ctx)
		return err
	}
	serial := listen.On(add, func(ctx context.Context, e listen.Event, by int) error {
		if inSerial.Add(1) > 1 {
			overlaps.Add(1)
		}
		defer inSerial.Add(-1)
		return effect(ctx, e, by)
	}).Serial()
	listeners := []*listen.Listener{
		listen.On(add, effect),
		listen.On(add, effect).Latest(),
		listen.On(add, effect).Leading().Until(reset.Matches),
		listen.On(add, effect).Once(),
		serial,
		listen.On(add, func(ctx context.Context, e listen.Event, by int) error {
			e.Unsubscribe()
			defer e.Subscribe()
			return effect(ctx, e, by)
		}),
		listen.OnMatch(reset.Matches, func(ctx context.Context, e listen.Event) error {
			ctx, stop := context.WithTimeout(ctx, time.Millisecond)
			defer stop()
			if _, err := e.Next(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
				return err
			}
			return nil
		}).Hear(add.Matches),
		listen.OnChange(n, func(ctx context.Context, e listen.Event, from, to int) error {
			if from == to || n.Of(e.Before) != from || n.Of(e.After) != to {
				t.Errorf("a change from %d to %d, of states %d and %d", from, to, n.Of(e.Before), n.Of(e.After))
			}
			return nil
		}),
	}
	st := open(t, listeners...)
	in := listen.Open(st, store.AnyOf(add.Matches, reset.Matches))
	defer in.Close()

	var dispatched atomic.Int64
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for range rounds {
				l := listeners[rand.IntN(len(listeners))]
				switch rand.IntN(12) {
				case 0:
					l.Start(context.Background(), st)
				case 1:
					l.Stop(st)
				case 2:
					l.Cancel(st)
				case 3:
					ctx, stop := context.WithTimeout(context.Background(), time.Microsecond)
					l.Stop(st)
					l.Start(ctx, st)
					_, _ = listen.Take(ctx, st, add)
					stop()
				case 4:
					dispatched.Add(1)
					_ = st.Dispatch(reset())
				default:
					dispatched.Add(1)
					_ = st.Dispatch(add(1 + rand.IntN(50)))
				}
			}
		})
	}
	group.Wait()
	last := store.State{}
	for range dispatched.Load() {
		e, err := in.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if last != (store.State{}) && e.Before != last {
			t.Fatal("an action is missing, twice there, or out of order")
		}
		last = e.After
	}
	if err := st.Close(); err != nil {
		t.Error(err)
	}
	if alive.Load() != 0 || overlaps.Load() != 0 || begun.Load() == 0 {
		t.Errorf("%d effects alive after Close, %d serial effects at once, %d begun", alive.Load(), overlaps.Load(), begun.Load())
	}
}
