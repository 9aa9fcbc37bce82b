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

// A slice of what is searched for, and listeners beside it.

type Search struct {
	Text  string
	Found []string
}

var (
	SearchSlice = store.NewSlice("search", Search{})
	Typed       = store.Case(SearchSlice, "typed", func(s Search, text string) Search { s.Text = text; return s })
	Found       = store.Case(SearchSlice, "found", func(s Search, found []string) Search { s.Found = found; return s })
	Results     = store.Select(SearchSlice, func(s Search) []string { return s.Found })

	Saved   = store.NewCreator[string]("search/saved")
	SignOut = store.NewSignal("session/signOut")
)

// newStore returns a store that runs the listeners.
func newStore(listeners ...*listen.Listener) *store.Store {
	st, err := store.New(store.Options{
		Enhancers: []store.Enhancer{listen.Enhancer(listen.Options{}, listeners...)},
	}, SearchSlice)
	if err != nil {
		log.Fatal(err)
	}
	return st
}

// A listener to the actions of a creator. Its effect gets the payload, and the states on both sides of the action.
func ExampleOn() {
	done := make(chan struct{})
	greet := listen.On(Typed, func(ctx context.Context, e listen.Event, text string) error {
		before, after := SearchSlice.Of(e.Before), SearchSlice.Of(e.After)
		fmt.Printf("%s: %q, was %q, is %q\n", e.Action, text, before.Text, after.Text)
		close(done)
		return nil
	})
	st := newStore(greet)
	defer st.Close()
	st.Dispatch(Typed("tea"))
	<-done
	// Output: search/typed: "tea", was "", is "tea"
}

// Debounce: an effect waits a little before it begins its work, and each new action cancels those that wait.
func ExampleListener_Latest_debounce() {
	search := listen.On(Typed, func(ctx context.Context, e listen.Event, text string) error {
		if err := listen.Delay(ctx, 20*time.Millisecond); err != nil {
			return err
		}
		return e.Store.Dispatch(Found([]string{text + " for two"}))
	}).Latest()
	st := newStore(search)
	defer st.Close()
	for _, text := range []string{"t", "te", "tea"} {
		st.Dispatch(Typed(text))
	}
	found, err := listen.Condition(context.Background(), st, Results, func(found []string) bool { return len(found) > 0 })
	fmt.Println(found, err)
	// Output: [tea for two] <nil>
}

// Take latest: an answer to an older question is not waited for.
func ExampleListener_Latest() {
	ask := func(ctx context.Context, text string) (string, error) { // the server takes longer for short texts
		return text + "!", listen.Delay(ctx, time.Second/time.Duration(len(text)*len(text)))
	}
	search := listen.On(Typed, func(ctx context.Context, e listen.Event, text string) error {
		answer, err := ask(ctx, text)
		if err != nil {
			return err
		}
		return e.Store.Dispatch(Found([]string{answer}))
	}).Latest()
	st := newStore(search)
	defer st.Close()

	answers := listen.Open(st, Found.Matches)
	defer answers.Close()
	st.Dispatch(Typed("te"))
	st.Dispatch(Typed("tea tree oil"))
	answers.Next(context.Background())
	fmt.Println(Results.Of(st.State()))
	// Output: [tea tree oil!]
}

// Take leading: while one is being saved, further clicks do nothing. That is decided before Dispatch returns.
func ExampleListener_Leading() {
	disk := make(chan error)
	save := listen.On(Saved, func(ctx context.Context, e listen.Event, name string) error {
		fmt.Println("saving", name)
		failed, err := listen.Pause(ctx, disk)
		return errors.Join(failed, err)
	}).Leading()
	st := newStore(save)
	defer st.Close()
	st.Dispatch(Saved("once"))
	st.Dispatch(Saved("twice")) // ignored
	disk <- nil
	// Output: saving once
}

// Throttle: the effect does its work at once, and stays busy for a while.
func ExampleListener_Leading_throttle() {
	scrolled := store.NewCreator[int]("page/scrolled")
	drawn := make(chan int)
	draw := listen.On(scrolled, func(ctx context.Context, e listen.Event, y int) error {
		drawn <- y
		return listen.Delay(ctx, time.Minute)
	}).Leading()
	st := newStore(draw)
	defer st.Close()
	for y := range 100 {
		st.Dispatch(scrolled(y))
	}
	fmt.Println("drawn at", <-drawn)
	// Output: drawn at 0
}

// One effect after the other, in the order of the actions.
func ExampleListener_Serial() {
	done := make(chan struct{})
	write := listen.On(Saved, func(ctx context.Context, e listen.Event, name string) error {
		fmt.Println("writing", name)
		if name == "c" {
			close(done)
		}
		return nil
	}).Serial()
	st := newStore(write)
	defer st.Close()
	for _, name := range []string{"a", "b", "c"} {
		st.Dispatch(Saved(name))
	}
	<-done
	// Output:
	// writing a
	// writing b
	// writing c
}

// One shot: the first action only.
func ExampleListener_Once() {
	done := make(chan struct{})
	welcome := listen.On(Typed, func(ctx context.Context, e listen.Event, text string) error {
		fmt.Println("first words:", text)
		close(done)
		return nil
	}).Once()
	st := newStore(welcome)
	defer st.Close()
	st.Dispatch(Typed("hello"))
	st.Dispatch(Typed("again"))
	<-done
	// Output: first words: hello
}

// Polling that an action starts and another one stops.
func ExampleListener_Until() {
	start, stop := store.NewCreator[time.Duration]("polling/start"), store.NewSignal("polling/stop")
	polled := make(chan int)
	poll := listen.On(start, func(ctx context.Context, e listen.Event, every time.Duration) error {
		for round := 1; ; round++ {
			select {
			case polled <- round:
			case <-ctx.Done():
				fmt.Println(context.Cause(ctx))
				close(polled)
				return nil
			}
			if err := listen.Delay(ctx, every); err != nil {
				fmt.Println(err)
				close(polled)
				return err
			}
		}
	}).Leading().Until(stop.Matches)
	st := newStore(poll)
	defer st.Close()

	st.Dispatch(start(time.Millisecond))
	fmt.Println("round", <-polled)
	fmt.Println("round", <-polled)
	st.Dispatch(stop())
	for range polled { // until it has ended
	}
	// Output:
	// round 1
	// round 2
	// listen: the listener was cancelled
}

// A listener to changes of a value sees every one, also where the action is not its own.
func ExampleOnChange() {
	changes := make(chan string, 3)
	log := listen.OnChange(store.Select(SearchSlice, func(s Search) int { return len(s.Text) }),
		func(ctx context.Context, e listen.Event, from, to int) error {
			changes <- fmt.Sprintf("%s: %d to %d letters", e.Action, from, to)
			return nil
		}).Serial()
	st := newStore(log)
	defer st.Close()
	st.Dispatch(Typed("tea"))
	st.Dispatch(Typed("oil"))
	st.Dispatch(Typed("tea tree oil"))
	fmt.Println(<-changes)
	fmt.Println(<-changes)
	// Output:
	// search/typed: 0 to 3 letters
	// search/typed: 3 to 12 letters
}

// An effect asks two servers at once and waits for both.
func ExampleFork() {
	ask := func(server string) func(context.Context) (int, error) {
		return func(context.Context) (int, error) { return len(server), nil }
	}
	done := make(chan struct{})
	both := listen.On(Typed, func(ctx context.Context, e listen.Event, text string) error {
		defer close(done)
		near, far := listen.Fork(ctx, e, ask("near")), listen.Fork(ctx, e, ask("far away"))
		a, err := near.Wait(ctx)
		if err != nil {
			return err // the other one ends with the effect
		}
		b, err := far.Wait(ctx)
		if err != nil {
			return err
		}
		fmt.Println(a, "and", b, "results")
		return nil
	})
	st := newStore(both)
	defer st.Close()
	st.Dispatch(Typed("tea"))
	<-done
	// Output: 4 and 8 results
}

// Waiting for an action, anywhere, but not for ever.
func ExampleTake() {
	st := newStore()
	defer st.Close()
	typing := time.AfterFunc(10*time.Millisecond, func() { st.Dispatch(Typed("tea")) })
	defer typing.Stop()
	text, err := listen.Take(context.Background(), st, Typed)
	fmt.Println(text, err)

	ctx, stop := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer stop()
	_, err = listen.Take(ctx, st, Typed)
	fmt.Println("nothing more:", errors.Is(err, context.DeadlineExceeded))
	// Output:
	// tea <nil>
	// nothing more: true
}

// A dialogue: an effect asks, and hears the answer, also where that comes before the effect has begun.
func ExampleListener_Hear() {
	deleted, confirmed := store.NewCreator[string]("file/delete"), store.NewCreator[bool]("file/confirmed")
	done := make(chan struct{})
	confirm := listen.On(deleted, func(ctx context.Context, e listen.Event, name string) error {
		defer close(done)
		answer, err := e.Next(ctx)
		if err != nil {
			return err
		}
		yes, _ := confirmed.Match(answer.Action)
		fmt.Println("delete", name, yes)
		return nil
	}).Leading().Hear(confirmed.Matches)
	st := newStore(confirm)
	defer st.Close()
	st.Dispatch(deleted("letter.txt"))
	st.Dispatch(confirmed(true))
	<-done
	// Output: delete letter.txt true
}

// A goroutine works through all actions of a creator, at its own pace.
func ExampleEach() {
	st := newStore()
	defer st.Close()
	typing := time.AfterFunc(10*time.Millisecond, func() {
		st.Dispatch(Typed("tea"))
		st.Dispatch(Typed("oil"))
	})
	defer typing.Stop()
	for text := range listen.Each(context.Background(), st, Typed) {
		fmt.Println(text)
		if text == "oil" {
			break
		}
	}
	// Output:
	// tea
	// oil
}

// A stream that is open before the question misses no answer, however fast it comes.
func ExampleOpen() {
	echo := listen.On(Typed, func(ctx context.Context, e listen.Event, text string) error {
		return e.Store.Dispatch(Found([]string{text, text}))
	})
	st := newStore(echo)
	defer st.Close()

	answers := listen.Open(st, Found.Matches)
	defer answers.Close()
	st.Dispatch(Typed("tea"))
	e, err := answers.Next(context.Background())
	found, _ := Found.Match(e.Action)
	fmt.Println(found, err)
	// Output: [tea tea] <nil>
}

// Listeners that come and go with a page: its context ends them and what they have running.
func ExampleListener_Start() {
	signedOut := make(chan struct{})
	onPage := listen.OnSignal(SignOut, func(ctx context.Context, e listen.Event) error {
		fmt.Println("leaving the page")
		close(signedOut)
		return nil
	})
	st := newStore()
	defer st.Close()

	page, leave := context.WithCancel(context.Background())
	fmt.Println(onPage.Start(page, st), onPage.Start(page, st))
	st.Dispatch(SignOut())
	<-signedOut
	leave()
	// Output:
	// true false
	// leaving the page
}
