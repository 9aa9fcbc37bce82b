package listen_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"slate/store"
	"slate/store/listen"
)

// A listener to several actions.
func ExampleOnMatch() {
	done := make(chan struct{}, 2)
	audit := listen.OnMatch(store.AnyOf(Saved.Matches, SignOut.Matches), func(ctx context.Context, e listen.Event) error {
		fmt.Println("audit:", e.Action)
		done <- struct{}{}
		return nil
	}).Serial()
	st := newStore(audit)
	defer st.Close()
	st.Dispatch(Saved("letter"))
	st.Dispatch(Typed("tea"))
	st.Dispatch(SignOut())
	<-done
	<-done
	// Output:
	// audit: search/saved
	// audit: session/signOut
}

// A listener to whatever makes a condition of both states true.
func ExampleOnState() {
	done := make(chan struct{})
	emptied := func(_ store.Action, before, after store.State) bool {
		return SearchSlice.Of(before).Text != "" && SearchSlice.Of(after).Text == ""
	}
	clear := listen.OnState(emptied, func(ctx context.Context, e listen.Event) error {
		defer close(done)
		fmt.Printf("no longer searching for %q\n", SearchSlice.Of(e.Before).Text)
		return e.Store.Dispatch(Found(nil))
	})
	st := newStore(clear)
	defer st.Close()
	st.Dispatch(Typed("tea"))
	st.Dispatch(Typed(""))
	<-done
	// Output: no longer searching for "tea"
}

// Waiting for a state, whichever action brings it about.
func ExampleCondition() {
	st := newStore()
	defer st.Close()
	answer := time.AfterFunc(10*time.Millisecond, func() { st.Dispatch(Found([]string{"tea", "tea tree oil"})) })
	defer answer.Stop()
	found, err := listen.Condition(context.Background(), st, Results, func(found []string) bool { return len(found) > 0 })
	fmt.Println(found, err)
	// Output: [tea tea tree oil] <nil>
}

// An effect that returns at once and is complete when what it has forked is.
func ExampleForkJoined() {
	done := make(chan struct{})
	both := listen.On(Saved, func(ctx context.Context, e listen.Event, name string) error {
		context.AfterFunc(ctx, func() { fmt.Println(context.Cause(ctx)); close(done) })
		written := listen.ForkJoined(ctx, e, func(ctx context.Context) (int, error) {
			return fmt.Println("written to disk")
		})
		listen.ForkJoined(ctx, e, func(ctx context.Context) (int, error) {
			<-written.Done()
			return fmt.Println("sent to the server")
		})
		return nil
	})
	st := newStore(both)
	defer st.Close()
	st.Dispatch(Saved("letter"))
	<-done
	// Output:
	// written to disk
	// sent to the server
	// listen: the effect or task has completed
}

// Failures of effects come to one place.
func ExampleEnhancer() {
	errNoPaper := errors.New("no paper")
	done := make(chan struct{})
	print := listen.On(Saved, func(ctx context.Context, e listen.Event, name string) error { return errNoPaper })
	onError := func(err *listen.Error) {
		fmt.Println(err.In, "of", err.Action+":", err.Err, errors.Is(err, errNoPaper))
		close(done)
	}
	st, err := store.New(store.Options{
		Enhancers: []store.Enhancer{listen.Enhancer(listen.Options{OnError: onError}, print)},
	}, SearchSlice)
	if err != nil {
		log.Fatal(err)
	}
	defer st.Close()
	st.Dispatch(Saved("letter"))
	<-done
	// Output: effect of search/saved: no paper true
}

// An effect that arms its listener again when it is ready for the next action.
func ExampleEvent_Subscribe() {
	armed := make(chan bool)
	rearm := listen.On(Saved, func(ctx context.Context, e listen.Event, name string) error {
		e.Unsubscribe()
		fmt.Println("saving", name)
		armed <- e.Subscribe()
		return nil
	})
	st := newStore(rearm)
	defer st.Close()
	st.Dispatch(Saved("a"))
	fmt.Println("armed again:", <-armed)
	st.Dispatch(Saved("b"))
	fmt.Println("armed again:", <-armed)
	// Output:
	// saving a
	// armed again: true
	// saving b
	// armed again: true
}
