package medtechtest_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slate/medtech"
	"slate/medtech/medtechtest"
)

const password = "correct horse"

// connect returns a client of the server.
func connect(t *testing.T, s *medtechtest.Server, name string, secret medtech.Secret) *medtech.Client {
	t.Helper()
	c, err := medtech.New(medtech.Options{
		BaseURL: medtechtest.BaseURL, Transport: s, Credentials: medtech.Credentials{UserName: name, Password: secret},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// withAda returns a server that knows Ada, Ada, and a client of hers.
func withAda(t *testing.T) (*medtechtest.Server, medtech.User, *medtech.Client) {
	t.Helper()
	s := medtechtest.NewServer()
	ada := s.AddUser(medtech.User{Login: "ada"}, password)
	return s, ada, connect(t, s, "ada", password)
}

func TestWhatIsMissingOfADocumentIsFilledIn(t *testing.T) {
	s := medtechtest.NewServer()
	bare := s.AddUser(medtech.User{Login: "ada"}, password)
	if bare.ID == "" || bare.Rev != "1-a" || bare.GroupID != medtechtest.GroupID || bare.PasswordHash != "*" {
		t.Errorf("a user with a login only is %+v", bare)
	}
	full := medtech.User{ID: "u", Rev: "7-a", GroupID: "g", Login: "bob", PasswordHash: "*"}
	if d := cmp.Diff(full, s.AddUser(full, password)); d != "" {
		t.Error("what was given was changed:", d)
	}
	doctor := s.AddProfessional(medtech.HealthcareProfessional{LastName: "Martin"})
	if doctor.ID == "" || doctor.ID == bare.ID || doctor.Rev != "1-a" {
		t.Errorf("a professional with a name only is %+v", doctor)
	}
}

func TestWhoMayLogIn(t *testing.T) {
	s, ada, client := withAda(t)
	token, err := client.Users.CreateToken(t.Context(), ada.ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	check := func(name string, secret medtech.Secret, want error) {
		t.Helper()
		got, err := connect(t, s, name, secret).Users.GetLoggedUser(t.Context())
		if !errors.Is(err, want) || want == nil && got.ID != ada.ID {
			t.Errorf("%s is %q, %v; want %v", name, got.ID, err, want)
		}
	}
	check("ada", password, nil)
	check(ada.Key(), password, nil)
	check(ada.Key(), token, nil)
	check("ada", "wrong", medtech.ErrUnauthorized)
	check("bob", password, medtech.ErrUnauthorized)

	device := connect(t, s, "ada", token)
	if _, err := device.Users.GetLoggedUser(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.EndSessions()
	if _, err := device.Users.GetLoggedUser(t.Context()); !errors.Is(err, medtech.ErrUnauthorized) {
		t.Errorf("after all sessions ended, a token is still good: %v", err)
	}
	check("ada", password, nil)
}

func TestEachWriteIsANewRevision(t *testing.T) {
	s, ada, client := withAda(t)
	mine := ada
	mine.Name = "Ada Lovelace"
	s.Change(ada.ID, func(u *medtech.User) { u.MobilePhone = "+32470000221" })
	if _, err := client.Users.CreateOrModifyUser(t.Context(), mine); !errors.Is(err, medtech.ErrConflict) {
		t.Errorf("an old revision was written: %v", err)
	}
	mine = s.User(ada.ID)
	mine.Name = "Ada Lovelace"
	got, err := client.Users.CreateOrModifyUser(t.Context(), mine)
	if err != nil || got.Rev != "3-a" || got.MobilePhone != "+32470000221" {
		t.Errorf("wrote %+v, %v", got, err)
	}
	if _, err := client.Users.CreateToken(t.Context(), ada.ID, 0); err != nil {
		t.Fatal(err)
	}
	if got := s.User(ada.ID); got.Rev != "4-a" || got.Name != "Ada Lovelace" {
		t.Errorf("after a new token the user is %+v", got)
	}
}

func TestATestsCopyIsItsOwn(t *testing.T) {
	s, ada, _ := withAda(t)
	share := func(u *medtech.User) {
		u.AutoDelegations = map[medtech.DataType][]string{medtech.MedicalInformation: {"d"}}
	}
	changed := s.Change(ada.ID, share)
	changed.AutoDelegations[medtech.MedicalInformation][0] = "changed"
	s.User(ada.ID).AutoDelegations[medtech.MedicalInformation][0] = "changed"
	if got := s.User(ada.ID); !got.SharesWith(medtech.MedicalInformation, "d") {
		t.Errorf("the server has %v", got.AutoDelegations)
	}
}

func TestAnUnknownUserIsTheTestsMistake(t *testing.T) {
	defer func() {
		if got, want := recover(), `medtechtest: there is no user "bob"; add it with AddUser`; got != want {
			t.Errorf("got %v, want %s", got, want)
		}
	}()
	medtechtest.NewServer().User("bob")
}

func TestWhatIsNotThereIsNotFound(t *testing.T) {
	_, _, client := withAda(t)
	if _, err := client.Users.GetUser(t.Context(), "nobody"); !errors.Is(err, medtech.ErrNotFound) {
		t.Errorf("a user: %v", err)
	}
	if _, err := client.HealthcareProfessionals.GetHealthcareProfessional(t.Context(), "nobody"); !errors.Is(err, medtech.ErrNotFound) {
		t.Errorf("a professional: %v", err)
	}
}

func TestProfessionalsAreFoundByAPartOfTheName(t *testing.T) {
	s, _, client := withAda(t)
	for _, d := range []medtech.HealthcareProfessional{
		{ID: "1", FirstName: "Sofía", LastName: "Núñez"}, {ID: "2", FirstName: "Jonas", LastName: "De Müller"}, {ID: "3", Name: "Clinique Élan"},
	} {
		s.AddProfessional(d)
	}
	for name, want := range map[string][]string{
		"n": {"1", "2", "3"}, "NUN": {"1"}, "núñ": {"1"}, "demü": {"2"}, "de mul": {"2"}, "elan": {"3"}, "xyz": {},
	} {
		page, err := client.HealthcareProfessionals.FilterHealthcareProfessionals(t.Context(), name, medtech.PageRequest{})
		ids := []string{}
		for _, d := range page.Rows {
			ids = append(ids, d.ID)
		}
		if err != nil || !slices.Equal(ids, want) || page.TotalSize != len(want) {
			t.Errorf("%q finds %v of %d, %v; want %v", name, ids, page.TotalSize, err, want)
		}
	}
}

func TestAskedForgets(t *testing.T) {
	s, ada, client := withAda(t)
	if _, err := client.Users.GetUser(context.Background(), ada.ID); err != nil {
		t.Fatal(err)
	}
	if got, want := s.Asked(), []string{"POST /auth/login", "GET /user/" + ada.ID}; !slices.Equal(got, want) {
		t.Errorf("asked %v, want %v", got, want)
	}
	if got := s.Asked(); len(got) != 0 {
		t.Errorf("asked again %v", got)
	}
}

func TestSecretsAreAllThatWasGivenOut(t *testing.T) {
	s, ada, client := withAda(t)
	tokens, err := client.Login(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	token, err := client.Users.CreateToken(t.Context(), ada.ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	s.EndSessions()
	if got, want := s.Secrets(), []string{password, tokens.Token.Reveal(), token.Reveal()}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
