package fromredux_test

import (
	"context"
	"errors"
	"fmt"

	"slate/store"
)

// API is what the application asks: a client over the network, or a test's.
type API interface {
	User(ctx context.Context, id string) (User, error)
}

// TheAPI is the extra argument.
var TheAPI = store.NewDep[API]("api")

type User struct{ ID, Name string }

func Refresh(ctx context.Context, st *store.Store) error {
	api, ok := TheAPI.Of(st)
	if !ok || Value.Of(st.State()) == 0 {
		return nil
	}
	u, err := api.User(ctx, "1")
	if err != nil {
		return err
	}
	return st.Dispatch(AddNote("hello " + u.Name))
}

func Example_thunk() {
	st, err := store.New(store.Options{}, CounterSlice, NoteSlice)
	if err != nil {
		panic(err)
	}
	defer st.Close()
	TheAPI.Provide(st, people{"1": "Ada"})
	st.Dispatch(Incremented())

	ctx := context.Background()
	if err := st.Run(ctx, Refresh); err != nil { // here; st.Go runs it on a goroutine of its own
		fmt.Println(err)
	}
	fmt.Println(NoteSlice.Of(st.State())[0].Text)
	// Output: hello Ada
}

type Users struct {
	Loading string // the id of the run
	ByID    map[string]User
	Problem error
}

var UserSlice = store.NewSlice("users", Users{})

// NoSuchUser is a rejection that carries a value.
type NoSuchUser struct{ ID string }

func (e NoSuchUser) Error() string { return "there is no user " + e.ID }

var FetchUser = store.NewAsyncThunk(store.AsyncThunkSpec[string, User]{
	Name: "users/fetch",
	Run: func(ctx context.Context, st *store.Store, id string) (User, error) {
		api, _ := TheAPI.Of(st)
		return api.User(ctx, id) // ctx ends with the caller's, with Cancel and with the store
	},
	Condition: func(_ context.Context, st *store.Store, id string) error {
		if _, known := UserSlice.Of(st.State()).ByID[id]; known {
			return store.ErrSkipped
		}
		return nil
	},
})

func init() {
	store.On(UserSlice, FetchUser.Pending, func(s Users, c store.Call[string]) Users {
		return Users{Loading: c.ID, ByID: s.ByID}
	})
	store.On(UserSlice, FetchUser.Fulfilled, func(s Users, d store.Done[string, User]) Users {
		return Users{ByID: with(s.ByID, d.Arg, d.Result)}
	})
	store.On(UserSlice, FetchUser.Rejected, func(s Users, f store.Failure[string]) Users {
		return Users{ByID: s.ByID, Problem: f.Err}
	})
}

func Example_createAsyncThunk() {
	st, err := store.New(store.Options{}, UserSlice)
	if err != nil {
		panic(err)
	}
	defer st.Close()
	TheAPI.Provide(st, people{"1": "Ada"})
	ctx := context.Background()

	u, err := FetchUser.Run(ctx, st, "1") // waits, and returns what the work returned
	fmt.Println(u.Name, err)

	_, err = FetchUser.Run(ctx, st, "1")
	fmt.Println(errors.Is(err, store.ErrSkipped))

	task := FetchUser.Start(ctx, st, "2") // on a goroutine of its own
	_, err = task.Wait(ctx)
	if missing, ok := errors.AsType[NoSuchUser](err); ok {
		fmt.Println("nobody is", missing.ID)
	}
	// Output:
	// Ada <nil>
	// true
	// nobody is 2
}

// isMissing matches the rejections that carry the value.
var isMissing = store.IsRejectedWith[NoSuchUser](FetchUser)

func Example_rejectWithValue() {
	call := store.Call[string]{ID: "1", Arg: "9"}
	fmt.Println(isMissing(FetchUser.Rejected(store.Failure[string]{Call: call, Err: NoSuchUser{"9"}})))
	fmt.Println(isMissing(FetchUser.Rejected(store.Failure[string]{Call: call, Err: errTooSlow})))
	// Output:
	// true
	// false
}

var errTooSlow = errors.New("took too long")

func Example_abort() {
	st, err := store.New(store.Options{}, UserSlice)
	if err != nil {
		panic(err)
	}
	defer st.Close()
	TheAPI.Provide(st, silent{})
	ctx := context.Background()

	task := FetchUser.Start(ctx, st, "1")
	task.Cancel(errTooSlow)
	_, err = task.Wait(ctx)
	fmt.Println(err, UserSlice.Of(st.State()).Problem)
	// Output: took too long took too long
}

// people is an API that knows names.
type people map[string]string

func (p people) User(_ context.Context, id string) (User, error) {
	name, ok := p[id]
	if !ok {
		return User{}, NoSuchUser{id}
	}
	return User{id, name}, nil
}

// silent is an API that never answers.
type silent struct{}

func (silent) User(ctx context.Context, _ string) (User, error) {
	<-ctx.Done()
	return User{}, ctx.Err()
}

// with returns a copy of a map with one more entry.
func with(old map[string]User, id string, u User) map[string]User {
	next := map[string]User{id: u}
	for k, v := range old {
		if k != id {
			next[k] = v
		}
	}
	return next
}
