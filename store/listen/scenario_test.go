package listen_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"slate/store"
	"slate/store/listen"
)

// slow says when it begins and when it ends or is cancelled, a second later.
func slow(log *journal) func(ctx context.Context, e listen.Event, by int) error {
	return func(ctx context.Context, _ listen.Event, by int) error {
		log.add(fmt.Sprintf("begin %d", by))
		if err := listen.Delay(ctx, time.Second); err != nil {
			log.add(fmt.Sprintf("cancelled %d", by))
			return err
		}
		log.add(fmt.Sprintf("end %d", by))
		return nil
	}
}

func TestB410_LatestCancelsEarlierEffects(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log journal
		st := open(t, listen.On(add, slow(&log)).Latest())
		dispatch(t, st, add(1))
		synctest.Wait()
		dispatch(t, st, add(2))
		synctest.Wait()
		time.Sleep(time.Minute)
		if got := log.take(); got != "begin 1; cancelled 1; begin 2; end 2" && got != "begin 1; begin 2; cancelled 1; end 2" {
			t.Errorf("two, one after the other: %q", got)
		}

		dispatch(t, st, add(1), add(2), add(3)) // perhaps faster than an effect begins
		time.Sleep(time.Minute)
		if got := log.take(); strings.Count(got, "end") != 1 || !strings.Contains(got, "end 3") {
			t.Errorf("three at once: %q", got)
		}
	})
}

// Whatever the order in which the goroutines of effects begin, it is the older ones that are cancelled.
func TestB410_CancelActiveCancelsEarlierEffectsOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log journal
		var third listen.Event
		st := open(t, listen.On(add, func(ctx context.Context, e listen.Event, by int) error {
			if by == 2 {
				third = e
			}
			err := until(ctx)
			log.add(fmt.Sprintf("%d: %v", by, err))
			return err
		}))
		for by := range 4 {
			dispatch(t, st, add(by))
			synctest.Wait()
		}
		third.CancelActive()
		synctest.Wait()
		cancelled := log.take()
		zero, one := "0: "+listen.ErrCancelled.Error(), "1: "+listen.ErrCancelled.Error()
		if cancelled != zero+"; "+one && cancelled != one+"; "+zero {
			t.Errorf("cancelled: %q", cancelled)
		}
	})
}

func TestB411_TakeLeading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log journal
		st := open(t, listen.On(add, slow(&log)).Leading())
		dispatch(t, st, add(1), add(2))
		synctest.Wait()
		dispatch(t, st, add(3))
		time.Sleep(time.Minute)
		dispatch(t, st, add(4))
		time.Sleep(time.Minute)
		log.expect(t, "effects", "begin 1; end 1; begin 4; end 4")
	})
}

// An effect that was cancelled and is about to end is not in the way of the next one.
func TestB411_TakeLeadingAfterACancellation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log journal
		st := open(t, listen.On(add, slow(&log)).Leading().Until(stopped.Matches))
		dispatch(t, st, add(1))
		synctest.Wait()
		dispatch(t, st, stopped(), add(2))
		time.Sleep(time.Minute)
		got := log.take()
		if got != "begin 1; cancelled 1; begin 2; end 2" && got != "begin 1; begin 2; cancelled 1; end 2" {
			t.Errorf("effects %q", got)
		}
	})
}

func TestB411_Throttle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log journal
		st := open(t, listen.On(add, func(ctx context.Context, _ listen.Event, by int) error {
			log.add(fmt.Sprint(by))
			return listen.Delay(ctx, 15*time.Millisecond)
		}).Leading())
		for i := range 10 {
			dispatch(t, st, add(i))
			time.Sleep(4 * time.Millisecond)
		}
		log.expect(t, "one in 16 ms", "0; 4; 8")
	})
}

func TestB411_Debounce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log journal
		st := open(t, listen.On(add, func(ctx context.Context, _ listen.Event, by int) error {
			if err := listen.Delay(ctx, 15*time.Millisecond); err != nil {
				return err
			}
			log.add(fmt.Sprint(by))
			return nil
		}).Latest())
		for i := range 10 {
			dispatch(t, st, add(i))
			time.Sleep(4 * time.Millisecond)
		}
		time.Sleep(time.Second)
		dispatch(t, st, add(10))
		time.Sleep(time.Second)
		log.expect(t, "the last of each burst", "9; 10")
	})
}

func TestB411_Once(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log journal
		l := listen.On(add, func(_ context.Context, _ listen.Event, by int) error { log.add(fmt.Sprint(by)); return nil }).Once()
		st := open(t, l)
		dispatch(t, st, add(1), add(2), add(3))
		synctest.Wait()
		log.expect(t, "three actions", "1")
		if l.Stop(st) {
			t.Error("it was still started")
		}
		l.Start(t.Context(), st)
		dispatch(t, st, add(4), add(5))
		synctest.Wait()
		log.expect(t, "started again", "4")
	})
}

func TestB411_UnsubscribeAndSubscribeInsideAnEffect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log journal
		st := open(t, listen.On(add, func(ctx context.Context, e listen.Event, by int) error {
			e.Unsubscribe()
			log.add(fmt.Sprintf("begin %d", by))
			if err := listen.Delay(ctx, time.Second); err != nil {
				return err
			}
			log.add(fmt.Sprintf("armed %v %v", e.Subscribe(), e.Subscribe()))
			return nil
		}))
		dispatch(t, st, add(1))
		synctest.Wait()
		dispatch(t, st, add(2))
		time.Sleep(time.Minute)
		dispatch(t, st, add(3))
		time.Sleep(time.Minute)
		log.expect(t, "effects", "begin 1; armed true false; begin 3; armed true false")
	})
}

func TestB411_SubscribeKeepsTheContextOfTheStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log journal
		l := listen.OnSignal(reset, func(ctx context.Context, e listen.Event) error {
			e.Unsubscribe()
			log.add(fmt.Sprint("armed ", e.Subscribe()))
			return nil
		})
		st := open(t)
		page, leave := context.WithCancel(t.Context())
		l.Start(page, st)
		for range 2 { // the end of the effect is not that of the listener
			dispatch(t, st, reset())
			synctest.Wait()
		}
		leave()
		synctest.Wait()
		dispatch(t, st, reset())
		synctest.Wait()
		log.expect(t, "effects", "armed true; armed true")
	})
}

// An event that is not an effect's has no listener.
func TestAnEventOfAStreamHasNoEffect(t *testing.T) {
	var e listen.Event
	e.CancelActive()
	if e.Subscribe() || e.Unsubscribe() {
		t.Error("an event without an effect subscribed or unsubscribed something")
	}
	if _, err := e.Next(t.Context()); err == nil {
		t.Error("an event without an effect hears something")
	}
}

func TestSerialEffectsRunOneByOneInTheOrderOfTheActions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log journal
		st := open(t, listen.On(add, slow(&log)).Serial())
		dispatch(t, st, add(1), add(2), add(3))
		time.Sleep(time.Minute)
		log.expect(t, "three at once", "begin 1; end 1; begin 2; end 2; begin 3; end 3")
	})
}

// A cancelled effect that waits for its turn gives it on, not away.
func TestSerialKeepsTheOrderWhereOneIsCancelledWhileItWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log journal
		l := listen.On(add, func(ctx context.Context, e listen.Event, by int) error {
			log.add(fmt.Sprintf("begin %d", by))
			time.Sleep(time.Second) // hears of no cancellation
			log.add(fmt.Sprintf("end %d", by))
			return nil
		}).Serial()
		st := open(t, l)
		dispatch(t, st, add(1), add(2))
		synctest.Wait()
		l.Cancel(st)
		dispatch(t, st, add(3))
		time.Sleep(time.Minute)
		log.expect(t, "effects", "begin 1; end 1; begin 3; end 3")
	})
}

func TestLatestAndSerialWaitsForWhatItCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log journal
		st := open(t, listen.On(add, func(ctx context.Context, e listen.Event, by int) error {
			log.add(fmt.Sprintf("begin %d", by))
			<-ctx.Done()
			time.Sleep(time.Second) // tidies up
			log.add(fmt.Sprintf("end %d", by))
			return nil
		}).Latest().Serial())
		dispatch(t, st, add(1))
		synctest.Wait()
		dispatch(t, st, add(2), add(3))
		time.Sleep(time.Minute)
		log.expect(t, "effects", "begin 1; end 1; begin 3")
	})
}

func TestUntilEndsWhatALaterActionNames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log journal
		st := open(t, listen.On(add, slow(&log)).Until(stopped.Matches))
		dispatch(t, st, stopped(), add(1), add(2), stopped()) // perhaps faster than an effect begins
		synctest.Wait()
		if got := log.take(); strings.Contains(got, "end") {
			t.Errorf("effects were not cancelled: %q", got)
		}
		dispatch(t, st, add(3))
		synctest.Wait()
		dispatch(t, st, stopped())
		synctest.Wait()
		dispatch(t, st, add(4))
		time.Sleep(time.Minute)
		log.expect(t, "effects", "begin 3; cancelled 3; begin 4; end 4")
	})
}

// Nobody asks for actions on behalf of an effect that has ended.
func TestUntilAndHearEndWithTheEffect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log journal
		var kept listen.Event
		asked := func(what string) func(store.Action) bool {
			return func(a store.Action) bool { log.add(what); return false }
		}
		st := open(t, listen.OnSignal(reset, func(_ context.Context, e listen.Event) error { kept = e; return nil }).
			Until(asked("until")).Hear(asked("hear")))
		dispatch(t, st, reset())
		synctest.Wait()
		dispatch(t, st, add(1))
		log.expect(t, "asked", "")
		if _, err := kept.Next(t.Context()); !errors.Is(err, listen.ErrCompleted) {
			t.Errorf("Next after the effect's end: %v, want ErrCompleted", err)
		}
	})
}

// However late an effect begins, it hears what came after its own action.
func TestHearMissesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log journal
		st := open(t, listen.On(started, func(ctx context.Context, e listen.Event, name string) error {
			for range 3 {
				next, err := e.Next(ctx)
				if err != nil {
					return err
				}
				by, _ := add.Match(next.Action)
				log.add(fmt.Sprintf("%s hears %d, of %d", name, by, n.Of(next.After)))
				if err := listen.Delay(ctx, time.Second); err != nil {
					return err
				}
			}
			return nil
		}).Hear(add.Matches))
		dispatch(t, st, add(1), started("a"), add(2), add(3), reset(), add(4), add(5))
		time.Sleep(time.Minute)
		log.expect(t, "the three after the start", "a hears 2, of 3; a hears 3, of 6; a hears 4, of 4")
	})
}
