package main

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"go.uber.org/goleak"

	"slate/examples/todos"
	"slate/store"
)

var update = flag.Bool("update", false, "rewrite the golden file")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// screen runs the program without a terminal and shows what is on its screen.
type screen struct {
	t       *testing.T
	program *tea.Program
	views   chan string // the newest view
	shown   strings.Builder
}

// spy is the model, with somebody looking over its shoulder.
type spy struct {
	model
	seen chan string
}

func (s spy) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	next, cmd := s.model.Update(msg)
	s.model = next.(model)
	select {
	case <-s.seen:
	default:
	}
	s.seen <- ansi.Strip(s.View().Content)
	return s, cmd
}

func start(t *testing.T, st *store.Store) *screen {
	s := &screen{t: t, views: make(chan string, 1)}
	s.program = tea.NewProgram(spy{newModel(t.Context(), st, "list.json"), s.views},
		tea.WithInput(nil), tea.WithOutput(&bytes.Buffer{}), tea.WithWindowSize(84, 14), tea.WithoutSignals())
	over := make(chan error, 1)
	go func() {
		_, err := s.program.Run()
		over <- err
	}()
	t.Cleanup(func() {
		s.program.Quit()
		if err := <-over; err != nil {
			t.Error(err)
		}
	})
	return s
}

// press sends keys, by their names or, after a quote, one for each letter.
func (s *screen) press(names ...string) {
	s.t.Helper()
	special := map[string]rune{"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "up": tea.KeyUp, "down": tea.KeyDown, "space": tea.KeySpace}
	for _, name := range names {
		if text, ok := strings.CutPrefix(name, `"`); ok {
			for _, r := range text {
				s.program.Send(tea.KeyPressMsg{Code: r, Text: string(r)})
			}
			continue
		}
		if code, ok := special[name]; ok {
			s.program.Send(tea.KeyPressMsg{Code: code})
			continue
		}
		s.program.Send(tea.KeyPressMsg{Code: rune(name[0]), Text: name})
	}
}

// until waits for a view in which all of these are, and writes it down.
func (s *screen) until(what string, parts ...string) {
	s.t.Helper()
	deadline := time.After(10 * time.Second)
	last := ""
	for {
		select {
		case last = <-s.views:
		case <-deadline:
			s.t.Fatalf("%s: the screen is\n%s\nand lacks one of %q", what, last, parts)
		}
		missing := false
		for _, part := range parts {
			missing = missing || !strings.Contains(last, part)
		}
		if !missing {
			s.shown.WriteString("-- " + what + " --\n" + trimmed(last) + "\n")
			return
		}
	}
}

func trimmed(view string) string {
	lines := strings.Split(view, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

// heldDisk lets a write end when it is told to.
type heldDisk chan error

func (d heldDisk) Write(ctx context.Context, _ string, _ []byte) error {
	select {
	case err := <-d:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func open(t *testing.T) *store.Store {
	t.Helper()
	st, err := todos.Load(filepath.Join(t.TempDir(), "none.json"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st
}

func TestSession(t *testing.T) {
	st := open(t)
	disk := make(heldDisk)
	todos.TheDisk.Provide(st, disk)
	s := start(t, st)
	s.until("an empty list", "nothing here", "0 open")
	s.press("a", `"buy tea`)
	s.until("typing", "+ buy tea")
	s.press("enter", "a", `"boil water`, "enter", "a", `"drink it`, "enter")
	s.until("three", "› ○ drink it", "3 open")
	s.press("up", "space")
	s.until("one is done", "› ● boil water", "1 done")
	s.press("x")
	s.until("removed", "2 open · 0 done", "› ○ drink it")
	s.press("u")
	s.until("and back", "2 open · 1 done")
	s.press("tab")
	s.until("the open ones", "› ○ drink it")
	s.press("tab", "tab", "s")
	s.until("saving", "saving…")
	disk <- os.ErrPermission
	s.until("refused", "not saved: permission denied")
	s.press("s")
	s.until("again", "saving…")
	disk <- nil
	s.until("saved", "\n  saved")
	s.press("c", "a", `"never mind`)
	s.until("swept", "2 open · 0 done", "+ never mind")
	s.press("esc")
	s.until("not typed", "2 open", "not saved")

	golden := filepath.Join("testdata", "session.golden")
	if *update {
		if err := os.WriteFile(golden, []byte(s.shown.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got := s.shown.String(); got != string(want) {
		t.Errorf("the screens differ from %s (go test -update rewrites it):\n%s", golden, got)
	}
}

// What others do to the store is seen without a key.
func TestOthersDispatch(t *testing.T) {
	st := open(t)
	s := start(t, st)
	s.until("empty", "nothing here")
	for range 100 {
		if err := st.Dispatch(todos.Add("more")); err != nil {
			t.Fatal(err)
		}
	}
	s.until("the last of many", "100 open")
	s.press("up") // from the first row to the first row
	s.until("still at the top", "› ○ more")
}

func TestTheCursorStaysOnTheScreen(t *testing.T) {
	st := open(t)
	for _, text := range []string{"one", "two", "three", "four", "five", "six", "seven", "eight"} {
		st.Dispatch(todos.Add(text))
	}
	s := start(t, st) // five rows
	s.until("the top", "› ○ one", "five")
	s.press("down", "down", "down", "down", "down")
	s.until("one further", "› ○ six")
	if strings.Contains(s.shown.String()[strings.Index(s.shown.String(), "one further"):], "○ one") {
		t.Error("the first row did not go")
	}
	s.press("down", "down", "down", "down")
	s.until("the end", "› ○ eight")
	s.press("x", "x", "x", "x", "x", "x")
	s.until("fewer than there is room for", "○ one", "› ○ two")
}

// The whole program, from the bytes of a keyboard to the bytes of a terminal and the file.
func TestRun(t *testing.T) {
	file := filepath.Join(t.TempDir(), "todos.json")
	var out bytes.Buffer
	err := run(t.Context(), file, tea.WithInput(strings.NewReader("abuy tea\radrink it\r q")), tea.WithOutput(&out),
		tea.WithWindowSize(84, 14), tea.WithoutSignals())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(ansi.Strip(out.String()), "To do") {
		t.Errorf("the terminal got %q", out.String())
	}
	saved, err := todos.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	defer saved.Close()
	if v := todos.Screen.Of(saved.State()); v.Open != 1 || v.Done != 1 || v.Rows.At(1).Text != "drink it" {
		t.Errorf("saved was %+v", v)
	}
}
