//go:build browser && !js

package e2e_test

import (
	"bufio"
	"cmp"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// server is Petra's server as a process of its own, with demo data.
type server struct {
	t       *testing.T
	url     string
	program string // the folder of the browser's program
	args    []string
	log     *output
	cmd     *exec.Cmd
	ended   chan struct{} // closed when the process has ended
}

// startServer starts a server with a fresh data folder on a free port. It ends with the test, and shows its log where that
// failed.
func startServer(t *testing.T, args ...string) *server {
	t.Helper()
	s := &server{t: t, log: &output{}, program: path(t, "PETRA_WASM", "../build/web")}
	s.args = append([]string{"-demo", "-data", t.TempDir()}, args...)
	t.Cleanup(func() {
		s.stop()
		if t.Failed() {
			t.Logf("the server's log:\n%s", s.log)
		}
	})
	s.start()
	return s
}

// path is what an environment variable says, or a path that is relative to this package.
func path(t *testing.T, variable, otherwise string) string {
	t.Helper()
	p, err := filepath.Abs(cmp.Or(os.Getenv(variable), otherwise))
	if err == nil {
		_, err = os.Stat(p)
	}
	if err != nil {
		t.Fatalf("%v: run \"make build\", or set %s", err, variable)
	}
	return p
}

// start starts the process: the first time on a free port, later on the same one.
func (s *server) start() {
	s.t.Helper()
	address := "127.0.0.1:0"
	if s.url != "" {
		address = strings.TrimPrefix(s.url, "http://")
	}
	args := append([]string{"-addr", address, "-wasm", s.program}, s.args...)
	s.cmd = exec.Command(path(s.t, "PETRA_SERVER", "../build/petra"), args...)
	s.cmd.Stderr = s.log
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.ended = make(chan struct{})
	said := make(chan string, 1)
	go func() {
		defer close(s.ended)
		for lines := bufio.NewScanner(stdout); lines.Scan(); {
			if url, ok := strings.CutPrefix(lines.Text(), "Petra   "); ok {
				said <- url
			}
		}
		_ = s.cmd.Wait() // a server that was killed ends with an error
	}()
	select {
	case s.url = <-said:
	case <-s.ended:
		s.t.Fatalf("the server ended before it served:\n%s", s.log)
	case <-time.After(20 * time.Second):
		s.t.Fatalf("the server does not say its address:\n%s", s.log)
	}
	s.t.Log("server at", s.url)
}

// kill ends the process as a power failure would.
func (s *server) kill() {
	if err := s.cmd.Process.Kill(); err == nil {
		<-s.ended
	}
}

// stop ends the process in order.
func (s *server) stop() {
	if s.cmd == nil || s.cmd.Process == nil {
		return
	}
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil {
		return // it has ended
	}
	select {
	case <-s.ended:
	case <-time.After(5 * time.Second): // a browser may keep a connection
		s.kill()
	}
}

// version is the version of the application that the server has.
func (s *server) version() string {
	s.t.Helper()
	r, err := http.Get(s.url + "/")
	if err != nil {
		s.t.Fatal(err)
	}
	r.Body.Close()
	return r.Header.Get("Shell-Version")
}

// output collects what a process writes.
type output struct {
	mu   sync.Mutex
	text strings.Builder
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}
