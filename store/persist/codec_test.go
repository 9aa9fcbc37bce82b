package persist_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slate/store/persist"
)

type profile struct {
	base
	Name   string         `json:"name"`
	Age    int            `json:"age,omitempty"`
	Marks  map[string]int `json:"marks"`
	Tags   []string
	Best   *int
	Secret string `json:"-"`
}

func TestJSONReadsOverTheInitialValue(t *testing.T) {
	initial := func() profile {
		return profile{base{"en"}, "nobody", 18, map[string]int{"a": 1}, []string{"x", "y"}, new(1), "s"}
	}
	for _, tc := range []struct {
		data string
		want func(*profile)
	}{
		{`{}`, func(*profile) {}},
		{`null`, func(*profile) {}},
		{`{"name":"Ada"}`, func(p *profile) { p.Name = "Ada" }},
		{`{"name":"","age":0}`, func(p *profile) { p.Name, p.Age = "", 0 }},
		{`{"NAME":""}`, func(p *profile) { p.Name = "" }},
		{`{"marks":{"b":2}}`, func(p *profile) { p.Marks = map[string]int{"b": 2} }},
		{`{"marks":null,"Tags":[],"Best":null}`, func(p *profile) { p.Marks, p.Tags, p.Best = nil, []string{}, nil }},
		{`{"Tags":["z"]}`, func(p *profile) { p.Tags = []string{"z"} }},
		{`{"Language":"de","Secret":"no","unknown":1}`, func(p *profile) { p.Language = "de" }},
	} {
		from, want := initial(), initial()
		tc.want(&want)
		got, err := persist.JSON[profile]().Decode([]byte(tc.data), from)
		if err != nil {
			t.Errorf("%s: %v", tc.data, err)
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(profile{}, base{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.data, diff)
		}
		if diff := cmp.Diff(initial(), from, cmp.AllowUnexported(profile{}, base{})); diff != "" {
			t.Errorf("%s changed the initial value:\n%s", tc.data, diff)
		}
	}
	if _, err := persist.JSON[profile]().Decode([]byte(`{"age":"old"}`), profile{}); err == nil {
		t.Error("a text was read as a number")
	}
	if got, err := persist.JSON[[]int]().Decode([]byte(`[1]`), []int{5, 6}); err != nil || len(got) != 1 {
		t.Errorf("a list: %v, %v", got, err)
	}
}

// word has a JSON form of its own, which is no object although it is a struct.
type word struct{ Text string }

func (w word) MarshalJSON() ([]byte, error) { return json.Marshal("word " + w.Text) }

func (w *word) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	if len(text) < 5 {
		return errors.New("no word")
	}
	w.Text = text[5:]
	return nil
}

func TestATypeDecidesWithItsJSONForm(t *testing.T) {
	c := persist.JSON[word]()
	data, err := c.Encode(word{"hello"})
	if err != nil || string(data) != `"word hello"` {
		t.Fatalf("%s, %v", data, err)
	}
	if got, err := c.Decode(data, word{"before"}); err != nil || got.Text != "hello" {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := c.Decode([]byte(`"x"`), word{}); err == nil {
		t.Error("what the type refuses was read")
	}
	data, err = persist.JSON[profile]().Encode(profile{Secret: "s"})
	if err != nil || string(data) != `{"Language":"","name":"","marks":null,"Tags":null,"Best":null}` {
		t.Errorf("%s, %v", data, err)
	}
}
