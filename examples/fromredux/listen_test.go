package fromredux_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"slate/store"
	"slate/store/listen"
	"slate/store/storetest"
)

// Typed says what stands in a search field.
var Typed = store.NewCreator[string]("search/typed")

// Suggest searches when nobody has typed for a while.
var Suggest = listen.On(Typed, func(ctx context.Context, e listen.Event, text string) error {
	if err := listen.Delay(ctx, 300*time.Millisecond); err != nil {
		return err
	}
	return e.Store.Dispatch(Searched(text))
}).Latest()

// Praise follows the state, whichever action changes it.
var Praise = listen.OnChange(Value, func(ctx context.Context, e listen.Event, from, to int) error {
	if from < 10 && to >= 10 {
		return e.Store.Dispatch(AddNote("well done"))
	}
	return nil
})

func TestSuggest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := storetest.NewWith(t, store.Options{
			Enhancers: []store.Enhancer{listen.Enhancer(listen.Options{}, Suggest, Praise)},
		}, ShopSlice, CounterSlice, NoteSlice)

		st.DispatchAll(Typed("b"), Typed("br"), Typed("bre"))
		time.Sleep(299 * time.Millisecond)
		if got := Search.Of(st.State()); got != "" {
			t.Errorf("searched %q too early", got)
		}
		time.Sleep(time.Second)
		if got := Search.Of(st.State()); got != "bre" {
			t.Errorf("searched %q, want bre", got)
		}

		st.DispatchAll(Added(9), Added(1), Added(1))
		synctest.Wait()
		if got := len(NoteSlice.Of(st.State())); got != 1 {
			t.Errorf("praised %d times, want once", got)
		}
	})
}

var (
	GameStarted = store.NewSignal("game/started")
	Guessed     = store.NewCreator[int]("game/guessed")
	Answered    = store.NewCreator[string]("game/answered")
)

// Game asks, waits for an answer and gives up after a minute.
var Game = listen.OnSignal(GameStarted, func(ctx context.Context, e listen.Event) error {
	number := listen.Fork(ctx, e, think)

	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	guess, err := listen.Take(ctx, e.Store, Guessed)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return e.Store.Dispatch(Answered("too late"))
	case err != nil:
		return err // cancelled, or the store is closed
	}
	if n, err := number.Wait(ctx); err != nil || n != guess {
		return errors.Join(err, e.Store.Dispatch(Answered("no")))
	}
	return e.Store.Dispatch(Answered("yes"))
}).Leading()

func think(context.Context) (int, error) { return 7, nil }

func TestGame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var rec storetest.Recorder
		st := storetest.NewWith(t, store.Options{
			Middleware: []store.Middleware{rec.Middleware},
			Enhancers:  []store.Enhancer{listen.Enhancer(listen.Options{}, Game)},
		})
		for _, round := range []struct {
			guess int
			want  string
		}{{7, "yes"}, {8, "no"}, {0, "too late"}} {
			st.Dispatch(GameStarted())
			synctest.Wait() // until the game waits
			if round.guess != 0 {
				st.Dispatch(Guessed(round.guess))
			}
			time.Sleep(time.Hour)
			actions := rec.Actions()
			if got, _ := Answered.Match(actions[len(actions)-1]); got != round.want {
				t.Errorf("guess %d: %q, want %q", round.guess, got, round.want)
			}
		}
	})
}

func Example_startListening() {
	st, err := store.New(store.Options{}, CounterSlice, NoteSlice)
	if err != nil {
		panic(err)
	}
	defer st.Close()

	ctx, cancel := context.WithCancel(context.Background())
	fmt.Println(Praise.Start(ctx, st)) // on a running store, until ctx ends
	cancel()
	// Output: true
}
