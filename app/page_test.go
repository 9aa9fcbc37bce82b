//go:build !js

package app

import (
	"flag"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"slate/app/bind/bindtest"
	"slate/medtech"
	"slate/medtech/medtechtest"
	"slate/slices/medtechapi"
	"slate/slices/petra"
	"slate/store"
)

// The tests are inside the package: without a browser no event comes, so they call what the handlers call.

var update = flag.Bool("update", false, "write the golden files anew")

// visit is a page of a person in a test. It must run in a synctest bubble.
type visit struct {
	*bindtest.Page
	t    *testing.T
	st   *store.Store
	logs *strings.Builder
}

// phone is what a device keeps from one visit to the next.
type phone struct {
	storage petra.Storage
	vault   petra.Vault
}

func newPhone() phone { return phone{petra.NewStorage(), petra.NewVault()} }

// open visits a path.
func open(t *testing.T, srv *medtechtest.Server, on phone, path string) *visit {
	t.Helper()
	logs := &strings.Builder{}
	saved, err := petra.Load(on.storage)
	if err != nil {
		t.Fatal(err)
	}
	st, err := store.New(store.Options{Saved: saved, Logger: slog.New(slog.NewTextHandler(logs, nil))}, Slices()...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	petra.Keep(st, on.storage)
	medtechapi.Provide(st, medtechapi.Environment{BaseURL: medtechtest.BaseURL, Transport: srv, Vault: on.vault})
	v := &visit{bindtest.Mount(t, st, Page(st)), t, st, logs}
	v.goTo(path)
	return v
}

// openLoggedIn visits a path as Marie.
func openLoggedIn(t *testing.T, srv *medtechtest.Server, path string) *visit {
	t.Helper()
	v := open(t, srv, newPhone(), path)
	v.resume()
	v.logIn(login, password)
	srv.Asked()
	return v
}

// goTo opens another path.
func (v *visit) goTo(path string) {
	v.Dispatcher().Nav(&url.URL{Scheme: "https", Host: "petra.test", Path: path})
	v.wait()
}

// wait lets everything that runs come to rest, and draws it.
func (v *visit) wait() {
	for range 3 {
		synctest.Wait()
		v.Settle()
	}
}

// resume does what Start does first.
func (v *visit) resume() {
	resume(v.st.Context(), v.st)
	v.wait()
}

// logIn types and submits the form.
func (v *visit) logIn(name string, secret medtech.Secret) {
	v.t.Helper()
	v.shows(`id="login-form"`)
	v.st.Dispatch(medtechapi.SetEmail(name))
	(&logIn{ui: ui{v.st}, password: secret}).submit()
	v.wait()
}

// shows fails the test unless the page has all the texts.
func (v *visit) shows(texts ...string) {
	v.t.Helper()
	v.wait()
	html := v.HTML()
	for _, text := range texts {
		if !strings.Contains(html, text) {
			v.t.Errorf("the page does not show %q:\n%s", text, tidy(html))
		}
	}
}

// hides fails the test if the page has one of the texts.
func (v *visit) hides(texts ...string) {
	v.t.Helper()
	v.wait()
	html := v.HTML()
	for _, text := range texts {
		if strings.Contains(html, text) {
			v.t.Errorf("the page shows %q:\n%s", text, tidy(html))
		}
	}
}

// golden compares the page with a file.
func (v *visit) golden(name string) {
	v.t.Helper()
	v.wait()
	got := tidy(v.HTML())
	file := filepath.Join("testdata", name+".html")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			v.t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		v.t.Fatal(err, "; write it with -update")
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		v.t.Errorf("%s is not as before; if it is meant to be, run the test with -update (-before +now):\n%s", file, diff)
	}
}

var (
	tag       = regexp.MustCompile(`<[a-z0-9]+(?: [^<>"]+(?:="(?:[^"\\]|\\.)*")?)*>`)
	attribute = regexp.MustCompile(` ([a-z-]+)(="(?:[^"\\]|\\.)*")?`)
)

// tidy puts attributes in order, which go-app writes in that of a map.
func tidy(html string) string {
	html = tag.ReplaceAllStringFunc(html, func(t string) string {
		name, rest, _ := strings.Cut(strings.TrimSuffix(t, ">"), " ")
		attributes := attribute.FindAllString(" "+rest, -1)
		slices.Sort(attributes)
		return name + strings.Join(attributes, "") + ">"
	})
	return html + "\n"
}
