package storetest_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"slate/store"
	"slate/store/storetest"
)

// session is a recording of a shop, a golden file itself.
const session = "testdata/session.jsonl"

func TestReplayFile(t *testing.T) {
	s := newShop()
	st := storetest.ReplayFile(t, session, s.basket, s.stats)
	if got := s.basket.Of(st.State()); len(got.Items) != 1 || got.Total != 3 {
		t.Errorf("the basket ends as %+v", got)
	}
	if err := st.Dispatch(s.put("honey")); err != nil {
		t.Errorf("the story does not go on: %v", err)
	}
}

func TestReplayReports(t *testing.T) {
	data, err := os.ReadFile(session)
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for _, tc := range []struct {
		name, text string
		slices     func(s shop) []store.Mountable
		want       []string
	}{
		{"a slice that comes out different", text, func(s shop) []store.Mountable {
			bad := s.stats.Replacement(stats{})
			store.On(bad, s.put, func(st stats, _ string) stats { st.Puts += 2; return st })
			return []store.Mountable{s.basket, bad}
		}, []string{"line 2: after basket/put", "stats", `slice "stats" (-recorded +now)`, `"1"`, `"2"`}},
		{"a slice that is not mounted", text, func(s shop) []store.Mountable { return []store.Mountable{s.stats} },
			[]string{`slice "basket" (-recorded +now)`, "line 2"}},
		{"an unknown action", `{"recording":1,"state":{}}` + "\n\n" + `{"action":{"type":"basket/gone"}}`, shop.all,
			[]string{`unknown action type "basket/gone"`, "mount the slice", "line 3"}},
		{"no recording", "nonsense", shop.all, []string{"not a recording"}},
		{"a state that does not fit", `{"recording":1,"state":{"stats":7}}`, shop.all, []string{"cannot decode saved slice stats"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := plain(try(t, func(tb testing.TB) {
				storetest.Replay(tb, strings.NewReader(tc.text), tc.slices(newShop())...)
			}))
			for _, part := range tc.want {
				if !strings.Contains(got, part) {
					t.Errorf("message %q lacks %q", got, part)
				}
			}
		})
	}
	if got := try(t, func(tb testing.TB) { storetest.ReplayFile(tb, filepath.Join(t.TempDir(), "none")) }); !strings.Contains(got, "none") {
		t.Errorf("no file: message %q", got)
	}
}

func (s shop) all() []store.Mountable { return []store.Mountable{s.basket, s.stats} }

// With -update a recording is written anew, with what its actions do now.
func TestReplayFileUpdate(t *testing.T) {
	data, err := os.ReadFile(session)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "session.jsonl")
	old := strings.ReplaceAll(string(data), `"Puts":1`, `"Puts":9`)
	if err := os.WriteFile(path, []byte(old), 0o600); err != nil {
		t.Fatal(err)
	}
	set := flag.Lookup("update").Value.String()
	t.Cleanup(func() { _ = flag.Set("update", set) })

	_ = flag.Set("update", "false")
	s := newShop()
	if got := try(t, func(tb testing.TB) { storetest.ReplayFile(tb, path, s.all()...) }); !strings.Contains(got, "stats") {
		t.Errorf("without -update: message %q", got)
	}
	_ = flag.Set("update", "true")
	storetest.ReplayFile(t, path, s.all()...)
	if got, err := os.ReadFile(path); err != nil || string(got) != string(data) {
		t.Errorf("written anew, %v:\n%s", err, got)
	}
	if err := os.WriteFile(path, []byte(`{"recording":1,"state":{}}`+"\n"+`{"action":{"type":"x"}}`+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := try(t, func(tb testing.TB) { storetest.ReplayFile(tb, path, s.all()...) }); !strings.Contains(got, "cannot be written anew") {
		t.Errorf("an unknown action: message %q", got)
	}
}
