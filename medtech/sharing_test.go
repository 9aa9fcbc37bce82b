package medtech_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"slate/medtech"
)

// oneUser is a script of a server that holds the logged-in user as any JSON
// and checks revisions.
type oneUser struct {
	script
	doc       map[string]any
	version   int
	conflicts int // so many writes lose to somebody else
	sent      map[string]any
}

func newOneUser(doc string) *oneUser {
	s := &oneUser{version: 1}
	if err := json.Unmarshal([]byte(doc), &s.doc); err != nil {
		panic(err)
	}
	s.doc["id"], s.doc["rev"] = "ada", "1-a"
	s.answer = s.serve
	return s
}

func (s *oneUser) serve(_ context.Context, e exchange) (*medtech.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch e.String() {
	case "GET /user/current":
		return replyJSON(s.doc), nil
	case "PUT /user":
		var sent map[string]any
		if err := json.Unmarshal([]byte(e.Body), &sent); err != nil {
			return nil, err
		}
		if s.conflicts > 0 {
			s.conflicts--
			s.write(s.doc) // somebody else's
		}
		if sent["rev"] != s.doc["rev"] {
			return reply(409, `{"message":"rev"}`), nil
		}
		s.sent = sent
		s.write(sent)
		return replyJSON(s.doc), nil
	}
	return nil, fmt.Errorf("unexpected %s", e)
}

func (s *oneUser) write(doc map[string]any) {
	s.version++
	s.doc = map[string]any{}
	for name, value := range doc {
		s.doc[name] = value
	}
	s.doc["rev"] = fmt.Sprintf("%d-a", s.version)
}

type sharing func(*medtech.UserAPI, context.Context, []string, medtech.DataType) (medtech.User, error)

var share, stop sharing = (*medtech.UserAPI).ShareAllFutureDataWith, (*medtech.UserAPI).StopSharingDataWith

// The calls in sequence of icure.md 2.7, without the original's bug and with
// duplicates removed before sending.
func TestSharingInSequence(t *testing.T) {
	s := newOneUser(`{}`)
	c := newClient(t, s)
	const medical, general = medtech.MedicalInformation, medtech.GeneralInformation
	for _, step := range []struct {
		name   string
		change sharing
		ids    []string
		of     medtech.DataType
		key    medtech.DataType
		want   []string // nil: the key is absent
		put    bool
	}{
		{"share", share, []string{"h"}, medical, medical, []string{"h"}, true},
		{"share again", share, []string{"h"}, medical, medical, []string{"h"}, false},
		{"share twice in one", share, []string{"a", "a"}, general, general, []string{"a"}, true},
		{"share some known", share, []string{"b", "b", "h"}, general, general, []string{"a", "b", "h"}, true},
		{"share with none", share, []string{}, medtech.SensitiveInformation, medtech.SensitiveInformation, []string{}, true},
		{"share with none again", share, nil, medtech.SensitiveInformation, medtech.SensitiveInformation, []string{}, false},
		{"share all", share, []string{"x1"}, "", medtech.AllData, []string{"x1"}, true},
		{"share more of all", share, []string{"x2"}, "", medtech.AllData, []string{"x1", "x2"}, true},
		{"share known of all", share, []string{"x2"}, "", medtech.AllData, []string{"x1", "x2"}, false},
		{"stop all", stop, []string{"x1"}, "", medtech.AllData, []string{"x2"}, true},
		{"stop rest of all", stop, []string{"x2"}, medtech.AllData, medtech.AllData, []string{}, true},
		{"stop some unknown", stop, []string{"a", "zzz"}, general, general, []string{"b", "h"}, true},
		{"stop unknown", stop, []string{"zzz"}, general, general, []string{"b", "h"}, false},
		{"stop absent", stop, []string{"zzz"}, medtech.FinancialInformation, medtech.FinancialInformation, nil, false},
		{"stop none", stop, nil, general, general, []string{"b", "h"}, false},
	} {
		u, err := step.change(c.Users, t.Context(), step.ids, step.of)
		if err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if diff := cmp.Diff(step.want, u.SharingDataWith()[step.key]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.name, diff)
		}
		want := []string{"GET /user/current"}
		if step.put {
			want = append(want, "PUT /user")
		}
		if diff := cmp.Diff(want, s.log()); diff != "" {
			t.Errorf("%s: requests (-want +got):\n%s", step.name, diff)
		}
	}
	want := map[string]any{
		"medicalInformation": []any{"h"}, "generalInformation": []any{"b", "h"}, "sensitiveInformation": []any{}, "all": []any{},
	}
	if diff := cmp.Diff(want, s.doc["autoDelegations"]); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
}

func TestSharingSendsTheWholeUser(t *testing.T) {
	const doc = `{"passwordHash":"*","status":"ACTIVE","type":"database","permissions":[{"grants":[{"a":1}]}],"use2fa":false,
		"createdDate":1,"applicationTokens":{},"authenticationTokens":{"k":{"creationTime":1,"validity":2,"new":[]}},
		"properties":[{"id":"p","new":{}}],"roles":[],"identifier":[],"systemMetadata":{"isAdmin":false},
		"autoDelegations":{"all":["a"],"medicalInformation":["b"]}}`
	s := newOneUser(doc)
	if _, err := newClient(t, s).Users.ShareAllFutureDataWith(t.Context(), []string{"h"}, medtech.MedicalInformation); err != nil {
		t.Fatal(err)
	}
	var want map[string]any
	if err := json.Unmarshal([]byte(doc), &want); err != nil {
		t.Fatal(err)
	}
	want["id"], want["rev"] = "ada", "1-a"
	want["autoDelegations"] = map[string]any{"all": []any{"a"}, "medicalInformation": []any{"b", "h"}}
	if diff := cmp.Diff(want, s.sent); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
}

func TestSharingIsRepeatedAfterAConflict(t *testing.T) {
	for conflicts := range 6 {
		t.Run(fmt.Sprintf("%d conflicts", conflicts), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newOneUser(`{"autoDelegations":{"all":["x"]}}`)
				s.conflicts = conflicts
				start := time.Now()
				u, err := newClient(t, s).Users.ShareAllFutureDataWith(t.Context(), []string{"h"}, "")
				if took := time.Since(start); (took > 0) != (conflicts > 0) || took > 2*time.Second {
					t.Errorf("took %v: want a pause after a conflict, and a short one", took)
				}
				if conflicts == 5 {
					e := wantIs(t, err, medtech.ErrConflict)
					if e.Op != "share future data" || u.ID != "" || len(s.log()) != 10 {
						t.Errorf("error %v, user %q", err, u.ID)
					}
					return
				}
				if err != nil || !slices.Equal(u.AutoDelegations[medtech.AllData], []string{"x", "h"}) {
					t.Errorf("shares %v, error %v", u.AutoDelegations, err)
				}
			})
		})
	}
}

func TestConflictEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newOneUser(`{}`)
		s.conflicts = 100
		ctx, cancel := context.WithCancel(t.Context())
		s.answer = func(ctx context.Context, e exchange) (*medtech.Response, error) {
			if e.Method == "PUT" {
				cancel()
			}
			return s.serve(ctx, e)
		}
		_, err := newClient(t, s).Users.ShareAllFutureDataWith(ctx, []string{"h"}, "")
		wantIs(t, err, context.Canceled)
		if errors.Is(err, medtech.ErrConflict) {
			t.Error("a cancelled call is no conflict")
		}
		wantLog(t, &s.script, "GET /user/current", "PUT /user")
	})
}

func TestParallelSharingLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newOneUser(`{}`)
		c := newClient(t, s)
		var all sync.WaitGroup
		for _, id := range []string{"a", "b", "c"} {
			all.Go(func() {
				if _, err := c.Users.ShareAllFutureDataWith(t.Context(), []string{id}, medtech.MedicalInformation); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		u, err := c.Users.GetLoggedUser(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if got := slices.Sorted(slices.Values(u.AutoDelegations[medtech.MedicalInformation])); !slices.Equal(got, []string{"a", "b", "c"}) {
			t.Errorf("shared with %v", got)
		}
	})
}

func TestSharingFailures(t *testing.T) {
	s := newOneUser(`{}`)
	c := newClient(t, s)
	s.answer = always(403, `{"message":"no"}`).answer
	_, err := c.Users.StopSharingDataWith(t.Context(), []string{"h"}, "")
	if e := wantIs(t, err, medtech.ErrForbidden); e.Op != "stop sharing data" || e.Path != "/rest/v1/user/current" {
		t.Errorf("%+v", e)
	}
}

// Any sequence of shares and stops leaves what a plain set would hold, in the
// order of arrival and without duplicates, and writes only changes.
func TestSharingProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newOneUser(`{}`)
		c, err := medtech.New(medtech.Options{BaseURL: "http://h", Transport: s})
		if err != nil {
			t.Fatal(err)
		}
		model := map[medtech.DataType][]string{}
		ids := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", "d"}), 0, 5)
		types := rapid.SampledFrom([]medtech.DataType{"", medtech.AllData, medtech.MedicalInformation})
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			given, of := ids.Draw(t, "ids"), types.Draw(t, "type")
			key := of
			if key == "" {
				key = medtech.AllData
			}
			list, present := model[key]
			old := len(list)
			var u medtech.User
			changed := false
			if rapid.Bool().Draw(t, "share") {
				u, err = c.Users.ShareAllFutureDataWith(context.Background(), given, of)
				for _, id := range given {
					if !slices.Contains(list, id) {
						list = append(list, id)
					}
				}
				model[key], changed = list, !present || len(list) > old
			} else {
				u, err = c.Users.StopSharingDataWith(context.Background(), given, of)
				list = slices.DeleteFunc(slices.Clone(list), func(id string) bool { return slices.Contains(given, id) })
				if present {
					model[key], changed = list, len(list) < old
				}
			}
			if err != nil {
				t.Fatal(err)
			}
			for key, want := range model {
				if !slices.Equal(want, u.AutoDelegations[key]) {
					t.Fatalf("%s: %v, want %v", key, u.AutoDelegations[key], want)
				}
			}
			if wrote := len(s.log()) == 2; wrote != changed {
				t.Fatalf("wrote %v, changed %v", wrote, changed)
			}
		}
	})
}
