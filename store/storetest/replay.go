package storetest

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slate/store"
	"slate/store/storetest/record"
)

// Replay dispatches what record.To wrote to a fresh store with the given slices, and returns the store. The test ends where an
// action leaves a slice in another state than the recorded one, with a diff of their JSON forms; where the recording cannot
// be read; and where it has an action that none of the slices knows.
func Replay(t testing.TB, recording io.Reader, slices ...store.Mountable) *store.Store {
	t.Helper()
	rec, err := record.Read(recording)
	if err != nil {
		t.Fatalf("storetest: %v", err)
	}
	st := NewWith(t, store.Options{Saved: rec.Start}, slices...)
	for _, err := range rec.Play(st) {
		if differs, ok := errors.AsType[*record.DifferenceError](err); ok {
			t.Fatalf("storetest: %v%s", err, diffs(differs))
		} else if err != nil {
			t.Fatalf("storetest: %v", err)
		}
	}
	return st
}

// ReplayFile is [Replay] for a recording that is kept beside the test, as a golden file. Where the test program has a boolean
// flag named update and it is set, the file is written anew: with the same actions, and what they change now. The test ends
// where the file cannot be read or written.
//
//	var _ = flag.Bool("update", false, "write the golden files anew")
func ReplayFile(t testing.TB, path string, slices ...store.Mountable) *store.Store {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("storetest: %v", err)
	}
	if updating() {
		data, err = again(data, slices)
		if err == nil {
			err = os.WriteFile(path, data, 0o644)
		}
		if err != nil {
			t.Fatalf("storetest: %s cannot be written anew: %v", path, err)
		}
	}
	return Replay(t, bytes.NewReader(data), slices...)
}

func updating() bool {
	f := flag.Lookup("update")
	if f == nil {
		return false
	}
	set, ok := f.Value.(flag.Getter)
	return ok && set.Get() == true
}

// again plays a recording and records that.
func again(data []byte, slices []store.Mountable) ([]byte, error) {
	rec, err := record.Read(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	st, err := store.New(store.Options{Saved: rec.Start, Enhancers: []store.Enhancer{record.To(&out)}}, slices...)
	if err != nil {
		return nil, err
	}
	for _, err := range rec.Play(st) {
		if _, ok := errors.AsType[*record.LineError](err); ok {
			return nil, errors.Join(err, st.Close())
		}
	}
	err = st.Close()
	return out.Bytes(), err
}

// diffs shows how slices differ.
func diffs(e *record.DifferenceError) string {
	var text string
	for _, d := range e.Slices {
		text += fmt.Sprintf("\nslice %q (-recorded +now):\n%s", d.Slice, cmp.Diff(tree(d.Want), tree(d.Got)))
	}
	return text
}

// tree is a JSON value in a form that go-cmp takes apart; nil where there is none.
func tree(data json.RawMessage) (v any) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber() // a large id is more than a float64 can tell apart
	_ = d.Decode(&v)
	return v
}
