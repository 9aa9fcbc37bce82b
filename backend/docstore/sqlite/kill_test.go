package sqlite_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"slate/backend/docstore"
	"slate/backend/docstore/sqlite"
)

// writerEnv makes the test binary a writer on the file it names: see TestMain.
const writerEnv = "SLATE_SQLITE_TEST_WRITER"

const (
	killRounds    = 4
	killWriters   = 4
	killAfterAcks = 80
)

// TestKill kills a process with SIGKILL while it writes and looks up every document
// that it had acknowledged.
func TestKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "docs.db")
	acknowledged := map[string]string{}
	for round := range killRounds {
		for line := range writeUntilKilled(t, path, round) {
			id, rev, ok := strings.Cut(line, " ")
			if !ok {
				t.Fatalf("the writer printed %q", line)
			}
			acknowledged[id] = rev
		}
		s, err := sqlite.Open(path)
		if err != nil {
			t.Fatalf("open after kill -9: %v", err)
		}
		for id, rev := range acknowledged {
			d, err := s.Get(t.Context(), "killed", id)
			if err != nil || d.Rev != rev {
				t.Errorf("round %d: %s was acknowledged as %s, there is %q, %v", round, id, rev, d.Rev, err)
			}
			found := 0
			for _, err := range s.Find(t.Context(), "killed", docstore.Query{Index: "name", Equal: []docstore.Key{docstore.Text(id)}}) {
				if err != nil {
					t.Fatal(err)
				}
				found++
			}
			if found != 1 {
				t.Errorf("round %d: %s is %d times in the index", round, id, found)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if len(acknowledged) < killRounds*killAfterAcks {
		t.Errorf("only %d documents were acknowledged: the test proves little", len(acknowledged))
	}
	t.Logf("%d acknowledged documents, none lost", len(acknowledged))
}

// writeUntilKilled answers the lines of a writer that is killed in the middle.
func writeUntilKilled(t *testing.T, path string, round int) map[string]bool {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), writerEnv+"="+path, fmt.Sprintf("%s_ROUND=%d", writerEnv, round))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := map[string]bool{}
	scanner := bufio.NewScanner(out)
	for scanner.Scan() {
		lines[scanner.Text()] = true
		if len(lines) == killAfterAcks {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := cmd.Wait(); err == nil || cmd.ProcessState.ExitCode() != -1 {
		t.Fatalf("the writer was not killed but ended: %v", err)
	}
	return lines
}

// writeForEver is the process that gets killed. It prints "<id> <rev>" for each
// acknowledged document, in one write each, so that no line is cut.
func writeForEver(path, round string) error {
	s, err := sqlite.Open(path)
	if err != nil {
		return err
	}
	ctx, failed := context.WithCancelCause(context.Background())
	defer failed(nil)
	if err := s.Ensure(ctx, "killed", docstore.Index{Name: "name", Fields: []string{"name"}}); err != nil {
		return err
	}
	var wg sync.WaitGroup
	for w := range killWriters {
		wg.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				id := fmt.Sprintf("r%s-w%d-%d", round, w, i)
				rev, err := s.Put(ctx, "killed", docstore.Doc{ID: id, Body: json.RawMessage(fmt.Sprintf(`{"name":%q}`, id))})
				if err != nil {
					failed(err)
					return
				}
				if _, err := fmt.Fprintf(os.Stdout, "%s %s\n", id, rev); err != nil {
					failed(err)
				}
			}
		})
	}
	wg.Wait()
	return fmt.Errorf("the writer ended: %w", context.Cause(ctx))
}
