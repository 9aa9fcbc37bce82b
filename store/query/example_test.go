package query_test

import (
	"context"
	"fmt"
	"sync"

	"slate/store"
	"slate/store/query"
)

// User is what the server of the examples knows.
type User struct{ ID, Name string }

// Users is the client of that server. Endpoints find it in the store, so that a test can put another one there.
type Users struct {
	mu    sync.Mutex
	names map[string]string
}

func (u *Users) Get(id string) (User, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	fmt.Println("server: get", id)
	return User{id, u.names[id]}, nil
}

func (u *Users) Rename(n NewName) (User, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	fmt.Println("server: rename", n.ID)
	u.names[n.ID] = n.Name
	return User(n), nil
}

type NewName struct{ ID, Name string }

var (
	Client  = store.NewDep[*Users]("users")
	UserAPI = query.NewAPI("userApi")
	UserTag = query.NewTag("User")

	GetUser = query.New(UserAPI, query.Spec[string, User]{
		Name: "getUser",
		Fetch: func(_ context.Context, c query.Call, id string) (User, error) {
			users, _ := Client.Of(c.Store)
			return users.Get(id)
		},
		Provides: func(u User, err error, id string) []query.Tag { return UserTag.IDs(id) },
	})
	Rename = query.NewMutation(UserAPI, query.MutationSpec[NewName, User]{
		Name: "rename",
		Run: func(_ context.Context, c query.Call, n NewName) (User, error) {
			users, _ := Client.Of(c.Store)
			return users.Rename(n)
		},
		Invalidates: func(u User, err error, n NewName) []query.Tag { return UserTag.IDs(n.ID) },
	})
)

func newStore(slices ...store.Mountable) *store.Store {
	st, err := store.New(store.Options{}, slices...)
	if err != nil {
		panic(err)
	}
	Client.Provide(st, &Users{names: map[string]string{"42": "Ida", "7": "Alan"}})
	return st
}

// A mutation refreshes what is watched: the subscriber sees the new name without asking.
func Example() {
	st := newStore(UserAPI)
	defer st.Close()

	names := make(chan string, 10)
	sub := GetUser.Subscribe(st, "42", func(r query.Result[User]) {
		if r.IsSuccess() && !r.IsFetching() {
			names <- r.Data.Name
		}
	})
	defer sub.Close()
	fmt.Println("name:", <-names)

	if _, err := Rename.Do(context.Background(), st, NewName{"42", "Ada"}); err != nil {
		fmt.Println(err)
	}
	fmt.Println("name:", <-names)
	// Output:
	// server: get 42
	// name: Ida
	// server: rename 42
	// server: get 42
	// name: Ada
}

// Fetch asks the server once.
func ExampleQuery_Fetch() {
	st := newStore(UserAPI)
	defer st.Close()
	for range 3 {
		u, err := GetUser.Fetch(context.Background(), st, "7")
		fmt.Println(u.Name, err)
	}
	// Output:
	// server: get 7
	// Alan <nil>
	// Alan <nil>
	// Alan <nil>
}

// What the server said and what the program knows are selected together.
func ExampleQuery_Select() {
	chosen := store.NewSlice("chosen", "")
	choose := store.Case(chosen, "choose", func(_ string, id string) string { return id })
	greeting := store.Derive2(store.Select(chosen, func(id string) string { return id }), GetUser.Select("42"),
		func(id string, r query.Result[User]) string {
			switch {
			case id != "42":
				return "nobody is chosen"
			case !r.HasData:
				return "…"
			}
			return "hello " + r.Data.Name
		})

	st := newStore(UserAPI, chosen)
	defer st.Close()
	fmt.Println(greeting.Of(st.State()))
	_ = st.Dispatch(choose("42"))
	fmt.Println(greeting.Of(st.State()))
	_, _ = GetUser.Fetch(context.Background(), st, "42")
	fmt.Println(greeting.Of(st.State()))
	// Output:
	// nobody is chosen
	// …
	// server: get 42
	// hello Ida
}

// A button and a status line in different places show the same run.
func ExampleMutation_WatchShared() {
	st := newStore(UserAPI)
	defer st.Close()
	button := Rename.WatchShared(st, "rename 42", nil)
	defer button.Close()
	line := Rename.WatchShared(st, "rename 42", func(r query.MutationResult[NewName, User]) {
		fmt.Println("status:", r.Status, r.Arg.Name)
	})
	defer line.Close()

	_, _ = button.Do(context.Background(), NewName{"42", "Ada"})
	fmt.Println("done:", line.Result().Data.Name)
	// Output:
	// status: pending Ada
	// server: rename 42
	// status: fulfilled Ada
	// done: Ada
}

// What is invalidated by hand, for instance because the server said so, follows the same rules.
func ExampleInvalidate() {
	st := newStore(UserAPI)
	defer st.Close()
	sub := GetUser.Subscribe(st, "42", nil)
	defer sub.Close()
	_, _ = sub.Await(context.Background())

	inv := query.Invalidate(st, UserTag.IDs("42", "43")...)
	_ = inv.Wait(context.Background())
	fmt.Println("hit:", inv.Hits())
	fmt.Println("missed:", inv.Missed())
	// Output:
	// server: get 42
	// server: get 42
	// hit: [userApi/getUser("42")]
	// missed: [User:43]
}

// ShareParts keeps what an answer repeats, so that what is computed from it is not computed again.
func ExampleShareParts() {
	old := []*User{{"1", "Ada"}, {"2", "Alan"}}
	answer := []*User{{"1", "Ada"}, {"2", "Turing"}}
	shared := query.ShareParts(old, answer)
	fmt.Println(shared[0] == old[0], shared[1] == old[1])
	// Output: true false
}
