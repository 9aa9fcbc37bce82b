package listen_test

import (
	"context"
	"fmt"
	"testing"

	"slate/store"
	"slate/store/listen"
)

func nothing(context.Context, listen.Event) error { return nil }

// others returns listeners that an action of the slice "counter" does not start: of other types, or of another slice.
func others(kind string, count int) []*listen.Listener {
	idle := store.Select(store.NewSlice("idle", counter{}), func(s counter) int { return s.N })
	all := make([]*listen.Listener, count)
	for i := range all {
		switch kind {
		case "types":
			all[i] = listen.OnSignal(store.NewSignal(fmt.Sprintf("other/%d", i)), nothing)
		case "changes":
			all[i] = listen.OnChange(idle, func(context.Context, listen.Event, int, int) error { return nil })
		case "matchers":
			all[i] = listen.OnMatch(func(a store.Action) bool { return false }, nothing)
		}
	}
	return all
}

// A dispatch that nobody listens to allocates what it does without any listener.
func TestADispatchThatNobodyListensToAllocatesNothingMore(t *testing.T) {
	plain, err := store.New(store.Options{}, slice)
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	action := add(1)
	measure := func(st *store.Store) float64 {
		return testing.AllocsPerRun(100, func() { _ = st.Dispatch(action) })
	}
	want := measure(plain)
	for _, kind := range []string{"types", "changes", "matchers"} {
		if got := measure(open(t, others(kind, 100)...)); got > want {
			t.Errorf("with 100 listeners of other %s: %.0f allocations, want %.0f", kind, got, want)
		}
	}
}

// What a dispatch costs where listeners wait for something else.
func BenchmarkDispatch(b *testing.B) {
	run := func(name string, st *store.Store) {
		b.Run(name, func(b *testing.B) {
			action := add(1)
			b.ReportAllocs()
			for b.Loop() {
				_ = st.Dispatch(action)
			}
		})
	}
	plain, err := store.New(store.Options{}, slice)
	if err != nil {
		b.Fatal(err)
	}
	defer plain.Close()
	run("listeners=0", plain)
	tapped, err := store.New(store.Options{}, slice)
	if err != nil {
		b.Fatal(err)
	}
	defer tapped.Close()
	tapped.Tap(func(store.Transition) {})
	run("listeners=0, but a tap", tapped)
	for _, kind := range []string{"types", "changes", "matchers"} {
		for _, count := range []int{1, 1000} {
			run(fmt.Sprintf("other=%s/listeners=%d", kind, count), open(b, others(kind, count)...))
		}
	}
}

// From the dispatch to the end of the effect that it starts.
func BenchmarkEffect(b *testing.B) {
	done := make(chan struct{})
	st := open(b, listen.On(add, func(context.Context, listen.Event, int) error { done <- struct{}{}; return nil }))
	action := add(1)
	b.ReportAllocs()
	for b.Loop() {
		_ = st.Dispatch(action)
		<-done
	}
}

func BenchmarkTake(b *testing.B) {
	st := open(b)
	in := listen.Open(st, add.Matches)
	defer in.Close()
	action := add(1)
	b.ReportAllocs()
	for b.Loop() {
		_ = st.Dispatch(action)
		if _, err := in.Next(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
}
