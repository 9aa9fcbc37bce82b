package backend_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slate/medtech"
)

// The project's own client does what Petra does: log in, find a doctor, share, stop,
// with errors of the right kind.
func TestGoClient(t *testing.T) {
	f := serve(t)
	ctx := t.Context()
	client := func(name, password string) *medtech.Client {
		c, err := medtech.New(medtech.Options{BaseURL: f.url, Credentials: medtech.Credentials{UserName: name, Password: medtech.Secret(password)}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := c.Close(); err != nil {
				t.Error(err)
			}
		})
		return c
	}
	ann, admin := client("ann", "ann-password"), client("admin", "admin-password")
	me, err := ann.Users.GetLoggedUser(ctx)
	if err != nil || me.Key() != "petra/"+annID || me.PasswordHash.Reveal() != "*" {
		t.Fatalf("%+v, %v", me, err)
	}
	page, err := ann.HealthcareProfessionals.FilterHealthcareProfessionals(ctx, "müll", medtech.PageRequest{Limit: 5})
	if err != nil || len(page.Rows) != 1 || page.Rows[0].ID != bobRec || page.Next() != "" {
		t.Fatalf("%+v, %v", page, err)
	}
	doctor, err := ann.HealthcareProfessionals.GetHealthcareProfessional(ctx, bobRec)
	if diff := cmp.Diff(page.Rows[0], doctor); diff != "" || err != nil {
		t.Error(diff, err)
	}
	shared, err := ann.Users.ShareAllFutureDataWith(ctx, []string{bobRec}, medtech.MedicalInformation)
	if err != nil || !shared.SharesWith(medtech.MedicalInformation, bobRec) {
		t.Fatalf("%+v, %v", shared, err)
	}
	shared.Name, shared.Rev = "stale", me.Rev
	if _, err := ann.Users.CreateOrModifyUser(ctx, shared); !errors.Is(err, medtech.ErrConflict) {
		t.Errorf("a stale rev: %v", err)
	}
	stopped, err := ann.Users.StopSharingDataWith(ctx, []string{bobRec}, medtech.MedicalInformation)
	if err != nil || stopped.SharesWith(medtech.MedicalInformation, bobRec) {
		t.Errorf("%+v, %v", stopped, err)
	}
	token, err := ann.Users.CreateToken(ctx, annID, medtech.LongTokenValidity)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := client(me.Key(), token.Reveal()).Users.GetLoggedUser(ctx); err != nil || again.ID != annID {
		t.Errorf("with a token: %+v, %v", again, err)
	}
	created, err := admin.Users.CreateOrModifyUser(ctx, medtech.User{Login: "john", Email: "john@hospital.care", PasswordHash: "john-password"})
	if err != nil {
		t.Fatal(err)
	}
	_, duplicate := admin.Users.CreateOrModifyUser(ctx, medtech.User{Login: "other", Email: "john@hospital.care"})
	_, wrong := client("ann", "wrong-password").Users.GetLoggedUser(ctx)
	_, foreign := ann.Users.GetUser(ctx, created.ID)
	_, unknown := admin.Users.GetUser(ctx, "e0000000-0000-4000-8000-00000000ffff")
	for name, c := range map[string]struct{ got, want error }{
		"a duplicate": {duplicate, medtech.ErrDuplicate}, "a wrong password": {wrong, medtech.ErrUnauthorized},
		"another user": {foreign, medtech.ErrForbidden}, "an unknown user": {unknown, medtech.ErrNotFound},
	} {
		if !errors.Is(c.got, c.want) {
			t.Errorf("%s: %v, want %v", name, c.got, c.want)
		}
	}
	if err := ann.Logout(ctx); err != nil {
		t.Error(err)
	}
}

// Four sessions of one user share with different people at once: nothing is lost.
func TestGoClientsShareAtOnce(t *testing.T) {
	f := serve(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	ids := []string{"h0", "h1", "h2", "h3"}
	var wg sync.WaitGroup
	for _, id := range ids {
		wg.Go(func() {
			c, err := medtech.New(medtech.Options{BaseURL: f.url, Credentials: medtech.Credentials{UserName: "ann", Password: "ann-password"}})
			if err != nil {
				t.Error(err)
				return
			}
			_, err = c.Users.ShareAllFutureDataWith(ctx, []string{id}, medtech.MedicalInformation)
			if err := errors.Join(err, c.Close()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	me := f.want(200, request{method: "GET", path: "/rest/v1/user/current", token: f.login("ann")})
	if got := me["autoDelegations"].(map[string]any)["medicalInformation"].([]any); len(got) != len(ids) {
		t.Errorf("shared with %v", got)
	}
}
