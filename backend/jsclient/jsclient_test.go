//go:build jsclient

package jsclient_test

import (
	"bytes"
	"encoding/json"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slate/backend"
	"slate/backend/demo"
	"slate/backend/docstore/sqlite"
)

// result is what drive.cjs prints.
type result struct {
	Me, Created, Doctor map[string]any
	Matches             []map[string]any
	FirstRequests       []string
	Shared, Stopped     map[string][]string
	AfterRefusal        map[string][]string
	SharedRev           string
	Found               []string
	TokenIsText         bool
	TokenValid          bool
	OtherTokenValid     bool
	ByToken             string
	ByEmail             bool
	Deleted             map[string]any
	LoggedOut           map[string]any
	Ladder              []string
	Stale, Duplicate    failure
	Unknown             failure
	WrongPassword       failure
}

type failure struct {
	Failed  bool
	Status  int
	Message string
}

// TestRealClient lets the real JavaScript client work with users: log-in, sharing,
// conflicts, tokens, administration, a wrong password.
func TestRealClient(t *testing.T) {
	if _, err := os.Stat("node_modules/@icure/api/package.json"); err != nil {
		t.Fatal("the real client is not installed: run `npm ci` in backend/jsclient (needs node 18 or later)")
	}
	node, err := exec.LookPath("node")
	if err != nil {
		t.Fatal("node is not installed: install node 18 or later (Debian: apt-get install nodejs npm)")
	}
	logins, url := serve(t)
	var patient, administrator demo.Login
	for _, l := range logins {
		switch l.Role {
		case "patient":
			patient = l
		case "administrator":
			administrator = l
		}
	}
	var stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), node, "drive.cjs", url, patient.Username, administrator.Username, demo.Password, demo.DoctorID(0))
	cmd.Stderr = &stderr
	printed, err := cmd.Output()
	if err != nil {
		t.Fatalf("node: %v\n%s", err, stderr.String())
	}
	var got result
	if err := json.Unmarshal(printed[bytes.IndexByte(printed, '{'):], &got); err != nil {
		t.Fatalf("%v in %s", err, printed)
	}
	check(t, got, demo.DoctorID(0))
}

func check(t *testing.T, got result, doctor string) {
	if got.Me["id"] != demo.PatientUserID || got.Me["passwordHash"] != "*" || got.Me["patientId"] != demo.PatientID {
		t.Errorf("the user: %v", got.Me)
	}
	if want := []string{"POST /rest/v1/auth/login", "GET /rest/v1/user/current"}; !slices.Equal(got.FirstRequests, want) {
		t.Errorf("the first requests: %v", got.FirstRequests)
	}
	if len(got.Matches) != 1 || got.Matches[0]["groupId"] != "petra" {
		t.Errorf("matches: %v", got.Matches)
	}
	sharing := map[string][]string{"medicalInformation": {doctor}}
	if !cmp.Equal(got.Shared, sharing) || !strings.HasPrefix(got.SharedRev, "2-") || !cmp.Equal(got.AfterRefusal, sharing) {
		t.Errorf("shared: %v in %s, after a refusal %v", got.Shared, got.SharedRev, got.AfterRefusal)
	}
	if !cmp.Equal(got.Stopped, map[string][]string{"medicalInformation": {}}) {
		t.Errorf("stopped: %v", got.Stopped)
	}
	if got.Doctor["lastName"] != "Dubois" || !slices.Equal(got.Found, []string{doctor}) {
		t.Errorf("doctor: %v, found: %v", got.Doctor, got.Found)
	}
	if !got.TokenIsText || !got.TokenValid || got.OtherTokenValid || got.ByToken != demo.PatientUserID {
		t.Errorf("token: text %t, valid %t, another valid %t, log-in %q", got.TokenIsText, got.TokenValid, got.OtherTokenValid, got.ByToken)
	}
	if got.Created["passwordHash"] != "*" || got.Created["status"] != "ACTIVE" || !got.ByEmail || got.Deleted["rev"] == nil {
		t.Errorf("created: %v, by e-mail: %t, deleted: %v", got.Created, got.ByEmail, got.Deleted)
	}
	for name, f := range map[string]struct {
		failure
		status int
	}{"a stale rev": {got.Stale, 409}, "a duplicate": {got.Duplicate, 400}, "an unknown user": {got.Unknown, 404}, "a wrong password": {got.WrongPassword, 401}} {
		if !f.Failed || f.Status != f.status {
			t.Errorf("%s: %+v", name, f.failure)
		}
	}
	ladder := []string{"POST /rest/v1/auth/login", "GET /rest/v1/user/current", "GET /rest/v1/user/current", "GET /rest/v1/user/current"}
	if !slices.Equal(got.Ladder, ladder) {
		t.Errorf("with a wrong password the client sends %v", got.Ladder)
	}
	if got.LoggedOut["successful"] != true {
		t.Errorf("log-out: %v", got.LoggedOut)
	}
}

func serve(t *testing.T) ([]demo.Login, string) {
	t.Helper()
	store, err := sqlite.Open(filepath.Join(t.TempDir(), "backend.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	server, err := backend.New(t.Context(), backend.Options{Store: store})
	if err != nil {
		t.Fatal(err)
	}
	logins, err := demo.Load(t.Context(), server)
	if err != nil {
		t.Fatal(err)
	}
	listener := httptest.NewServer(server.Handler())
	t.Cleanup(listener.Close)
	return logins, listener.URL
}
