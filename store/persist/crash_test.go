//go:build !js

package persist_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"slate/store"
	"slate/store/persist"
)

func init() { children["files"] = filesChild }

// filesChild counts in three keys at once and tells each number that is stored.
func filesChild() {
	s, err := persist.OpenFiles(os.Getenv("PERSIST_DIR"))
	if err != nil {
		fmt.Println(err)
		return
	}
	text, _, err := s.Get(context.Background(), "a")
	n, _ := strconv.Atoi(strings.TrimRight(string(text), "."))
	for err == nil {
		n++
		value := []byte(strconv.Itoa(n) + strings.Repeat(".", 1+rand.IntN(50_000)))
		if n%4 == 0 {
			err = s.Apply(context.Background(), persist.Put("a", value), persist.Put("b", value), persist.Delete("c"))
		} else {
			err = s.Apply(context.Background(), persist.Put("a", value), persist.Put("b", value), persist.Put("c", value))
		}
		fmt.Println(n)
	}
	fmt.Println(err)
}

// runAndKill starts this binary as a child in a folder, kills it with SIGKILL at a random moment after some lines, and
// returns the last number that it told.
func runAndKill(t *testing.T, child, dir string) (told int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), "PERSIST_CHILD="+child, "PERSIST_DIR="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	after := 1 + rand.IntN(8)
	for n := 0; lines.Scan(); n++ {
		if told, err = strconv.Atoi(lines.Text()); err != nil {
			t.Errorf("the child says: %s", lines.Text())
		}
		if n == after {
			time.AfterFunc(time.Duration(rand.IntN(4000))*time.Microsecond, func() { _ = cmd.Process.Kill() })
		}
	}
	_ = cmd.Wait() // it was killed
	return told
}

func TestFilesSurviveAKilledProcess(t *testing.T) {
	dir := t.TempDir()
	for range 15 {
		told := runAndKill(t, "files", dir)
		s, err := persist.OpenFiles(dir)
		if err != nil {
			t.Fatal(err)
		}
		a, _, errA := s.Get(t.Context(), "a")
		b, _, errB := s.Get(t.Context(), "b")
		c, ok, errC := s.Get(t.Context(), "c")
		if errA != nil || errB != nil || errC != nil {
			t.Fatal(errA, errB, errC)
		}
		n, err := strconv.Atoi(strings.TrimRight(string(a), "."))
		if err != nil || n < told || n > told+1 {
			t.Errorf("%d is stored (%v), %d was told", n, err, told)
		}
		if string(a) != string(b) || ok != (n%4 != 0) || ok && string(c) != string(a) {
			t.Errorf("at %d: changes of one call were made in part", n)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func init() { children["store"] = storeChild }

// storeChild changes two slices and tells each change that is flushed. Between flushes it leaves changes to MaxDelay.
func storeChild() {
	if err := countInStore(); err != nil {
		fmt.Println(err)
	}
}

func countInStore() error {
	ctx := context.Background()
	s, err := persist.OpenFiles(os.Getenv("PERSIST_DIR"))
	if err != nil {
		return err
	}
	a, b := newList("a"), newList("b")
	p, err := persist.New(s, persist.Options{MaxDelay: time.Millisecond}, a.saved(persist.Spec[todos]{}), b.saved(persist.Spec[todos]{}))
	if err != nil {
		return err
	}
	st, err := store.New(store.Options{Enhancers: []store.Enhancer{p.Enhancer()}}, a.slice, b.slice)
	if err != nil {
		return err
	}
	if err := p.Restored(ctx); err != nil {
		return err
	}
	done := len(a.slice.Of(st.State()).Items)
	if len(b.slice.Of(st.State()).Items) < done { // killed between the two dispatches of a pair
		if err := st.Dispatch(b.add(strconv.Itoa(done))); err != nil {
			return err
		}
	}
	for n := done + 1; ; n++ {
		item := strconv.Itoa(n)
		if err := st.Dispatch(b.typed(strings.Repeat("x", rand.IntN(20_000)))); err != nil {
			return err
		}
		if err := st.DispatchAll(a.add(item), b.add(item)); err != nil {
			return err
		}
		if rand.IntN(3) > 0 {
			continue
		}
		if err := p.Flush(ctx); err != nil {
			return err
		}
		fmt.Println(n)
	}
}

// Every change that was flushed is there after a crash, in its order, and what is there is a state that the slice once had.
func TestA29_EveryFlushedChangeSurvivesAKilledProcess(t *testing.T) {
	dir := t.TempDir()
	for range 15 {
		told := runAndKill(t, "store", dir)
		s, err := persist.OpenFiles(dir)
		if err != nil {
			t.Fatal(err)
		}
		a, b := newList("a"), newList("b")
		app := run(t, s, persist.Options{}, []store.Mountable{a.slice, b.slice}, a.saved(persist.Spec[todos]{}), b.saved(persist.Spec[todos]{}))
		if err := app.Restored(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, l := range []list{a, b} {
			items := l.slice.Of(app.State()).Items
			if len(items) < told {
				t.Errorf("slice %s has %d changes, %d were flushed", l.slice.Name(), len(items), told)
			}
			for i, item := range items {
				if item != strconv.Itoa(i+1) {
					t.Fatalf("slice %s has %q at %d", l.slice.Name(), item, i)
				}
			}
		}
		app.close(t)
		keys, err := s.Keys(t.Context())
		if err != nil || len(keys) > 2 {
			t.Errorf("keys %q, %v: something was kept aside", keys, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		// a comes before b in each pair, and a write may lie between the two
		if ahead := len(a.slice.Of(app.State()).Items) - len(b.slice.Of(app.State()).Items); ahead < 0 || ahead > 1 {
			t.Errorf("slice a is %d changes ahead of slice b", ahead)
		}
	}
}
