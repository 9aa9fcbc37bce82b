package listen_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"slate/store/listen"
)

// timed is an action at a time, with an effect that takes some time. Actions come at even milliseconds and effects take odd
// ones, so that none ends in the moment of an action.
type timed struct{ at, takes int }

// done says which effect ended when, or was cancelled when.
func done(i, at int, how string) string { return fmt.Sprintf("%03d %s at %d", i, how, at) }

// What the declarations promise, computed from the times alone.
var models = map[string]func(all []timed) []string{
	"": func(all []timed) (log []string) {
		for i, a := range all {
			log = append(log, done(i, a.at+a.takes, "ended"))
		}
		return log
	},
	"Latest": func(all []timed) (log []string) {
		for i, a := range all {
			if i+1 < len(all) && all[i+1].at < a.at+a.takes {
				log = append(log, done(i, all[i+1].at, "cancelled"))
			} else {
				log = append(log, done(i, a.at+a.takes, "ended"))
			}
		}
		return log
	},
	"Leading": func(all []timed) (log []string) {
		free := 0
		for i, a := range all {
			if a.at > free {
				free = a.at + a.takes
				log = append(log, done(i, free, "ended"))
			}
		}
		return log
	},
	"Serial": func(all []timed) (log []string) {
		free := 0
		for i, a := range all {
			free = max(free, a.at) + a.takes
			log = append(log, done(i, free, "ended"))
		}
		return log
	},
	"Once": func(all []timed) []string {
		return []string{done(0, all[0].at+all[0].takes, "ended")}
	},
}

// Any schedule of actions and durations gives exactly the effects that the declarations promise, at exactly their times.
func TestModesKeepTheirPromises(t *testing.T) {
	for mode, model := range models {
		t.Run("mode="+mode, func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				var all []timed
				at := 0
				for range rapid.IntRange(1, 20).Draw(rt, "actions") {
					at += 2 * rapid.IntRange(1, 10).Draw(rt, "gap")
					all = append(all, timed{at, 2*rapid.IntRange(0, 20).Draw(rt, "takes") + 1})
				}
				var log journal
				var got []string
				synctest.Test(t, func(t *testing.T) {
					begin := time.Now()
					now := func() int { return int(time.Since(begin) / time.Millisecond) }
					l := listen.On(add, func(ctx context.Context, _ listen.Event, i int) error {
						err := listen.Delay(ctx, time.Duration(all[i].takes)*time.Millisecond)
						how := "ended"
						if err != nil {
							how = "cancelled"
						}
						log.add(done(i, now(), how))
						return err
					})
					switch mode {
					case "Latest":
						l.Latest()
					case "Leading":
						l.Leading()
					case "Serial":
						l.Serial()
					case "Once":
						l.Once()
					}
					st := open(t, l)
					for i, a := range all {
						time.Sleep(time.Until(begin.Add(time.Duration(a.at) * time.Millisecond)))
						synctest.Wait() // effects that end in this moment
						dispatch(t, st, add(i))
						synctest.Wait() // and those that begin
					}
					time.Sleep(time.Hour)
					synctest.Wait()
					got = log.all()
				})
				slices.Sort(got)
				if want := model(all); !slices.Equal(got, want) {
					rt.Fatalf("schedule %v\ngot  %q\nwant %q", all, got, want)
				}
			})
		})
	}
}
