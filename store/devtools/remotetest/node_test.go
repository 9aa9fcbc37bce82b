//go:build jsclient

package remotetest_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"
)

// patience is how long a message may take through three processes on a busy machine.
const patience = 60 * time.Second

// node runs a script until the test ends; what it prints comes line by line.
func node(t *testing.T, script string, args ...string) (stdin io.Writer, lines <-chan string) {
	t.Helper()
	if _, err := os.Stat("node_modules/@redux-devtools/cli/package.json"); err != nil {
		t.Fatal("the Redux DevTools are not installed: run `npm ci` in store/devtools/remotetest (needs node 20 or later)")
	}
	cmd := exec.Command("node", append([]string{script}, args...)...)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr lockedBuffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatalf("node is not installed, version 20 or later: %v", err)
	}
	printed := make(chan string, 1000)
	read := make(chan struct{})
	go func() {
		defer close(read)
		defer close(printed)
		scanner := bufio.NewScanner(out)
		scanner.Buffer(nil, 1<<24)
		for scanner.Scan() {
			printed <- scanner.Text()
		}
	}()
	t.Cleanup(func() {
		in.Close() // which ends the script
		for range printed {
		}
		<-read
		err := cmd.Wait()
		if t.Failed() {
			t.Logf("%s: %v\n%s", script, err, stderr.String())
		}
	})
	return in, printed
}

type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// server starts the real server and returns its port.
func server(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	l.Close() // the server wants to open it itself
	_, lines := node(t, "server.mjs", port)
	timeout := time.After(patience)
	for {
		select {
		case line, more := <-lines:
			if line == "listening" {
				return port
			}
			if !more {
				t.Fatal("the server ended")
			}
		case <-timeout:
			t.Fatal("the server does not listen")
		}
	}
}

// shown is what the monitor shows.
type shown struct {
	Subscribed   bool
	Name         string
	Notification string
	Lifted       struct {
		ComputedStates []struct {
			State map[string]json.RawMessage
		}
		ActionsByID map[string]struct {
			Action    json.RawMessage
			Timestamp float64
		} `json:"actionsById"`
		CurrentStateIndex                 int
		StagedActionIDs, SkippedActionIDs []int
		IsLocked, IsPaused                bool
	}
}

// monitor is a running monitor.
type monitor struct {
	t     *testing.T
	stdin io.Writer
	lines <-chan string
	last  string
}

func startMonitor(t *testing.T, port string) *monitor {
	t.Helper()
	in, lines := node(t, "monitor.mjs", port)
	m := &monitor{t: t, stdin: in, lines: lines}
	m.shows("that it is connected", func(s shown) bool { return s.Subscribed })
	return m
}

// do is what somebody does in the monitor: an action creator of it with its arguments.
func (m *monitor) do(creator string, args ...any) {
	m.t.Helper()
	line, err := json.Marshal(append([]any{creator}, args...))
	if err != nil {
		m.t.Fatal(err)
	}
	if _, err := fmt.Fprintf(m.stdin, "%s\n", line); err != nil {
		m.t.Fatal(err)
	}
}

// lift is a lifted action, as the monitor's buttons make them.
func (m *monitor) lift(action map[string]any) { m.t.Helper(); m.do("liftedDispatch", action) }

// shows waits until the monitor shows something.
func (m *monitor) shows(what string, is func(shown) bool) shown {
	m.t.Helper()
	timeout := time.After(patience)
	for {
		var s shown
		if m.last != "" {
			if err := json.Unmarshal([]byte(m.last), &s); err != nil {
				m.t.Fatalf("%v in %s", err, m.last)
			}
			if is(s) {
				return s
			}
		}
		select {
		case line, more := <-m.lines:
			if !more {
				m.t.Fatalf("the monitor ended before it showed %s", what)
			}
			m.last = line
		case <-timeout:
			m.t.Fatalf("the monitor does not show %s but %s", what, m.last)
		}
	}
}
