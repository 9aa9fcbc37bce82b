package medtechapi_test

import (
	"context"
	"errors"
	"fmt"

	"slate/medtech"
	"slate/medtech/medtechtest"
	"slate/slices/currentuser"
	"slate/slices/medtechapi"
	"slate/slices/petra"
	"slate/store"
)

// Log in, reload, and be logged in again without a password.
func Example() {
	ctx := context.Background()
	server := medtechtest.NewServer()
	server.AddUser(medtech.User{Login: "ada"}, "correct horse")
	here := medtechapi.Environment{BaseURL: medtechtest.BaseURL, Transport: server, Vault: petra.NewMemoryVault()}
	disk := petra.NewMemoryStorage()

	visit := func() *store.Store {
		saved, _ := petra.Load(disk)
		st, _ := store.New(store.Options{Saved: saved}, petra.Slice, currentuser.Slice, medtechapi.Slice)
		petra.Keep(st, disk)
		medtechapi.Provide(st, here)
		return st
	}

	st := visit()
	_, err := medtechapi.Login.Run(ctx, st, medtech.Credentials{UserName: "ada", Password: "wrong"})
	fmt.Println(errors.Is(err, medtech.ErrUnauthorized), medtechapi.Session.Of(st.State()).Failure)
	medtechapi.Login.Run(ctx, st, medtech.Credentials{UserName: "ada", Password: "correct horse"})
	fmt.Println("online:", medtechapi.Online.Of(st.State()))
	st.Close()

	st = visit()
	defer st.Close()
	user, err := medtechapi.Resume.Run(ctx, st, struct{}{})
	fmt.Println("again:", user.Login, err)
	// Output:
	// true wrongCredentials
	// online: true
	// again: ada <nil>
}
