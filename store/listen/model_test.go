package listen_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"slate/store"
	"slate/store/listen"
)

// After any sequence of starts and stops, an action is shown to the predicates that are started, in the order in which they
// were, and starts the effects of exactly the listeners that are.
func TestOnlyStartedListenersHear(t *testing.T) {
	const each = 6
	rapid.Check(t, func(rt *rapid.T) {
		var asked []string
		ran := make(chan string, 3*each)
		effect := func(name string) func(context.Context, listen.Event) error {
			return func(context.Context, listen.Event) error { ran <- name; return nil }
		}
		var all []*listen.Listener
		var names []string
		for i := range each {
			match, typed, change := fmt.Sprint("match", i), fmt.Sprint("typed", i), fmt.Sprint("change", i)
			names = append(names, match, typed, change)
			all = append(all,
				listen.OnMatch(func(store.Action) bool { asked = append(asked, match); return true }, effect(match)),
				listen.On(add, func(ctx context.Context, e listen.Event, _ int) error { return effect(typed)(ctx, e) }),
				listen.OnChange(n, func(ctx context.Context, e listen.Event, _, _ int) error { return effect(change)(ctx, e) }))
		}
		st, err := store.New(store.Options{}, slice)
		if err != nil {
			rt.Fatal(err)
		}
		defer st.Close()
		var model []string // what is started, in order
		for range rapid.IntRange(1, 60).Draw(rt, "steps") {
			i := rapid.IntRange(0, len(all)-1).Draw(rt, "listener")
			at := slices.Index(model, names[i])
			if rapid.Bool().Draw(rt, "start") {
				if all[i].Start(context.Background(), st) != (at < 0) {
					rt.Fatalf("Start(%s) is wrong about whether it was started", names[i])
				}
				if at < 0 {
					model = append(model, names[i])
				}
			} else {
				if all[i].Stop(st) != (at >= 0) {
					rt.Fatalf("Stop(%s) is wrong about whether it was started", names[i])
				}
				if at >= 0 {
					model = slices.Delete(model, at, at+1)
				}
			}

			asked = nil
			if err := st.Dispatch(add(1)); err != nil {
				rt.Fatal(err)
			}
			want := slices.DeleteFunc(slices.Clone(model), func(name string) bool { return name[0] != 'm' })
			if !slices.Equal(asked, want) {
				rt.Fatalf("asked %v, want %v", asked, want)
			}
			var got []string
			for range model {
				got = append(got, <-ran)
			}
			if want := slices.Sorted(slices.Values(model)); !slices.Equal(slices.Sorted(slices.Values(got)), want) {
				rt.Fatalf("ran %v, want %v", got, want)
			}
		}
		if len(ran) != 0 {
			rt.Fatalf("one more ran: %s", <-ran)
		}
	})
}
