package medtechtest_test

import (
	"context"
	"errors"
	"fmt"

	"slate/medtech"
	"slate/medtech/medtechtest"
)

// A patient shares with a doctor, first without a connection.
func Example() {
	server := medtechtest.NewServer()
	ada := server.AddUser(medtech.User{Login: "ada"}, "correct horse")
	doctor := server.AddProfessional(medtech.HealthcareProfessional{FirstName: "Zoé", LastName: "Martin"})

	client, err := medtech.New(medtech.Options{
		BaseURL:     medtechtest.BaseURL,
		Transport:   server,
		Credentials: medtech.Credentials{UserName: "ada", Password: "correct horse"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()
	share := func() error {
		_, err := client.Users.ShareAllFutureDataWith(context.Background(), []string{doctor.ID}, medtech.MedicalInformation)
		return err
	}

	mend := server.Break("PUT /user", 0)
	fmt.Println("offline:", errors.Is(share(), medtech.ErrOffline))
	mend()
	server.Asked()
	fmt.Println("online:", share())

	ada = server.User(ada.ID)
	fmt.Println(ada.SharesWith(medtech.MedicalInformation, doctor.ID), ada.Rev)
	fmt.Println(server.Asked())
	// Output:
	// offline: true
	// online: <nil>
	// true 2-a
	// [GET /user/current PUT /user]
}
