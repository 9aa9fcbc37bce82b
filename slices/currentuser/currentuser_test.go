package currentuser_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slate/medtech"
	"slate/slices/currentuser"
	"slate/store"
)

func newStore(t *testing.T) *store.Store {
	t.Helper()
	st, err := store.New(store.Options{}, currentuser.Slice)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st
}

func TestRefreshed(t *testing.T) {
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
				st.Dispatch(currentuser.SetUser(*c.have))
			}
			st.Dispatch(currentuser.Refreshed(c.news))
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
	store.Watch(st, shares, func(b bool) { heard = append(heard, b) })
	with := func(ids ...string) medtech.User {
		return medtech.User{ID: "ada", AutoDelegations: map[medtech.DataType][]string{medtech.MedicalInformation: ids}}
	}
	for _, u := range []medtech.User{with(), with("dr-who"), with("dr-who", "dr-no"), with("dr-no")} {
		st.Dispatch(currentuser.SetUser(u))
	}
	st.Dispatch(currentuser.SetUser(medtech.User{ID: "ada", AutoDelegations: map[medtech.DataType][]string{medtech.AllData: {"dr-who"}}}))
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
	st.Dispatch(currentuser.SetUser(medtech.User{
		Login:           "ada",
		AutoDelegations: map[medtech.DataType][]string{medtech.MedicalInformation: {"dr-who"}},
	}))
	fmt.Println(currentuser.User.Of(st.State()).Login)
	fmt.Println(currentuser.SharesWith(medtech.MedicalInformation, "dr-who").Of(st.State()))
	// Output:
	// ada
	// true
}
