package query_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"slate/store"
	"slate/store/query"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares text with a file in testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s is written differently (-want +got); if that is meant: go test -update\n%s", name, diff)
	}
}

// codeError is an error with a stable code.
type codeError string

func (e codeError) Error() string     { return "server: " + string(e) }
func (e codeError) ErrorCode() string { return string(e) }

// history makes every kind of action happen once or more.
func history(t *testing.T, w *world) {
	t.Helper()
	sub := w.subscribe("a")
	after(time.Second)
	w.set(time.Second, codeError("busy"))
	sub.Refetch()
	after(2 * time.Second)
	w.set(time.Minute, nil)
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	sub.Close()
	_, _ = w.item.Refetch(ctx, w.st, "a")
	after(2 * time.Second)
	w.set(time.Second, nil)
	_, _ = w.write.Do(t.Context(), w.st, "a")
	shared := w.write.WatchShared(w.st, "save", nil)
	_, _ = shared.Do(t.Context(), "b")
	own := w.write.Watch(w.st, nil)
	w.set(time.Second, codeError("gone"))
	_, _ = own.Do(t.Context(), "b")
	own.Close()
	w.subscribe("c")
	after(2 * time.Second)
	golden(t, "cache.json", indented(t, w.api.Of(w.st.State())))
	shared.Close()
	w.api.Reset(w.st)
	synctest.Wait()
}

func indented(t *testing.T, v any) string {
	t.Helper()
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(data) + "\n"
}

// What is written is what developer tools, logs and other tabs read.
func TestActionsToJSONAndBack(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		history(t, w)
		seen := map[string]bool{}
		var lines strings.Builder
		for _, a := range w.actions.all {
			data, err := json.Marshal(a)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&lines, "%s\n", data)
			seen[a.Type()] = true
			back, err := w.st.Decode(data)
			if err != nil {
				t.Fatalf("Decode(%s): %v", data, err)
			}
			again, err := json.Marshal(back)
			if err != nil {
				t.Fatal(err)
			}
			check(t, "written again", string(again), string(data))
		}
		check(t, "kinds of actions", len(seen), 9)
		golden(t, "actions.jsonl", lines.String())
	})
}

// The log of one store, decoded and dispatched in another, gives the same state.
func TestReplay(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		history(t, w)
		other := open(t, store.Options{}, w.api)
		for _, a := range w.actions.all {
			data, _ := json.Marshal(a)
			back, err := other.Decode(data)
			if err != nil {
				t.Fatal(err)
			}
			if err := other.Dispatch(back); err != nil {
				t.Fatal(err)
			}
		}
		check(t, "the state", indented(t, w.api.Of(other.State())), indented(t, w.api.Of(w.st.State())))
	})
}

func TestMatchers(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		history(t, w)
		got := map[string]int{}
		count := func(name string, ok bool) {
			if ok {
				got[name]++
			}
		}
		for _, a := range w.actions.all {
			data, _ := json.Marshal(a)
			decoded, err := w.st.Decode(data)
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range []store.Action{a, decoded} {
				pending, ok := w.item.MatchPending(a)
				count("query pending "+pending.Arg, ok)
				fulfilled, ok := w.item.MatchFulfilled(a)
				count("query fulfilled "+fulfilled.Result.ID, ok)
				rejected, ok := w.item.MatchRejected(a)
				count(fmt.Sprint("query rejected ", rejected.Err), ok)
				run, ok := w.write.MatchPending(a)
				count("mutation pending "+run.Arg, ok)
				done, ok := w.write.MatchFulfilled(a)
				count("mutation fulfilled "+done.Result.ID, ok)
				failed, ok := w.write.MatchRejected(a)
				count(fmt.Sprint("mutation rejected ", failed.Err), ok)
			}
		}
		want := map[string]int{
			"query pending a": 6, "query fulfilled a": 2, "query rejected server: busy": 2,
			"query pending c": 4, "query rejected server: gone": 2,
			"mutation pending a": 2, "mutation fulfilled a": 2, "mutation pending b": 4, "mutation fulfilled b": 2,
			"mutation rejected server: gone": 2,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("matched (-want +got):\n%s", diff)
		}
	})
}

func TestDecodeErrors(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		for name, payload := range map[string]string{
			"no endpoint":      `{"requestId":"1","originalArgs":"a"}`,
			"unknown endpoint": `{"endpointName":"nothing","requestId":"1","originalArgs":"a"}`,
			"a bad request id": `{"endpointName":"item","requestId":"x","originalArgs":"a"}`,
			"no request id":    `{"endpointName":"item","originalArgs":"a"}`,
			"no argument":      `{"endpointName":"item","requestId":"1"}`,
			"a bad argument":   `{"endpointName":"item","requestId":"1","originalArgs":7}`,
			"bad data":         `{"endpointName":"item","requestId":"1","originalArgs":"a","data":[]}`,
			"a bad error":      `{"endpointName":"item","requestId":"1","originalArgs":"a","error":7}`,
			"a bad tag":        `{"endpointName":"item","requestId":"1","originalArgs":"a","tags":[{"id":"1"}]}`,
			"not an object":    `7`,
		} {
			_, err := w.st.Decode([]byte(`{"type":"shop/executeQuery/fulfilled","payload":` + payload + `}`))
			if _, ok := errors.AsType[*store.DecodeError](err); !ok {
				t.Errorf("%s: error %v, want a *store.DecodeError", name, err)
			}
			unknown, ok := errors.AsType[*query.UnknownEndpointError](err)
			check(t, name+": is the endpoint's error", ok, strings.HasSuffix(name, " endpoint"))
			if ok {
				check(t, "the API it names", unknown.API, "shop")
			}
		}
	})
}

// A saved cache is accepted and starts empty: a new run asks the server again.
func TestASavedCacheStartsEmpty(t *testing.T) {
	in(t, setup{}, func(t *testing.T, w *world) {
		w.subscribe("a")
		after(time.Second)
		saved, err := w.st.Encode(w.st.State())
		if err != nil {
			t.Fatal(err)
		}
		other := open(t, store.Options{Saved: saved}, w.api)
		check(t, "restored", w.item.Peek(other.State(), "a"), query.Result[item]{})
		check(t, "a malformed one", json.Unmarshal([]byte(`{"queries":`), new(query.Cache)) != nil, true)
	})
}

func TestTagJSON(t *testing.T) {
	for _, tt := range []struct {
		tag  query.Tag
		json string
		text string
	}{
		{apple.Tag(), `{"type":"apple"}`, "apple"},
		{apple.ID("1"), `{"type":"apple","id":"1"}`, "apple:1"},
		{apple.ID(""), `{"type":"apple","id":""}`, "apple:"},
	} {
		data, err := json.Marshal(tt.tag)
		check(t, "JSON", string(data), tt.json)
		isErr(t, "Marshal", err, nil)
		var back query.Tag
		isErr(t, "Unmarshal", json.Unmarshal(data, &back), nil)
		check(t, "back", back, tt.tag)
		check(t, "text", tt.tag.String(), tt.text)
		check(t, "type", tt.tag.Type(), apple.Name())
	}
	var tag query.Tag
	isErr(t, "B101 a bare string", json.Unmarshal([]byte(`"apple"`), &tag), nil)
	check(t, "tag", tag, apple.Tag())
	for _, bad := range []string{`{}`, `""`, `7`, `{"type":7}`, `{"type":"a","id":7}`, `null`, `[`} {
		if err := tag.UnmarshalJSON([]byte(bad)); err == nil {
			t.Errorf("Unmarshal(%s) = %v, want an error", bad, tag)
		}
	}
}

func FuzzTagJSON(f *testing.F) {
	for _, seed := range []string{`{"type":"User","id":"1"}`, `"User"`, `{"type":"User"}`, `{"type":""}`, `null`, `{"type":"a","id":null}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var tag query.Tag
		if json.Unmarshal(data, &tag) != nil || tag == (query.Tag{}) {
			return
		}
		written, err := json.Marshal(tag)
		if err != nil {
			t.Fatal(err)
		}
		var back query.Tag
		if err := json.Unmarshal(written, &back); err != nil || back != tag {
			t.Errorf("%s was read as %v, written as %s and read as %v, %v", data, tag, written, back, err)
		}
	})
}

func FuzzDecode(f *testing.F) {
	lines, err := os.ReadFile("testdata/actions.jsonl")
	if err != nil {
		f.Fatal(err)
	}
	for line := range strings.Lines(string(lines)) {
		f.Add([]byte(line))
	}
	f.Add([]byte(`{"type":"shop/executeQuery/fulfilled","payload":{"endpointName":"item","requestId":"1","originalArgs":"a"}}`))
	f.Add([]byte(`{"type":"shop/executeMutation/pending","payload":{"endpointName":"write","requestId":"18446744073709551615","originalArgs":"a"}}`))
	f.Add([]byte(`{"type":"shop/executeMutation/pending","payload":{"endpointName":"item","requestId":"1","slot":"x","originalArgs":"a"}}`))
	f.Add([]byte(`{"type":"shop/resetApiState","payload":18446744073709551615}`))
	w := newWorld(f, setup{})
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := w.st.Decode(data)
		if err != nil {
			return
		}
		w.item.MatchFulfilled(a)
		w.item.MatchRejected(a)
		w.write.MatchFulfilled(a)
		if err := w.st.Dispatch(a); err != nil {
			t.Fatalf("Dispatch(%s): %v", data, err)
		}
		if _, err := json.Marshal(w.api.Of(w.st.State())); err != nil {
			t.Fatalf("after %s: %v", data, err)
		}
		if _, err := json.Marshal(a); err != nil {
			t.Fatalf("written again, %s: %v", data, err)
		}
	})
}
