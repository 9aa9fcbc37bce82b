package queries_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"slate/medtech"
	"slate/medtech/medtechtest"
	"slate/queries"
	"slate/slices/currentuser"
	"slate/slices/medtechapi"
	"slate/slices/petra"
	"slate/store"
	"slate/store/query"
)

// world is a store in which Ada is logged in, and the server behind it.
type world struct {
	*store.Store
	server  *medtechtest.Server
	ada     medtech.User
	doctor  medtech.HealthcareProfessional
	mu      sync.Mutex
	actions []string // since atRest was last called
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{server: medtechtest.NewServer()}
	w.ada = w.server.AddUser(medtech.User{Login: "ada"}, "secret")
	w.doctor = w.server.AddProfessional(medtech.HealthcareProfessional{FirstName: "Zoé", LastName: "Müller"})
	st, err := store.New(store.Options{Middleware: []store.Middleware{
		func(_ *store.Store, next store.Dispatcher) store.Dispatcher {
			return func(a store.Action) error {
				w.mu.Lock()
				w.actions = append(w.actions, a.Type())
				w.mu.Unlock()
				return next(a)
			}
		},
	}}, petra.Slice, currentuser.Slice, medtechapi.Slice, queries.UserAPI, queries.HealthcareProfessionalAPI)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	w.Store = st
	medtechapi.Provide(st, medtechapi.Environment{BaseURL: medtechtest.BaseURL, Transport: w.server, Vault: petra.NewMemoryVault()})
	if _, err := medtechapi.Login.Run(t.Context(), st, medtech.Credentials{UserName: "ada", Password: "secret"}); err != nil {
		t.Fatal(err)
	}
	w.atRest()
	return w
}

// atRest waits until nothing runs and returns what was dispatched and asked since the last time.
func (w *world) atRest() (actions, asked []string) {
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	actions, w.actions = w.actions, nil
	return actions, w.server.Asked()
}

func (w *world) user() *medtech.User { u, _ := queries.CurrentUser(w.State()); return u }

func TestSharingOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		sub := queries.GetUser.Subscribe(w.Store, w.ada.ID, nil)
		defer sub.Close()
		w.atRest()

		updated, err := queries.ShareDataWith.Do(t.Context(), w.Store, []string{w.doctor.ID})
		if err != nil {
			t.Fatal(err)
		}
		actions, asked := w.atRest()
		want := []string{
			"userApi/executeMutation/pending",
			"currentUser/setUser",
			"userApi/executeMutation/fulfilled",
			"userApi/executeQuery/pending", // the invalidation
			"userApi/executeQuery/fulfilled",
		}
		if d := cmp.Diff(want, actions); d != "" {
			t.Error("actions:", d)
		}
		if d := cmp.Diff([]string{"GET /user/current", "PUT /user", "GET /user/" + w.ada.ID}, asked); d != "" {
			t.Error("requests:", d)
		}
		for name, u := range map[string]medtech.User{"answer": updated, "slice": *w.user(), "query": sub.Result().Data, "server": w.server.User(w.ada.ID)} {
			if !u.SharesWith(medtech.MedicalInformation, w.doctor.ID) {
				t.Errorf("%s: not shared", name)
			}
		}
	})
}

func TestFailedSharing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		sub := queries.GetUser.Subscribe(w.Store, w.ada.ID, nil)
		defer sub.Close()
		w.atRest()
		w.server.Intercept(func(_ context.Context, request string) (*medtech.Response, error) {
			if strings.HasPrefix(request, "PUT") {
				return nil, medtech.ErrOffline
			}
			return nil, nil
		})
		before := w.user()
		if _, err := queries.ShareDataWith.Do(t.Context(), w.Store, []string{w.doctor.ID}); !errors.Is(err, medtech.ErrOffline) {
			t.Fatalf("error %v", err)
		}
		actions, _ := w.atRest()
		want := []string{
			"userApi/executeMutation/pending",
			"userApi/executeMutation/rejected", // and no setUser
			"userApi/executeQuery/pending",     // whether the server did it is not known: ask
			"userApi/executeQuery/fulfilled",
		}
		if d := cmp.Diff(want, actions); d != "" {
			t.Error("actions:", d)
		}
		if w.user() != before {
			t.Error("the current user changed")
		}
	})
}

// In the original {User, all} is invalidated and nothing provides it; a query that provides the bare type is not hit by it.
func TestUserAllTag(t *testing.T) {
	original := query.NewAPI("original")
	asked := 0
	getUser := query.New(original, query.Spec[string, string]{
		Name:     "getUser",
		Fetch:    func(context.Context, query.Call, string) (string, error) { asked++; return "", nil },
		Provides: func(string, error, string) []query.Tag { return []query.Tag{queries.UserTag.Tag()} },
	})
	synctest.Test(t, func(t *testing.T) {
		st, err := store.New(store.Options{}, original)
		if err != nil {
			t.Fatal(err)
		}
		defer st.Close()
		defer getUser.Subscribe(st, "ada", nil).Close()
		synctest.Wait()

		hit := query.Invalidate(st, queries.AllUsers)
		if err := hit.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		if asked != 1 || len(hit.Hits()) != 0 || !slices.Equal(hit.Missed(), []query.Tag{queries.AllUsers}) {
			t.Errorf("{User, all} asked %d times, hit %v, missed %v", asked-1, hit.Hits(), hit.Missed())
		}
		if err := query.Invalidate(st, queries.UserTag.Tag()).Wait(t.Context()); err != nil || asked != 2 {
			t.Errorf("the bare type asked %d times, %v", asked-1, err)
		}
	})

	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		sub := queries.GetUser.Subscribe(w.Store, w.ada.ID, nil)
		defer sub.Close()
		other := queries.GetHealthcareProfessional.Subscribe(w.Store, w.doctor.ID, nil)
		defer other.Close()
		w.atRest()
		hit := query.Invalidate(w.Store, queries.AllUsers)
		if want := []string{"userApi/" + queries.GetUser.Key(w.ada.ID)}; !slices.Equal(hit.Hits(), want) || len(hit.Missed()) != 0 {
			t.Errorf("hit %v, want %v; missed %v", hit.Hits(), want, hit.Missed())
		}
		if _, asked := w.atRest(); !slices.Equal(asked, []string{"GET /user/" + w.ada.ID}) {
			t.Errorf("asked %v: unrelated queries are not refetched", asked)
		}
	})
}

func TestChangeElsewhereReachesTheSlice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		sub := queries.GetUser.Subscribe(w.Store, w.ada.ID, nil)
		defer sub.Close()
		w.atRest()
		w.server.Change(w.ada.ID, func(u *medtech.User) {
			u.AutoDelegations = map[medtech.DataType][]string{medtech.MedicalInformation: {w.doctor.ID}}
		})
		sub.Refetch()
		w.atRest()
		if !currentuser.SharesWith(medtech.MedicalInformation, w.doctor.ID).Of(w.State()) {
			t.Error("the slice does not have what another device changed")
		}
	})
}

func TestUpdateUser(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		u := w.user().Clone()
		u.Name = "Ada Lovelace"
		if _, err := queries.UpdateUser.Do(t.Context(), w.Store, u); err != nil {
			t.Fatal(err)
		}
		if w.user().Name != "Ada Lovelace" {
			t.Error("the current user did not follow")
		}
		if _, err := queries.UpdateUser.Do(t.Context(), w.Store, u); !errors.Is(err, medtech.ErrConflict) {
			t.Errorf("an old revision: %v", err)
		}
		bob := w.server.AddUser(medtech.User{Login: "bob"}, "secret")
		if _, err := queries.UpdateUser.Do(t.Context(), w.Store, bob); err != nil {
			t.Fatal(err)
		}
		if w.user().ID != w.ada.ID {
			t.Error("somebody else's update became the current user")
		}
	})
}

func TestProfessionals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		found, err := queries.FilterHealthcareProfessionals.Fetch(t.Context(), w.Store, "LLER")
		if err != nil || len(found) != 1 || found[0].ID != w.doctor.ID {
			t.Errorf("found %v, %v", found, err)
		}
		got, err := queries.GetHealthcareProfessional.Fetch(t.Context(), w.Store, w.doctor.ID)
		if err != nil || got.LastName != "Müller" {
			t.Errorf("got %v, %v", got, err)
		}
		if _, err := queries.GetHealthcareProfessional.Fetch(t.Context(), w.Store, "nobody"); !errors.Is(err, medtech.ErrNotFound) {
			t.Errorf("unknown id: %v", err)
		}
	})
}

func TestGuard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		sub := queries.GetUser.Subscribe(w.Store, w.ada.ID, nil)
		defer sub.Close()
		w.atRest()

		w.server.EndSessions()
		w.server.Intercept(func(_ context.Context, request string) (*medtech.Response, error) {
			if strings.HasSuffix(request, "/auth/login") {
				return medtechtest.Fail(401, "the password was changed"), nil
			}
			return nil, nil
		})
		if _, err := queries.GetUser.Refetch(t.Context(), w.Store, w.ada.ID); !errors.Is(err, medtech.ErrUnauthorized) {
			t.Errorf("session over: %v", err)
		}
		if s := medtechapi.Session.Of(w.State()); s.Online || s.Failure != medtechapi.SessionEnded {
			t.Errorf("session %+v", s)
		}
		if _, ok := queries.CurrentUser(w.State()); ok {
			t.Error("there still is a current user")
		}
		if _, err := queries.ShareDataWith.Do(t.Context(), w.Store, nil); !errors.Is(err, medtechapi.ErrSignedOut) {
			t.Errorf("signed out: %v", err)
		}
		w.Dispatch(medtechapi.Login.Fulfilled(store.Done[medtech.Credentials, medtech.User]{Result: medtech.User{ID: "restored"}}))
		if _, err := queries.ShareDataWith.Do(t.Context(), w.Store, nil); !errors.Is(err, medtechapi.ErrNoAPI) {
			t.Errorf("no client: %v", err)
		}
	})
}

func TestLogoutLeavesNothingCached(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		if _, err := queries.GetUser.Fetch(t.Context(), w.Store, w.ada.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := queries.GetHealthcareProfessional.Fetch(t.Context(), w.Store, w.doctor.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := medtechapi.Logout.Run(t.Context(), w.Store, struct{}{}); err != nil {
			t.Fatal(err)
		}
		for e := range query.Entries(w.Store) {
			t.Errorf("still cached: %s", e.Key)
		}
	})
}

// A sharing answer that comes after the log-out brings nobody back, also not into the next person's session.
func TestALateAnswerIsNobodysSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.server.AddUser(medtech.User{Login: "bob"}, "secret")
		release := w.server.Hold("PUT /user")
		defer release()
		done := make(chan error)
		go func() {
			_, err := queries.ShareDataWith.Do(context.Background(), w.Store, []string{w.doctor.ID})
			done <- err
		}()
		w.atRest()
		if _, err := medtechapi.Logout.Run(t.Context(), w.Store, struct{}{}); err != nil {
			t.Fatal(err)
		}
		bob := medtech.Credentials{UserName: "bob", Password: "secret"}
		if _, err := medtechapi.Login.Run(t.Context(), w.Store, bob); err != nil {
			t.Fatal(err)
		}
		release()
		<-done
		w.atRest()
		if u := w.user(); u == nil || u.Login != "bob" {
			t.Errorf("the current user is %v, want bob", u)
		}
	})
}

// Answers of two orders may arrive in the other order.
func TestAnOlderAnswerReplacesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		old := w.user().Clone()
		if _, err := queries.ShareDataWith.Do(t.Context(), w.Store, []string{w.doctor.ID}); err != nil {
			t.Fatal(err)
		}
		w.Dispatch(currentuser.SetUser(old))
		if !currentuser.SharesWith(medtech.MedicalInformation, w.doctor.ID).Of(w.State()) {
			t.Error("an older revision came back")
		}
	})
}
