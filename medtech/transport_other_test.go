//go:build !js

package medtech_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"slate/medtech"
)

// serve starts a real server and a client of it over the native transport.
func serve(t *testing.T, o medtech.Options, handler http.HandlerFunc) *medtech.Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	o.BaseURL = server.URL
	c, err := medtech.New(o)
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

func TestNativeTransport(t *testing.T) {
	c := serve(t, medtech.Options{Credentials: medtech.Credentials{UserName: "u", Password: "p", Basic: true}},
		func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			user, password, _ := r.BasicAuth()
			if err != nil || user != "u" || password != "p" || r.Header.Get("X-Requested-With") != "XMLHttpRequest" {
				t.Errorf("error %v, headers %v", err, r.Header)
			}
			w.Header().Add("X-Request-Id", "req-1")
			switch r.URL.EscapedPath() {
			case "/rest/v1/user/a%2Fb":
				fmt.Fprint(w, `{"id":"a/b"}`)
			case "/rest/v1/user":
				w.WriteHeader(http.StatusConflict)
				fmt.Fprintf(w, `{"message":"%s %s"}`, r.Header.Get("Content-Type"), strings.ReplaceAll(string(body), `"`, `'`))
			default:
				http.Redirect(w, r, "/elsewhere", http.StatusFound)
			}
		})
	if u, err := c.Users.GetUser(t.Context(), "a/b"); err != nil || u.ID != "a/b" {
		t.Errorf("%+v, error %v", u, err)
	}
	_, err := c.Users.CreateOrModifyUser(t.Context(), medtech.User{ID: "u", Rev: "1-a"})
	e := wantIs(t, err, medtech.ErrConflict)
	if !strings.HasPrefix(e.Message, "application/json {'id':'u'") || e.RequestID != "req-1" {
		t.Errorf("%+v", e)
	}
	_, err = c.Users.GetLoggedUser(t.Context())
	if e := wantIs(t, err, medtech.ErrUnexpected); e.Status != http.StatusFound {
		t.Errorf("a redirect was followed: %v", err)
	}
}

func TestNativeTransportBoundsTheAnswer(t *testing.T) {
	c := serve(t, medtech.Options{MaxResponseBytes: 1000}, func(w http.ResponseWriter, r *http.Request) {
		size := 1000
		if strings.HasSuffix(r.URL.Path, "more") {
			size = 1 << 30
		}
		chunk := []byte(`{"id":"u"}` + strings.Repeat(" ", 990))
		for ; size > 0; size -= len(chunk) {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	})
	if _, err := c.Users.GetUser(t.Context(), "u"); err != nil {
		t.Errorf("an answer of just the limit: %v", err)
	}
	_, err := c.Users.GetUser(t.Context(), "more")
	wantIs(t, err, medtech.ErrTooLarge)
}

func TestNativeTransportEndsWithTheContext(t *testing.T) {
	arrived := make(chan struct{})
	c := serve(t, medtech.Options{}, func(_ http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done()
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-arrived
		cancel()
	}()
	_, err := c.Users.GetLoggedUser(ctx)
	wantIs(t, err, context.Canceled)
}

func TestNativeTransportWithoutAServer(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	c, err := medtech.New(medtech.Options{BaseURL: "http://" + address})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, err = c.Users.CreateToken(t.Context(), "u", 0)
	wantIs(t, err, medtech.ErrOffline)
	if _, ok := errors.AsType[*net.OpError](err); !ok || strings.Contains(err.Error(), "tokenValidity") {
		t.Errorf("%v: want the network's error, without the query", err)
	}
}

func TestGivenTransportIsNotClosed(t *testing.T) {
	closing := &closer{}
	if err := newClient(t, closing).Close(); err != nil || closing.closed {
		t.Errorf("error %v, closed %v", err, closing.closed)
	}
}

type closer struct {
	script
	closed bool
}

func (c *closer) Close() error {
	c.closed = true
	return nil
}

// The browser's program must not link net/http (837 kB compressed), nor what
// lets the linker keep every method.
func TestBrowserBuildLinksNoHTTPClient(t *testing.T) {
	list := exec.Command("go", "list", "-deps", ".")
	list.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	out, err := list.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	deps := strings.Fields(string(out))
	if !slices.Contains(deps, "syscall/js") {
		t.Fatal("this is not the list of the browser's build")
	}
	for _, heavy := range []string{"net", "net/http", "crypto/tls", "text/template", "html/template"} {
		if slices.Contains(deps, heavy) {
			t.Errorf("%s is linked", heavy)
		}
	}
	for _, dep := range deps {
		if strings.HasPrefix(dep, "slate/") && dep != "slate/medtech" {
			t.Errorf("imports %s of this module; it is to import none", dep)
		}
	}
}
