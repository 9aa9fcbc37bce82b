package listen_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"slate/store"
	"slate/store/listen"
)

// inEffect runs body as an effect, and returns the store and the listener after it has come as far as it can.
func inEffect(t *testing.T, opts listen.Options, body func(ctx context.Context, e listen.Event) error) (*store.Store, *listen.Listener) {
	t.Helper()
	l := listen.OnSignal(reset, body)
	st := openWith(t, opts, l)
	dispatch(t, st, reset())
	synctest.Wait()
	return st, l
}

func TestB407_ForkAndItsOutcome(t *testing.T) {
	boom := errors.New("boom")
	for _, tc := range []struct {
		name   string
		work   func(ctx context.Context) (int, error)
		cancel bool
		want   int
		err    error
	}{
		{"B407 ok", func(context.Context) (int, error) { return 7, nil }, false, 7, nil},
		{"B407 rejected", func(context.Context) (int, error) { return 7, boom }, false, 7, boom},
		{"B407 panicked", func(context.Context) (int, error) { panic(boom) }, false, 0, boom},
		{"B407 ended its goroutine", func(context.Context) (int, error) { runtime.Goexit(); return 7, nil }, false, 0, store.ErrGoexit},
		{"B407 cancelled", func(ctx context.Context) (int, error) { <-ctx.Done(); return 0, ctx.Err() }, true, 0, listen.ErrTaskCancelled},
		{"B407 done all the same", func(ctx context.Context) (int, error) { <-ctx.Done(); return 7, nil }, true, 7, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var failed failures
				inEffect(t, failed.options(), func(ctx context.Context, e listen.Event) error {
					task := listen.Fork(ctx, e, tc.work)
					time.Sleep(time.Second)
					if tc.cancel {
						task.Cancel()
					}
					got, err := task.Wait(ctx)
					if got != tc.want || !errors.Is(err, tc.err) {
						t.Errorf("outcome %d, %v; want %d, %v", got, err, tc.want, tc.err)
					}
					select {
					case <-task.Done():
					default:
						t.Error("Wait returned before the task was done")
					}
					return nil
				})
				time.Sleep(time.Minute)
				if errs := failed.take(); len(errs) != 0 {
					t.Errorf("reported: %v", errs)
				}
			})
		})
	}
}

func TestB407_CancellingTheParentCancelsItsChildren(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log journal
		st, _ := inEffect(t, listen.Options{}, func(ctx context.Context, e listen.Event) error {
			listen.Fork(ctx, e, func(ctx context.Context) (int, error) {
				listen.Fork(ctx, e, func(ctx context.Context) (int, error) {
					err := until(ctx)
					log.add(err.Error())
					return 0, err
				})
				return 0, until(ctx)
			})
			return until(ctx)
		})
		log.expect(t, "running", "")
		listen.Clear(st)
		synctest.Wait()
		log.expect(t, "cancelled", listen.ErrCancelled.Error())
	})
}

func TestB407_TheEndOfTheEffectCancelsWhatItForked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log journal
		inEffect(t, listen.Options{}, func(ctx context.Context, e listen.Event) error {
			running := make(chan struct{})
			listen.Fork(ctx, e, func(ctx context.Context) (int, error) {
				close(running)
				err := until(ctx)
				log.add(err.Error())
				return 0, err
			})
			<-running
			return nil
		})
		log.expect(t, "the cause", listen.ErrCompleted.Error())
	})
}

func TestB407_AutoJoinMakesTheEffectWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log journal
		l := listen.OnSignal(reset, func(ctx context.Context, e listen.Event) error {
			context.AfterFunc(ctx, func() { log.add("over") })
			listen.ForkJoined(ctx, e, func(inner context.Context) (int, error) {
				err := listen.Delay(inner, time.Second)
				log.add(fmt.Sprint("first ", err))
				listen.ForkJoined(ctx, e, func(ctx context.Context) (int, error) {
					err := listen.Delay(ctx, time.Second)
					log.add(fmt.Sprint("second ", err))
					return 0, err
				})
				return 0, err
			})
			log.add("returns")
			return nil
		})
		st := open(t, l)
		dispatch(t, st, reset())
		time.Sleep(time.Minute)
		log.expect(t, "effect", "returns; first <nil>; second <nil>; over")
	})
}

// A failure that nobody asks for is not lost.
func TestB407_AFailureThatNobodyWaitsForIsReported(t *testing.T) {
	boom := errors.New("boom")
	fail := func(d time.Duration) func(ctx context.Context) (int, error) {
		return func(context.Context) (int, error) { time.Sleep(d); return 0, boom }
	}
	for _, tc := range []struct {
		name   string
		effect func(ctx context.Context, e listen.Event) error
	}{
		{"B407 before the effect's end", func(ctx context.Context, e listen.Event) error {
			<-listen.Fork(ctx, e, fail(0)).Done()
			return nil
		}},
		{"B407 while the effect waits for it", func(ctx context.Context, e listen.Event) error {
			listen.ForkJoined(ctx, e, fail(time.Second))
			return nil
		}},
		{"B407 after the effect's end", func(ctx context.Context, e listen.Event) error {
			running := make(chan struct{})
			listen.Fork(ctx, e, func(ctx context.Context) (int, error) { close(running); return fail(time.Second)(ctx) })
			<-running
			return nil
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var failed failures
				inEffect(t, failed.options(), tc.effect)
				time.Sleep(time.Minute)
				errs := failed.take()
				if len(errs) != 1 || errs[0].In != listen.InTask || !errors.Is(errs[0], boom) {
					t.Errorf("reported %v, want boom once", errs)
				}
			})
		})
	}
}

// Who waits for a task gets its failure, and nobody else.
func TestB407_AFailureThatAnotherTaskWaitsForIsNotReported(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		boom := errors.New("boom")
		var failed failures
		var got error
		inEffect(t, failed.options(), func(ctx context.Context, e listen.Event) error {
			running := make(chan struct{})
			task := listen.Fork(ctx, e, func(context.Context) (int, error) {
				close(running)
				time.Sleep(time.Second)
				return 0, boom
			})
			<-running
			waiting := make(chan struct{})
			listen.Fork(ctx, e, func(context.Context) (int, error) {
				close(waiting)
				_, got = task.Wait(context.Background())
				return 0, nil
			})
			<-waiting
			return nil
		})
		time.Sleep(time.Minute)
		synctest.Wait()
		if errs := failed.take(); len(errs) != 0 || !errors.Is(got, boom) {
			t.Errorf("reported %v, waited for %v; want nothing and boom", errs, got)
		}
	})
}

func TestB408_ATaskThatWasCancelledBeforeItBeganNeverRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inEffect(t, listen.Options{}, func(ctx context.Context, e listen.Event) error {
			ctx, stop := context.WithCancelCause(ctx)
			stop(listen.ErrTaskCancelled)
			task := listen.Fork(ctx, e, func(context.Context) (int, error) {
				t.Error("it ran")
				return 0, nil
			})
			if _, err := task.Wait(context.Background()); !errors.Is(err, listen.ErrTaskCancelled) {
				t.Errorf("error %v, want ErrTaskCancelled", err)
			}
			return nil
		})
	})
}

func TestB408_AnEffectThatWasCancelledBeforeItBeganNeverRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log journal
		st := open(t, listen.On(add, func(ctx context.Context, _ listen.Event, by int) error {
			log.add(fmt.Sprint(by))
			return until(ctx)
		}).Serial().Until(stopped.Matches))
		dispatch(t, st, add(1), add(2)) // the second has to wait
		synctest.Wait()
		dispatch(t, st, stopped())
		synctest.Wait()
		log.expect(t, "effects that began", "1")
	})
}

func TestB409_DelayAndPauseFailAtOnceWhenCancelled(t *testing.T) {
	silent := make(chan int)
	for _, tc := range []struct {
		name string
		wait func(ctx context.Context) error
	}{
		{"B409 Delay", func(ctx context.Context) error { return listen.Delay(ctx, time.Hour) }},
		{"B409 Pause", func(ctx context.Context) error { _, err := listen.Pause(ctx, silent); return err }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log journal
				silent = make(chan int)
				begin := time.Now()
				note := func(who string, err error) error {
					log.add(fmt.Sprintf("%s after %v: %v", who, time.Since(begin), err))
					return err
				}
				st, l := inEffect(t, listen.Options{OnError: func(err *listen.Error) { t.Errorf("reported: %v", err) }},
					func(ctx context.Context, e listen.Event) error {
						task := listen.Fork(ctx, e, func(ctx context.Context) (int, error) { return 0, note("task", tc.wait(ctx)) })
						time.Sleep(time.Second)
						task.Cancel()
						task.Wait(ctx)
						listen.Fork(ctx, e, func(ctx context.Context) (int, error) { return 0, note("child", tc.wait(ctx)) })
						return until(ctx)
					})
				time.Sleep(2 * time.Second)
				l.Cancel(st)
				synctest.Wait()
				log.expect(t, "waits", "task after 1s: "+listen.ErrTaskCancelled.Error()+"; child after 2s: "+listen.ErrCancelled.Error())

				ended, stop := context.WithCancel(t.Context())
				stop()
				if err := tc.wait(ended); !errors.Is(err, context.Canceled) {
					t.Errorf("with an ended context: %v", err)
				}
			})
		})
	}
}

func TestB409_PauseReceives(t *testing.T) {
	c := make(chan int, 1)
	c <- 7
	if v, err := listen.Pause(t.Context(), c); v != 7 || err != nil {
		t.Errorf("%d, %v; want 7", v, err)
	}
	close(c)
	if v, err := listen.Pause(t.Context(), c); v != 0 || err != nil {
		t.Errorf("%d, %v; want the zero value at the channel's end", v, err)
	}
}

// A polling loop in a task, started and stopped by actions.
func TestB414_LongPolling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log journal
		st := open(t, listen.On(started, func(ctx context.Context, e listen.Event, name string) error {
			polling := listen.Fork(ctx, e, func(ctx context.Context) (struct{}, error) {
				for {
					log.add(name)
					if err := listen.Delay(ctx, time.Second); err != nil {
						return struct{}{}, err
					}
				}
			})
			if _, err := e.Next(ctx); err != nil {
				return err
			}
			polling.Cancel()
			_, err := polling.Wait(ctx)
			log.add(err.Error())
			return nil
		}).Hear(stopped.Matches))
		dispatch(t, st, started("a"))
		time.Sleep(2500 * time.Millisecond)
		dispatch(t, st, stopped(), stopped())
		time.Sleep(time.Minute)
		log.expect(t, "first round", "a; a; a; "+listen.ErrTaskCancelled.Error())

		dispatch(t, st, started("b"), stopped()) // however fast
		time.Sleep(time.Minute)
		got := strings.TrimPrefix(log.take(), "b; ")
		if got != listen.ErrTaskCancelled.Error() {
			t.Errorf("second round: %q", got)
		}
	})
}
