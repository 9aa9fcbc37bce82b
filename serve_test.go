//go:build !(js && wasm)

package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"slate/internal/build/bundle"
)

func programFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if _, _, err := bundle.Write(dir, []byte("\x00asm"), []byte("// glue"), 1); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestRunErrorsSayWhatToDo(t *testing.T) {
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	tests := []struct {
		name string
		args []string
		want string
	}{
		{"a busy port", []string{"-addr", busy.Addr().String(), "-wasm", programFolder(t)}, "-addr 127.0.0.1:0"},
		{"no program", []string{"-addr", "127.0.0.1:0", "-wasm", t.TempDir()}, "make build"},
		{"an unknown flag", []string{"-port", "1"}, "-port"},
		{"a word too much", []string{"serve"}, `"serve" is no flag`},
		{"an unknown level", []string{"-log", "loud"}, "loud"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			args := append([]string{"-data", filepath.Join(t.TempDir(), "data")}, tt.args...)
			err := run(t.Context(), args, io.Discard, io.Discard)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want something with %q", err, tt.want)
			}
		})
	}
}

func TestFlagsComeFromTheEnvironmentToo(t *testing.T) {
	t.Setenv("SLATE_ADDR", "127.0.0.1:1234")
	t.Setenv("SLATE_DEMO", "true")
	t.Setenv("SLATE_LOG", "warn")
	cfg, err := parse([]string{"-data", "elsewhere"}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	want := config{addr: "127.0.0.1:1234", data: "elsewhere", demo: true, level: slog.LevelWarn}
	if cfg != want {
		t.Errorf("got %+v, want %+v", cfg, want)
	}
}

func TestRunSaysWhereItIsAndEndsInOrder(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	out, in := io.Pipe()
	ended := make(chan error, 1)
	data := filepath.Join(t.TempDir(), "data")
	go func() {
		err := run(ctx, []string{"-addr", "127.0.0.1:0", "-data", data, "-wasm", programFolder(t), "-demo"}, in, io.Discard)
		in.CloseWithError(io.EOF)
		ended <- err
	}()

	var text bytes.Buffer
	buf := make([]byte, 1024)
	for !strings.Contains(text.String(), "Ctrl-C") {
		n, err := out.Read(buf)
		if err != nil {
			t.Fatalf("after %q: %v", text.String(), <-ended)
		}
		text.Write(buf[:n])
	}
	if !strings.Contains(text.String(), data) {
		t.Errorf("the data folder is not named in %q", text.String())
	}
	url, _, _ := strings.Cut(text.String()[strings.Index(text.String(), "http://"):], "\n")
	for path, want := range map[string]int{"/": 200, "/healthz": 200, "/nowhere": 404, "/app.js": 200} {
		res, err := http.Get(url + path)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%s: status %d", path, res.StatusCode)
		}
	}
	stop()
	last, err := io.ReadAll(out)
	if err := errors.Join(err, <-ended); err != nil {
		t.Error(err)
	}
	if !strings.Contains(string(last), "all data is written") {
		t.Errorf("the last words are %q", last)
	}
}

func TestRequestsUnderWayFinish(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	inside, goOn := make(chan struct{}), make(chan struct{})
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(inside)
		<-goOn
		io.WriteString(w, "done")
	})
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, listener, handler, slog.New(slog.DiscardHandler)) }()

	answer := make(chan string, 1)
	go func() {
		res, err := http.Get("http://" + listener.Addr().String())
		if err != nil {
			answer <- err.Error()
			return
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			answer <- err.Error()
			return
		}
		answer <- string(body)
	}()
	<-inside
	stop()
	select {
	case err := <-ended:
		t.Fatalf("ended with a request under way: %v", err)
	default:
	}
	close(goOn)
	if got := <-answer; got != "done" {
		t.Errorf("the request under way got %q", got)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestTheAPIAndTheApplicationHaveTheirPaths(t *testing.T) {
	name := func(s string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, s) })
	}
	h := routes(name("api"), name("page"))
	for path, want := range map[string]string{
		"/rest/v1/user/current": "api", "/": "page", "/account": "page", "/restless": "page", "/healthz": "api",
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if got := w.Body.String(); got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
}
