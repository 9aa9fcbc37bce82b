package medtech_test

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"slate/medtech"
)

// clinic is a transport that answers like a server with one patient and one
// doctor. A program that talks to a real server leaves Options.Transport out.
type clinic struct{ shared string }

func (c *clinic) RoundTrip(_ context.Context, r *medtech.Request) (*medtech.Response, error) {
	answer := func(status int, body string) (*medtech.Response, error) {
		return &medtech.Response{Status: status, Body: []byte(body)}, nil
	}
	path, _, _ := strings.Cut(strings.TrimPrefix(r.URL, "https://clinic.example/rest/v1"), "?")
	switch r.Method + " " + path {
	case "POST /auth/login":
		return answer(200, `{"successful": true, "token": "a.b.c"}`)
	case "POST /hcparty/filter":
		return answer(200, `{"rows": [{"id": "doctor-1", "firstName": "Zoé", "lastName": "Desmet"}]}`)
	case "PUT /user":
		c.shared = `"doctor-1"`
		fallthrough
	case "GET /user/current":
		return answer(200, `{"id": "user-1", "rev": "1-a", "login": "ada", "autoDelegations": {"medicalInformation": [`+c.shared+`]}}`)
	}
	return answer(404, `{"message": "no such document"}`)
}

// A patient finds a doctor and shares with them what is recorded from now on.
func Example() {
	client, err := medtech.New(medtech.Options{
		BaseURL:     "https://clinic.example",
		Credentials: medtech.Credentials{UserName: "ada", Password: "correct horse"},
		Transport:   &clinic{},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()
	ctx := context.Background()

	doctors, err := client.HealthcareProfessionals.FilterHealthcareProfessionals(ctx, "desmet", medtech.PageRequest{Limit: 10})
	if err != nil {
		fmt.Println(err)
		return
	}
	doctor := doctors.Rows[0]
	me, err := client.Users.ShareAllFutureDataWith(ctx, []string{doctor.ID}, medtech.MedicalInformation)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(me.Login, "shares with", doctor.DisplayName(), me.SharesWith(medtech.MedicalInformation, doctor.ID))

	_, err = client.Users.GetUser(ctx, "nobody")
	fmt.Println(errors.Is(err, medtech.ErrNotFound))
	// Output:
	// ada shares with Zoé Desmet true
	// true
}

// A wrong password and a lost network want different words on the screen.
func ExampleError() {
	err := error(&medtech.Error{Op: "log in", Kind: medtech.ErrUnauthorized, Status: 401, Method: "POST", Path: "/rest/v1/auth/login"})
	switch {
	case errors.Is(err, medtech.ErrUnauthorized):
		fmt.Println("Wrong user name or password.")
	case errors.Is(err, medtech.ErrOffline):
		fmt.Println("You are offline.")
	}
	if e, ok := errors.AsType[*medtech.Error](err); ok {
		fmt.Println(e.Status, e.Path)
	}
	// Output:
	// Wrong user name or password.
	// 401 /rest/v1/auth/login
}

// Secrets show only where the program asks for them.
func ExampleSecret() {
	token := medtech.Secret("0f3c")
	fmt.Println(token, len(token.Reveal()))
	// Output: [redacted] 4
}

// Change a clone, never a user that others hold.
func ExampleUser_Clone() {
	shown := medtech.User{Login: "ada", Roles: []string{"patient"}}
	next := shown.Clone()
	next.Roles[0] = "guest"
	fmt.Println(shown.Roles, next.Roles)
	// Output: [patient] [guest]
}
