package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"slate/store"
)

// todoStore returns a store with the to-do list of the first example.
func todoStore(opts store.Options) *store.Store {
	st, err := store.New(opts, TodoSlice)
	if err != nil {
		panic(err)
	}
	return st
}

// A subscriber hears of the value that it selects, until its context ends or it is stopped.
func ExampleSubscribe() {
	st := todoStore(store.Options{})
	defer st.Close()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()

	stop := store.Subscribe(ctx, st, OpenTodos, func(n int) { fmt.Println("open:", n) })
	st.Dispatch(AddTodo("buy tea"))
	st.DispatchAll(AddTodo("drink it"), FinishTodo()) // one more and one less: the value is the same
	stop()
	st.Dispatch(AddTodo("nobody hears of this"))
	// Output: open: 1
}

// A loop that follows a value: the present one first, then each new one.
func ExampleWatch() {
	st := todoStore(store.Options{})
	defer st.Close()
	for open := range store.Watch(context.Background(), st, OpenTodos) {
		fmt.Println("open:", open)
		if open == 2 {
			break
		}
		st.Dispatch(AddTodo("one more"))
	}
	// Output:
	// open: 0
	// open: 1
	// open: 2
}

// A channel of a value, for a goroutine that waits for other things as well. Who is slow gets the newest value.
func ExampleChanges() {
	st := todoStore(store.Options{})
	defer st.Close()
	open := store.Changes(context.Background(), st, OpenTodos)
	st.DispatchAll(AddTodo("buy tea"), AddTodo("boil water"))
	st.Dispatch(AddTodo("drink it"))
	select {
	case n := <-open:
		fmt.Println("open:", n)
	case <-time.After(time.Minute):
		fmt.Println("nothing new")
	}
	// Output: open: 3
}

// Subscribers hear of a batch once. Its states are there all the same.
func ExampleStore_Batch() {
	st := todoStore(store.Options{})
	defer st.Close()
	store.Subscribe(context.Background(), st, OpenTodos, func(n int) { fmt.Println("told:", n) })
	err := st.Batch(func() error {
		err := st.Dispatch(AddTodo("buy tea"))
		fmt.Println("inside:", OpenTodos.Of(st.State()))
		return errors.Join(err, st.Dispatch(AddTodo("drink it")))
	})
	fmt.Println(err)
	// Output:
	// inside: 1
	// told: 2
	// <nil>
}

// A scheduler puts notifications off: here until somebody asks for them, as a program with a screen of its own may. Defer
// says which actions can wait.
func ExampleScheduler() {
	var due func()
	st := todoStore(store.Options{
		Scheduler: func(flush func()) (cancel func()) { due = flush; return func() { due = nil } },
		Defer:     AddTodo.Matches,
	})
	defer st.Close()
	store.Subscribe(context.Background(), st, OpenTodos, func(n int) { fmt.Println("told:", n) })

	st.Dispatch(AddTodo("buy tea"))
	st.Dispatch(AddTodo("drink it"))
	fmt.Println("is:", OpenTodos.Of(st.State()))
	due()
	st.DispatchAll(AddTodo("wash up"), AddTodo("sleep"))
	st.Dispatch(FinishTodo()) // cannot wait, and tells what did
	fmt.Println("due:", due != nil)
	// Output:
	// is: 2
	// told: 2
	// told: 3
	// due: false
}

// What an action says beside its payload. A function that returns an action prepares it.
func ExampleMeta() {
	source := store.NewMeta[string]("source")
	typed := func(text string) store.Action { return source.With(AddTodo(strings.TrimSpace(text)), "keyboard") }

	a := typed("  buy tea ")
	from, ok := source.Of(a)
	fmt.Println(from, ok)
	data, err := a.MarshalJSON()
	fmt.Println(string(data), err)
	// Output:
	// keyboard true
	// {"type":"todos/add","payload":"buy tea","meta":{"source":"keyboard"}} <nil>
}

// One selector for each key, at most as many as the family is told to keep.
func ExampleFamily() {
	items := store.Select(TodoSlice, func(s Todos) []string { return s.Items })
	starting := store.NewFamily(10, func(prefix string) store.Selector[int] {
		return store.Derive(items, func(items []string) (n int) {
			for _, item := range items {
				if strings.HasPrefix(item, prefix) {
					n++
				}
			}
			return n
		})
	})
	st := todoStore(store.Options{})
	defer st.Close()
	store.Subscribe(context.Background(), st, starting.With("buy"), func(n int) { fmt.Println("to buy:", n) })
	st.DispatchAll(AddTodo("buy tea"), AddTodo("drink it"))
	st.Dispatch(AddTodo("sleep"))
	fmt.Println(starting.Of(st.State(), "drink"), starting.Stats().Len)
	// Output:
	// to buy: 1
	// 1 2
}

// A derived value is computed when it is read and its input has changed.
func ExampleDerive() {
	items := store.Select(TodoSlice, func(s Todos) []string { return s.Items })
	title := store.Derive(items, func(items []string) string { return strings.Join(items, ", ") })

	st := todoStore(store.Options{})
	defer st.Close()
	st.DispatchAll(AddTodo("buy tea"), AddTodo("drink it"))
	fmt.Println(title.Of(st.State()))
	st.Dispatch(FinishTodo()) // another field of the slice
	fmt.Println(title.Of(st.State()), title.Runs())
	// Output:
	// buy tea, drink it
	// buy tea, drink it 1
}

// A result that is equal to the one before stays the one before: who watches it is not told.
func ExampleSelector_Equal() {
	long := store.Select(TodoSlice, func(s Todos) []string {
		return slices.DeleteFunc(slices.Clone(s.Items), func(item string) bool { return len(item) < 5 })
	})
	st := todoStore(store.Options{})
	defer st.Close()
	store.Subscribe(context.Background(), st, long.Equal(slices.Equal), func(items []string) { fmt.Println(items) })
	st.Dispatch(AddTodo("buy tea"))
	st.Dispatch(AddTodo("nap"))
	st.Dispatch(AddTodo("drink it"))
	// Output:
	// [buy tea]
	// [buy tea drink it]
}

// A thunk reads, waits and dispatches. Its context ends with the store, and the store waits for it.
func ExampleThunk() {
	later := func(text string) store.Thunk {
		return func(ctx context.Context, st *store.Store) error {
			select {
			case <-time.After(time.Millisecond):
				return st.Dispatch(AddTodo(text))
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}
	}
	st := todoStore(store.Options{})
	defer st.Close()
	ctx := context.Background()
	fmt.Println(st.Run(ctx, later("buy tea"))) // on this goroutine

	task := st.Go(ctx, later("drink it")) // on one of its own
	_, err := task.Wait(ctx)
	fmt.Println(err, OpenTodos.Of(st.State()))
	// Output:
	// <nil>
	// <nil> 2
}

// Start runs a thunk on a goroutine of its own. Cancel ends it with a reason, which the slice hears of.
func ExampleAsyncThunk_Start() {
	load := store.NewAsyncThunk(store.AsyncThunkSpec[string, int]{
		Name: "pages/load",
		Run: func(ctx context.Context, st *store.Store, page string) (int, error) {
			if page == "endless" {
				<-ctx.Done()
				return 0, ctx.Err()
			}
			return len(page), nil
		},
		Condition: func(_ context.Context, _ *store.Store, page string) error {
			if page == "" {
				return store.ErrSkipped
			}
			return nil
		},
	})
	pages := store.NewSlice("pages", "")
	store.On(pages, load.Fulfilled, func(_ string, d store.Done[string, int]) string { return fmt.Sprint("loaded ", d.Result) })
	store.On(pages, load.Rejected, func(_ string, f store.Failure[string]) string { return "failed: " + f.Err.Error() })
	st, err := store.New(store.Options{}, pages)
	if err != nil {
		panic(err)
	}
	defer st.Close()

	ctx := context.Background()
	n, err := load.Start(ctx, st, "home").Wait(ctx)
	fmt.Println(n, err, "/", pages.Of(st.State()))

	endless := load.Start(ctx, st, "endless")
	endless.Cancel(errors.New("closed by the reader"))
	_, err = endless.Wait(ctx)
	fmt.Println(err, "/", pages.Of(st.State()))

	_, err = load.Run(ctx, st, "")
	fmt.Println(errors.Is(err, store.ErrSkipped))
	// Output:
	// 4 <nil> / loaded 4
	// closed by the reader / failed: closed by the reader
	// true
}

// Middleware can come and go while the store is used. For limits it to some actions.
func ExampleStore_Use() {
	shout := func(st *store.Store, next store.Dispatcher) store.Dispatcher {
		return func(a store.Action) error {
			text, _ := AddTodo.Match(a)
			return next(AddTodo(strings.ToUpper(text)))
		}
	}
	st := todoStore(store.Options{})
	defer st.Close()
	remove, err := st.Use(store.For(AddTodo.Matches, shout))
	st.DispatchAll(AddTodo("buy tea"), FinishTodo())
	remove()
	st.Dispatch(AddTodo("drink it"))
	fmt.Println(TodoSlice.Of(st.State()), err)
	// Output: {[BUY TEA drink it] 1} <nil>
}

// ResetAll takes every slice back to its beginning.
func ExampleResetAll() {
	st := todoStore(store.Options{})
	defer st.Close()
	st.Dispatch(AddTodo("buy tea"))
	st.Dispatch(store.ResetAll())
	fmt.Println(OpenTodos.Of(st.State()))
	// Output: 0
}

// Restore brings a slice back from elsewhere, as one step.
func ExampleRestore() {
	st := todoStore(store.Options{})
	defer st.Close()
	st.Dispatch(AddTodo("drink it"))
	err := store.Restore(st, TodoSlice, func(current Todos) Todos {
		return Todos{Items: append([]string{"buy tea"}, current.Items...)}
	})
	fmt.Println(TodoSlice.Of(st.State()).Items, err)
	// Output: [buy tea drink it] <nil>
}

// A replacement answers in the place of a slice, from the next action on. Selectors do not notice.
func ExampleStore_Replace() {
	strict := TodoSlice.Replacement(Todos{})
	store.On(strict, AddTodo, func(s Todos, text string) Todos {
		if len(s.Items) < 2 {
			s.Items = append(slices.Clone(s.Items), text)
		}
		return s
	})
	st := todoStore(store.Options{})
	defer st.Close()
	st.Dispatch(AddTodo("buy tea"))
	fmt.Println(st.Replace(strict))
	st.DispatchAll(AddTodo("drink it"), AddTodo("sleep"))
	fmt.Println(OpenTodos.Of(st.State()))
	// Output:
	// <nil>
	// 2
}

// A slice that is not in the store yet reads as its initial value.
func ExampleStore_Inject() {
	greeting := store.NewSlice("greeting", "hello")
	greeted := store.Case(greeting, "greeted", func(_, text string) string { return text })
	st := todoStore(store.Options{})
	defer st.Close()
	st.Dispatch(greeted("nobody listens"))
	fmt.Println(greeting.Of(st.State()))
	fmt.Println(st.Inject(greeting))
	st.Dispatch(greeted("good morning"))
	fmt.Println(greeting.Of(st.State()))
	// Output:
	// hello
	// <nil>
	// good morning
}

// A tap sees every action with the states on both sides of it.
func ExampleStore_Tap() {
	st := todoStore(store.Options{})
	defer st.Close()
	stop := st.Tap(func(t store.Transition) {
		fmt.Println(t.Action.Type(), OpenTodos.Of(t.Before), OpenTodos.Of(t.After))
	})
	st.DispatchAll(AddTodo("buy tea"), FinishTodo())
	stop()
	st.Dispatch(AddTodo("drink it"))
	// Output:
	// todos/add 0 1
	// todos/finish 1 0
}

// A matcher lets a slice answer to many actions at once: here to whatever any thunk does.
func ExampleAnyOf() {
	save := store.NewAsyncThunk(store.AsyncThunkSpec[int, int]{
		Name: "save",
		Run:  func(context.Context, *store.Store, int) (int, error) { return 0, errors.New("the disk is full") },
	})
	busy := store.NewSlice("busy", 0)
	store.OnMatch(busy, store.IsPending(), func(n int, _ store.Action) int { return n + 1 })
	store.OnMatch(busy, store.AnyOf(store.IsFulfilled(), store.IsRejected()), func(n int, _ store.Action) int { return n - 1 })

	st, err := store.New(store.Options{}, busy)
	if err != nil {
		panic(err)
	}
	defer st.Close()
	count := store.Select(busy, func(n int) int { return n })
	store.Subscribe(context.Background(), st, count, func(n int) { fmt.Println("busy:", n) })
	_, err = save.Run(context.Background(), st, 1)
	fmt.Println(err)
	// Output:
	// busy: 1
	// busy: 0
	// the disk is full
}

// An action is JSON and back, for a log, another tab or a developer tool.
func ExampleStore_Decode() {
	st := todoStore(store.Options{})
	defer st.Close()
	a, err := st.Decode([]byte(`{"type": "todos/add", "payload": "buy tea"}`))
	if text, ok := AddTodo.Match(a); ok {
		fmt.Println(text, err)
	}
	_, err = st.Decode([]byte(`{"type": "todos/burn"}`))
	fmt.Println(err)
	// Output:
	// buy tea <nil>
	// store: unknown action type "todos/burn"; mount the slice that declares it
}
