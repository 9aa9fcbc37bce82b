package fromredux_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"slate/store"
	"slate/store/storetest"
)

func TestAdded(t *testing.T) {
	ts := storetest.NewTestStore(t, CounterSlice, ActivitySlice)
	ts.Send(Added(5),
		storetest.Expect(CounterSlice, func(want *Counter) { want.Value = 5 }),
		storetest.Expect(ActivitySlice, func(want *Activity) { want.Last = "added 5" }),
	)
}

// slowly answers after an hour.
type slowly struct{ API }

func (s slowly) User(ctx context.Context, id string) (User, error) {
	time.Sleep(time.Hour)
	return s.API.User(ctx, id)
}

func TestFetchUser(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ts := storetest.NewTestStoreWith(t, store.Options{
			Enhancers: []store.Enhancer{storetest.Provide[API](TheAPI, slowly{people{"1": "Ada"}})},
		}, UserSlice)

		FetchUser.Start(t.Context(), ts.Store, "1") // takes an hour, and no time
		run := store.Call[string]{ID: "1", Arg: "1"}
		ada := User{"1", "Ada"}
		storetest.Receive(ts, FetchUser.Pending, run,
			storetest.Expect(UserSlice, func(want *Users) { want.Loading = "1" }))
		storetest.Receive(ts, FetchUser.Fulfilled, store.Done[string, User]{Call: run, Result: ada},
			storetest.Expect(UserSlice, func(want *Users) { *want = Users{ByID: map[string]User{"1": ada}} }))
	})
}
