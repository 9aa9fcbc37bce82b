package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"slate/store"
)

// A slice, its actions and a selector are package variables.

type Todos struct {
	Items []string
	Done  int
}

var (
	TodoSlice = store.NewSlice("todos", Todos{})

	AddTodo = store.Case(TodoSlice, "add", func(s Todos, text string) Todos {
		s.Items = append(slices.Clone(s.Items), text) // the old state keeps its own list
		return s
	})
	FinishTodo = store.CaseSignal(TodoSlice, "finish", func(s Todos) Todos {
		s.Done++
		return s
	})
	OpenTodos = store.Select(TodoSlice, func(s Todos) int { return len(s.Items) - s.Done })
)

// The first program: a store, a subscription, three actions.
func Example() {
	st, err := store.New(store.Options{}, TodoSlice)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer st.Close()

	stop := store.Subscribe(context.Background(), st, OpenTodos, func(n int) { fmt.Println("open:", n) })
	defer stop()

	st.Dispatch(AddTodo("buy tea"))
	st.Dispatch(AddTodo("drink it"))
	st.Dispatch(FinishTodo())
	fmt.Println("all:", TodoSlice.Of(st.State()).Items)
	// Output:
	// open: 1
	// open: 2
	// open: 1
	// all: [buy tea drink it]
}

// A slice answers to an action of another one: here the basket is emptied when the user signs out.
func ExampleOn() {
	user := store.NewSlice("user", "")
	signedOut := store.Case(user, "signedOut", func(_ string, reason string) string { return "" })

	basket := store.NewSlice("basket", []string{"apples"})
	store.On(basket, signedOut, func(_ []string, reason string) []string { return nil })

	st, err := store.New(store.Options{}, user, basket)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer st.Close()
	st.Dispatch(signedOut("timeout"))
	fmt.Println(len(basket.Of(st.State())), "items")
	// Output: 0 items
}

// A thunk tells the store of its beginning and its end; the slice keeps track.
func ExampleAsyncThunk() {
	login := store.NewAsyncThunk(store.AsyncThunkSpec[string, string]{
		Name: "session/login",
		Run: func(ctx context.Context, st *store.Store, password string) (string, error) {
			if password != "sesame" {
				return "", errors.New("wrong password")
			}
			return "Ada", nil
		},
	})
	type session struct{ Status, User string }
	slice := store.NewSlice("session", session{})
	store.On(slice, login.Pending, func(s session, _ store.Call[string]) session { return session{Status: "logging in"} })
	store.On(slice, login.Fulfilled, func(s session, d store.Done[string, string]) session { return session{"logged in", d.Result} })
	store.On(slice, login.Rejected, func(s session, f store.Failure[string]) session { return session{Status: f.Err.Error()} })

	st, err := store.New(store.Options{}, slice)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer st.Close()
	store.Subscribe(context.Background(), st, store.Select(slice, func(s session) string { return s.Status }), func(status string) { fmt.Println(status) })

	ctx := context.Background()
	_, err = login.Run(ctx, st, "opensesame")
	fmt.Println("error:", err)
	user, err := login.Run(ctx, st, "sesame")
	fmt.Println(user, err)
	// Output:
	// logging in
	// wrong password
	// error: wrong password
	// logging in
	// logged in
	// Ada <nil>
}

// A derived selector is run again only when one of its inputs changed.
func ExampleDerive2() {
	type view struct {
		Names  []string
		Search string
		Clicks int
	}
	slice := store.NewSlice("view", view{Names: []string{"Ada", "Alan", "Grace"}})
	search := store.Case(slice, "search", func(v view, text string) view { v.Search = text; return v })
	click := store.CaseSignal(slice, "click", func(v view) view { v.Clicks++; return v })

	names := store.Select(slice, func(v view) []string { return v.Names })
	text := store.Select(slice, func(v view) string { return v.Search })
	found := store.Derive2(names, text, func(names []string, text string) []string {
		fmt.Printf("searching %q\n", text)
		return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return !strings.HasPrefix(n, text) })
	})

	st, err := store.New(store.Options{}, slice)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer st.Close()
	st.Dispatch(search("A"))
	fmt.Println(found.Of(st.State()))
	st.Dispatch(click())
	fmt.Println(found.Of(st.State()))
	// Output:
	// searching "A"
	// [Ada Alan]
	// [Ada Alan]
}

// Middleware sees every action before the reducers do, and the state on both sides of them.
func ExampleOptions() {
	log := func(st *store.Store, next store.Dispatcher) store.Dispatcher {
		return func(a store.Action) error {
			before := OpenTodos.Of(st.State())
			err := next(a)
			fmt.Printf("%s: %d -> %d\n", a.Type(), before, OpenTodos.Of(st.State()))
			return err
		}
	}
	st, err := store.New(store.Options{Middleware: []store.Middleware{log}}, TodoSlice)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer st.Close()
	st.Dispatch(AddTodo("buy tea"))
	st.Dispatch(FinishTodo())
	// Output:
	// todos/add: 0 -> 1
	// todos/finish: 1 -> 0
}

// A Dep holds what is alive and cannot be part of the state. A test provides another one.
func ExampleDep() {
	clock := store.NewDep[func() string]("clock")
	st, err := store.New(store.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer st.Close()
	clock.Provide(st, func() string { return "noon" })
	now := clock.OfOr(st, func(*store.Store) func() string { return func() string { return "midnight" } })
	fmt.Println(now())
	// Output: noon
}

// What Encode writes in one run is what the next one starts from.
func ExampleStore_Encode() {
	first, err := store.New(store.Options{}, TodoSlice)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer first.Close()
	first.Dispatch(AddTodo("buy tea"))
	saved, err := first.Encode(first.State())
	fmt.Println(string(saved), err)

	second, err := store.New(store.Options{Saved: saved}, TodoSlice)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer second.Close()
	fmt.Println(OpenTodos.Of(second.State()))
	// Output:
	// {"todos":{"Items":["buy tea"],"Done":0}} <nil>
	// 1
}
