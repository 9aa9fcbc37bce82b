package storetest_test

import (
	"testing"

	"slate/store"
	"slate/store/storetest"
)

// The state of the example: an account and what can happen to it.

type Account struct{ Balance int }

var (
	AccountSlice = store.NewSlice("account", Account{})
	Deposit      = store.Case(AccountSlice, "deposit", func(a Account, n int) Account { a.Balance += n; return a })
)

// A test of a slice: each step says what the action changes, and fails if anything else changed as well.
func Example() {
	testDeposit := func(t *testing.T) {
		var rec storetest.Recorder
		st := storetest.NewWith(t, store.Options{Middleware: []store.Middleware{rec.Middleware}}, AccountSlice)

		storetest.Step(t, st, AccountSlice, Deposit(5), func(want *Account) { want.Balance = 5 })
		storetest.Step(t, st, AccountSlice, Deposit(2), func(want *Account) { want.Balance = 7 })
		storetest.Step(t, st, AccountSlice, Deposit(0), nil) // changes nothing

		rec.Expect(t, "account/deposit", "account/deposit", "account/deposit")
	}
	testing.RunTests(func(string, string) (bool, error) { return true, nil },
		[]testing.InternalTest{{Name: "TestDeposit", F: testDeposit}})
	// Output:
}
