package queries_test

import (
	"context"
	"fmt"

	"slate/medtech"
	"slate/medtech/medtechtest"
	"slate/queries"
	"slate/slices/currentuser"
	"slate/slices/medtechapi"
	"slate/slices/petra"
	"slate/store"
)

// Log in, and share what will be created from now on with a doctor.
func Example() {
	ctx := context.Background()
	server := medtechtest.NewServer()
	server.AddUser(medtech.User{Login: "ada"}, "correct horse")
	doctor := server.AddProfessional(medtech.HealthcareProfessional{FirstName: "Zoé", LastName: "Martin"})

	st, _ := store.New(store.Options{}, currentuser.Slice, medtechapi.Slice, queries.UserAPI)
	defer st.Close()
	medtechapi.Provide(st, medtechapi.Environment{
		BaseURL:   medtechtest.BaseURL,
		Transport: server,
		Vault:     petra.NewMemoryVault(), // in a browser: petra.NewVault()
	})

	if _, err := medtechapi.Login.Run(ctx, st, medtech.Credentials{UserName: "ada", Password: "correct horse"}); err != nil {
		fmt.Println(err)
		return
	}
	if _, err := queries.ShareDataWith.Do(ctx, st, []string{doctor.ID}); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(currentuser.SharesWith(medtech.MedicalInformation, doctor.ID).Of(st.State()))
	// Output: true
}
