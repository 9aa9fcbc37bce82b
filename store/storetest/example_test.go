package storetest_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"slate/store"
	"slate/store/storetest"
	"slate/store/storetest/record"
)

// The state of the examples: an account and what can happen to it, and a bank that can be asked.

type Account struct {
	Balance int
	Asking  bool
}

type Bank interface {
	Balance(ctx context.Context) (int, error)
}

var (
	AccountSlice = store.NewSlice("account", Account{})
	Deposit      = store.Case(AccountSlice, "deposit", func(a Account, n int) Account { a.Balance += n; return a })

	BankDep = store.NewDep[Bank]("bank")
	Refresh = store.NewAsyncThunk(store.AsyncThunkSpec[string, int]{
		Name: "account/refresh",
		Run: func(ctx context.Context, st *store.Store, _ string) (int, error) {
			bank, _ := BankDep.Of(st)
			return bank.Balance(ctx)
		},
	})

	HistorySlice = store.NewSlice("history", []string(nil))
)

func init() {
	store.On(AccountSlice, Refresh.Pending, func(a Account, _ store.Call[string]) Account { a.Asking = true; return a })
	store.On(AccountSlice, Refresh.Fulfilled, func(a Account, d store.Done[string, int]) Account {
		return Account{Balance: d.Result}
	})
	store.On(HistorySlice, Deposit, func(h []string, n int) []string { return append(h[:len(h):len(h)], fmt.Sprint("+", n)) })
}

// slowBank is a fake that takes its time.
type slowBank struct{ balance int }

func (b slowBank) Balance(context.Context) (int, error) {
	time.Sleep(time.Minute)
	return b.balance, nil
}

// run runs a test, so that the examples are what one would write in a test file. With go test -v it would print more than the
// examples say.
func run(test func(t *testing.T)) {
	verbose := flag.Lookup("test.v").Value
	defer func(was string) { _ = verbose.Set(was) }(verbose.String())
	_ = verbose.Set("false")
	fmt.Println("passed:", testing.RunTests(func(string, string) (bool, error) { return true, nil },
		[]testing.InternalTest{{Name: "Test", F: test}}))
}

// A test store judges all slices: what an action is to change is said for each, and nothing else may change.
func ExampleTestStore_Send() {
	run(func(t *testing.T) {
		ts := storetest.NewTestStore(t, AccountSlice, HistorySlice)
		ts.Send(Deposit(5),
			storetest.Expect(AccountSlice, func(want *Account) { want.Balance = 5 }),
			storetest.Expect(HistorySlice, func(want *[]string) { *want = []string{"+5"} }),
		)
	})
	// Output: passed: true
}

// What effects dispatch is received, in order, by the creators of the actions.
func ExampleReceive() {
	run(func(t *testing.T) {
		ts := storetest.NewTestStore(t, AccountSlice)
		ts.Go(t.Context(), func(_ context.Context, st *store.Store) error {
			return st.DispatchAll(Deposit(5), Deposit(2))
		})
		storetest.Receive(ts, Deposit, 5, storetest.Expect(AccountSlice, func(want *Account) { want.Balance = 5 }))
		storetest.Receive(ts, Deposit, 2, storetest.Expect(AccountSlice, func(want *Account) { want.Balance = 7 }))
	})
	// Output: passed: true
}

// A thunk is tested in a bubble, where its minute passes at once, and with a fake of what it asks. It begins with another
// state than the slice's initial one.
func ExampleNewTestStoreWith() {
	run(func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ts := storetest.NewTestStoreWith(t,
				store.Options{Enhancers: []store.Enhancer{storetest.Provide[Bank](BankDep, slowBank{balance: 12})}},
				storetest.With(AccountSlice, Account{Balance: 5}),
			)
			Refresh.Start(t.Context(), ts.Store, "ada")
			call := storetest.ReceiveMatch(ts, Refresh.Pending.Match, storetest.Expect(AccountSlice, func(want *Account) { want.Asking = true }))
			storetest.Receive(ts, Refresh.Fulfilled, store.Done[string, int]{Call: call, Result: 12},
				storetest.Expect(AccountSlice, func(want *Account) { *want = Account{Balance: 12} }))
		})
	})
	// Output: passed: true
}

// A long story of which one end matters: the test names that, and the rest goes by.
func ExampleTestStore_Exhaustive() {
	run(func(t *testing.T) {
		ts := storetest.NewTestStore(t, AccountSlice, HistorySlice)
		ts.Exhaustive(false)
		for range 9 {
			ts.Send(Deposit(1))
		}
		ts.Send(Deposit(1), storetest.Expect(AccountSlice, func(want *Account) { want.Balance = 10 }))
	})
	// Output: passed: true
}

// What a running program did is written down, and becomes a test.
func ExampleReplay() {
	var session bytes.Buffer
	st, err := store.New(store.Options{Enhancers: []store.Enhancer{record.To(&session)}}, AccountSlice, HistorySlice)
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = st.DispatchAll(Deposit(5), Deposit(2))
	_ = st.Close()
	fmt.Print(session.String())

	run(func(t *testing.T) {
		ended := storetest.Replay(t, bytes.NewReader(session.Bytes()), AccountSlice, HistorySlice)
		if balance := AccountSlice.Of(ended.State()).Balance; balance != 7 {
			t.Errorf("the balance is %d", balance)
		}
	})
	// Output:
	// {"recording":1,"state":{"account":{"Balance":0,"Asking":false},"history":null}}
	// {"action":{"type":"account/deposit","payload":5},"slices":{"account":{"Balance":5,"Asking":false},"history":["+5"]}}
	// {"action":{"type":"account/deposit","payload":2},"slices":{"account":{"Balance":7,"Asking":false},"history":["+5","+2"]}}
	// passed: true
}

// Step and Recorder are for a plain store.
func ExampleStep() {
	run(func(t *testing.T) {
		var rec storetest.Recorder
		st := storetest.NewWith(t, store.Options{Middleware: []store.Middleware{rec.Middleware}}, AccountSlice)

		storetest.Step(t, st, AccountSlice, Deposit(5), func(want *Account) { want.Balance = 5 })
		storetest.Step(t, st, AccountSlice, Deposit(0), nil) // changes nothing

		rec.Expect(t, "account/deposit", "account/deposit")
	})
	// Output: passed: true
}
