package docstore_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"slate/backend/docstore"
)

// Encoded keys order as the values they stand for, alone and as the first of a pair.
func TestKeyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune{0, 1, 'a', 'b', 'é', 0xfffd}))
		a, b := text.Draw(t, "a"), text.Draw(t, "b")
		checkOrder(t, docstore.Text(a), docstore.Text(b), strings.Compare(a, b))
		x, y := rapid.Float64().Draw(t, "x"), rapid.Float64().Draw(t, "y")
		checkOrder(t, docstore.Number(x), docstore.Number(y), cmp.Compare(x, y))
		checkOrder(t, docstore.Number(x), docstore.Text(a), -1)
		checkOrder(t, docstore.Bool(true), docstore.Number(x), -1)
	})
	checkOrder(t, docstore.Bool(false), docstore.Bool(true), -1)
	checkOrder(t, docstore.Number(0), docstore.Number(negativeZero), 0)
}

var negativeZero = func() float64 { z := 0.0; return -z }()

func checkOrder(t interface{ Errorf(string, ...any) }, a, b docstore.Key, want int) {
	behind := []byte("\xff")
	if got := bytes.Compare(append(a.Encoded(), behind...), append(b.Encoded(), behind...)); got != want {
		t.Errorf("%q against %q: %d, want %d", a.Encoded(), b.Encoded(), got, want)
	}
}

func FuzzIndexKeys(f *testing.F) {
	f.Add(`{"a":{"b":"x"},"tags":["p","q","p"]}`)
	f.Add(`{"a":{"b":1e308},"tags":[]}`)
	f.Add(`null`)
	f.Add(`{"a":[`)
	index := docstore.Index{Name: "i", Fields: []string{"a.b", "tags[]"}}
	f.Fuzz(func(t *testing.T, body string) {
		keys := index.Keys(json.RawMessage(body))
		seen := map[string]bool{}
		for _, k := range keys {
			if seen[string(k)] {
				t.Fatalf("%q twice in the keys of %q", k, body)
			}
			seen[string(k)] = true
		}
		d, err := docstore.Doc{ID: "x", Body: json.RawMessage(body)}.Normalize()
		if err != nil {
			return
		}
		if after := index.Keys(d.Body); len(after) != len(keys) {
			t.Fatalf("compacting changed the keys of %q: %q, %q", body, keys, after)
		}
		if again, err := d.Normalize(); err != nil || !bytes.Equal(again.Body, d.Body) {
			t.Fatalf("not stable: %s, %s, %v", d.Body, again.Body, err)
		}
	})
}

func TestGeneration(t *testing.T) {
	for rev, want := range map[string]uint64{"": 0, "1-a": 1, "12-b": 12, "x-1": 0, "-3-a": 0} {
		if got := docstore.Generation(rev); got != want {
			t.Errorf("%q: %d, want %d", rev, got, want)
		}
	}
}
