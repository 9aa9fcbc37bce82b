package currentuser_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slate/medtech"
	"slate/slices/currentuser"
	"slate/slices/medtechapi"
	"slate/store"
)

// signedIn is what logging in dispatches.
func signedIn(u medtech.User) store.Action {
	return medtechapi.Login.Fulfilled(store.Done[medtech.Credentials, medtech.User]{Result: u})
}

func newStore(t *testing.T) *store.Store {
	t.Helper()
	st, err := store.New(store.Options{}, currentuser.Slice)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st
}

func TestSetUser(t *testing.T) {
	at := func(id, rev string) medtech.User { return medtech.User{ID: id, Rev: rev} }
	for _, c := range []struct {
		name string
		have *medtech.User
		news medtech.User
		want *medtech.User
	}{
		{"a newer revision is taken", new(at("ada", "9-a")), at("ada", "10-b"), new(at("ada", "10-b"))},
		{"an older one is not", new(at("ada", "10-b")), at("ada", "9-a"), new(at("ada", "10-b"))},
		{"nor somebody else's", new(at("ada", "1-a")), at("bob", "2-b"), new(at("ada", "1-a"))},
		{"nobody is logged in", nil, at("ada", "1-a"), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			st := newStore(t)
			if c.have != nil {
				st.Dispatch(signedIn(*c.have))
			}
			st.Dispatch(currentuser.SetUser(c.news))
			if d := cmp.Diff(c.want, currentuser.User.Of(st.State())); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestSharing(t *testing.T) {
	st := newStore(t)
	shares := currentuser.SharesWith(medtech.MedicalInformation, "dr-who")
	var heard []bool
	store.Subscribe(context.Background(), st, shares, func(b bool) { heard = append(heard, b) })
	st.Dispatch(signedIn(medtech.User{ID: "ada"}))
	for i, delegations := range []map[medtech.DataType][]string{
		{medtech.MedicalInformation: {"dr-who"}},
		{medtech.MedicalInformation: {"dr-who", "dr-no"}},
		{medtech.MedicalInformation: {"dr-no"}},
		{medtech.AllData: {"dr-who"}},
	} {
		st.Dispatch(currentuser.SetUser(medtech.User{ID: "ada", Rev: fmt.Sprintf("%d-a", i+1), AutoDelegations: delegations}))
	}
	st.Dispatch(currentuser.SignOut())
	if d := cmp.Diff([]bool{true, false}, heard); d != "" {
		t.Error(d)
	}
	if currentuser.User.Of(st.State()) != nil {
		t.Error("somebody is logged in after SignOut")
	}
}

func Example() {
	st, _ := store.New(store.Options{}, currentuser.Slice)
	defer st.Close()
	st.Dispatch(signedIn(medtech.User{ID: "1", Rev: "1-a", Login: "ada"}))
	st.Dispatch(currentuser.SetUser(medtech.User{
		ID: "1", Rev: "2-b", Login: "ada",
		AutoDelegations: map[medtech.DataType][]string{medtech.MedicalInformation: {"dr-who"}},
	}))
	fmt.Println(currentuser.User.Of(st.State()).Login)
	fmt.Println(currentuser.SharesWith(medtech.MedicalInformation, "dr-who").Of(st.State()))
	// Output:
	// ada
	// true
}
