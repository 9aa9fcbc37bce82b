package store_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slate/store"
)

type address struct{ City, Street string }

type Base struct{ Kind string }

type profile struct {
	Base
	Name   string         `json:"name"`
	Tags   []string       `json:"tags"`
	Scores map[string]int `json:"scores"`
	Home   *address
	Secret string `json:"-"`
	hidden int
	Since  time.Time `json:"since"`
}

func someProfile() profile {
	return profile{
		Base: Base{"person"}, Name: "Ada", Tags: []string{"a", "b"}, Scores: map[string]int{"x": 1}, Home: &address{"Paris", "Rue"},
		Secret: "secret", hidden: 3, Since: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
	}
}

func TestEncodeAndSavedRoundTrip(t *testing.T) {
	s := store.NewSlice("profile", someProfile())
	set := store.Case(s, "set", func(_ profile, next profile) profile { return next })
	c := newNumbers("c")
	st := open(t, s, c.slice)
	next := someProfile()
	next.Kind, next.Tags, next.Scores, next.Home = "robot", nil, map[string]int{"y": 2}, nil
	dispatch(t, st, c.add(4), set(next))
	data, err := st.Encode(st.State())
	if err != nil {
		t.Fatal(err)
	}
	again := openWith(t, store.Options{Saved: data}, s, c.slice)
	if got := s.Of(again.State()); !cmp.Equal(got, next, cmp.AllowUnexported(profile{})) {
		t.Errorf("restored:\n%s", cmp.Diff(next, got, cmp.AllowUnexported(profile{})))
	}
	if got := c.n.Of(again.State()); got != 4 {
		t.Errorf("N = %d, want 4", got)
	}
	if data2, err := again.Encode(again.State()); err != nil || !bytes.Equal(data, data2) {
		t.Errorf("encoded again: %s, %v\nwant %s", data2, err, data)
	}
	if old, err := st.Encode(store.State{}); err != nil || bytes.Equal(old, data) {
		t.Errorf("the zero State: %s, %v", old, err)
	}
}

func TestSavedFields(t *testing.T) {
	for _, tc := range []struct {
		name, saved string
		want        func(*profile)
	}{
		{"nothing named keeps the initial values", `{}`, func(*profile) {}},
		{"null is nothing", `null`, func(*profile) {}},
		{"one field", `{"name":"Bob"}`, func(p *profile) { p.Name = "Bob" }},
		{"any case, as encoding/json has it", `{"NAME":"Bob"}`, func(p *profile) { p.Name = "Bob" }},
		{"a map is replaced, not merged", `{"scores":{"y":2}}`, func(p *profile) { p.Scores = map[string]int{"y": 2} }},
		{"a slice is replaced", `{"tags":["c"]}`, func(p *profile) { p.Tags = []string{"c"} }},
		{"what a pointer points to is replaced", `{"Home":{"City":"Rome"}}`, func(p *profile) { p.Home = &address{City: "Rome"} }},
		{"a named null is nil", `{"tags":null,"Home":null}`, func(p *profile) { p.Tags, p.Home = nil, nil }},
		{"a field of an embedded struct", `{"Kind":"robot"}`, func(p *profile) { p.Kind = "robot" }},
		{"fields that are gone", `{"gone":1,"Secret":"known","hidden":9}`, func(*profile) {}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := store.NewSlice("profile", someProfile())
			want := someProfile()
			tc.want(&want)
			st := openWith(t, store.Options{Saved: []byte(`{"profile":` + tc.saved + `}`)}, s)
			if d := cmp.Diff(want, s.Of(st.State()), cmp.AllowUnexported(profile{})); d != "" {
				t.Errorf("restored (-want +got):\n%s", d)
			}
			if d := cmp.Diff(someProfile(), s.Initial(), cmp.AllowUnexported(profile{})); d != "" {
				t.Errorf("restoring wrote into the initial value, which all stores share:\n%s", d)
			}
		})
	}
}

type embedded struct {
	*Base
	N int
}

// celsius has a JSON form of its own.
type celsius struct{ Degrees float64 }

func (c celsius) MarshalText() ([]byte, error) { return json.Marshal(c.Degrees) }
func (c *celsius) UnmarshalText(b []byte) error {
	return json.Unmarshal(b, &c.Degrees)
}

// set is saved as a list.
type set struct{ members map[string]bool }

func (s set) MarshalJSON() ([]byte, error) { return json.Marshal(s.members) }
func (s *set) UnmarshalJSON(b []byte) error {
	m := maps.Clone(s.members)
	if err := json.Unmarshal(b, &m); err != nil {
		return err
	}
	s.members = m
	return nil
}

func checkRestore[S any](t *testing.T, name string, initial S, saved string, want S) {
	t.Run(name, func(t *testing.T) {
		s := store.NewSlice("s", initial)
		st := openWith(t, store.Options{Saved: []byte(`{"s":` + saved + `}`)}, s)
		if d := cmp.Diff(want, s.Of(st.State()), cmp.AllowUnexported(set{})); d != "" {
			t.Errorf("restored (-want +got):\n%s", d)
		}
	})
}

func TestSavedKinds(t *testing.T) {
	checkRestore(t, "number", 1, `2`, 2)
	checkRestore(t, "string", "a", `"b"`, "b")
	checkRestore(t, "slice", []int{1, 2, 3}, `[4]`, []int{4})
	checkRestore(t, "map", map[string]int{"a": 1}, `{"b":2}`, map[string]int{"b": 2})
	checkRestore(t, "pointer", &address{"Paris", "Rue"}, `{"City":"Rome"}`, &address{City: "Rome"})
	checkRestore(t, "embedded pointer, named", embedded{&Base{"a"}, 1}, `{"Kind":"b"}`, embedded{&Base{"b"}, 1})
	checkRestore(t, "embedded pointer, not named", embedded{&Base{"a"}, 1}, `{"N":2}`, embedded{&Base{"a"}, 2})
	checkRestore(t, "text form", celsius{1}, `"36.6"`, celsius{36.6})
	checkRestore(t, "its own JSON form starts from the initial value", set{map[string]bool{"a": true}}, `{"b":true}`, set{map[string]bool{"a": true, "b": true}})
}

func TestB367_SavedPartsThatNobodyClaims(t *testing.T) {
	c := newNumbers("c")
	late := newNumbers("late")
	first := openWith(t, store.Options{Saved: []byte(`{"late":{"N":9},"c":{"N":1}}`)}, c.slice)
	data, err := first.Encode(first.State())
	if err != nil {
		t.Fatal(err)
	}
	// The next run injects the slice that this one never came to.
	second := openWith(t, store.Options{Saved: data}, c.slice, late.slice)
	if got := late.n.Of(second.State()); got != 9 {
		t.Errorf("late = %d, want 9: the part was lost on the way", got)
	}
}

func TestMalformedSavedState(t *testing.T) {
	c := newNumbers("c")
	for _, saved := range []string{`{`, `[]`, `"text"`, `{"c":"text"}`, `{"c":{"N":"text"}}`, `{"c":[1]}`, "\x00"} {
		_, err := store.New(store.Options{Saved: []byte(saved)}, c.slice)
		var decode *store.DecodeError
		if !errors.As(err, &decode) || decode.What == "" || decode.Unwrap() == nil {
			t.Errorf("%q: error %v, want a DecodeError with its cause", saved, err)
		}
	}
	for _, saved := range []string{``, `null`, `{}`, `{"c":null}`, `{"other":[1]}`} {
		st := openWith(t, store.Options{Saved: []byte(saved)}, c.slice)
		if got := c.n.Of(st.State()); got != 0 {
			t.Errorf("%q: N = %d", saved, got)
		}
	}
}

func TestWhatCannotBeEncoded(t *testing.T) {
	s := store.NewSlice("bad", math.NaN())
	say := store.Case(s, "say", func(f float64, _ func()) float64 { return f })
	st := open(t, s)
	_, err := st.Encode(st.State())
	var encode *store.EncodeError
	if !errors.As(err, &encode) || encode.Slice != "bad" || encode.Unwrap() == nil {
		t.Errorf("state: error %v, want an EncodeError of slice bad", err)
	}
	if _, err := json.Marshal(say(func() {})); err == nil {
		t.Error("a function was written as JSON")
	}
	if _, err := json.Marshal(store.Action{}); !errors.Is(err, store.ErrNoAction) {
		t.Errorf("the zero action: %v, want ErrNoAction", err)
	}
}

// everyKind is a slice with an action of each kind of payload.
func everyKind() (*store.Slice[counter], map[string]store.Action) {
	c := newNumbers("all")
	s := c.slice
	text := store.Case(s, "text", func(s counter, _ string) counter { return s })
	list := store.Case(s, "list", func(s counter, _ []int) counter { return s })
	object := store.Case(s, "object", func(s counter, _ address) counter { return s })
	pointer := store.Case(s, "pointer", func(s counter, _ *address) counter { return s })
	raw := store.Case(s, "raw", func(s counter, _ json.RawMessage) counter { return s })
	nothing := store.Case(s, "nothing", func(s counter, _ struct{}) counter { return s })
	special := store.NewCreatorFunc("special", func(data []byte) (error, error) {
		var msg string
		if err := json.Unmarshal(data, &msg); err != nil {
			return nil, err
		}
		return spoken(msg), nil
	})
	store.On(s, special, func(s counter, _ error) counter { return s })
	return s, map[string]store.Action{
		`{"type":"all/add","payload":-3}`:                              c.add(-3),
		`{"type":"all/reset"}`:                                         c.reset(),
		`{"type":"all/text","payload":"\u003ca\u003e \"é\""}`:          text(`<a> "é"`),
		`{"type":"all/text","payload":""}`:                             text(""),
		`{"type":"all/list","payload":[1,2]}`:                          list([]int{1, 2}),
		`{"type":"all/list","payload":null}`:                           list(nil),
		`{"type":"all/object","payload":{"City":"Rome","Street":""}}`:  object(address{City: "Rome"}),
		`{"type":"all/pointer","payload":{"City":"Rome","Street":""}}`: pointer(&address{City: "Rome"}),
		`{"type":"all/pointer","payload":null}`:                        pointer(nil),
		`{"type":"all/raw","payload":{"a":[1]}}`:                       raw(json.RawMessage(`{"a":[1]}`)),
		`{"type":"all/nothing","payload":{}}`:                          nothing(struct{}{}),
		`{"type":"special","payload":"hello"}`:                         special(spoken("hello")),
	}
}

type spoken string

func (s spoken) Error() string { return string(s) }

func TestActionsAsJSON(t *testing.T) {
	s, kinds := everyKind()
	st := open(t, s)
	for want, action := range kinds {
		data, err := json.Marshal(action)
		if err != nil || string(data) != want {
			t.Errorf("wrote %s, %v\n want %s", data, err, want)
			continue
		}
		back, err := st.Decode(data)
		if err != nil {
			t.Errorf("Decode(%s): %v", data, err)
			continue
		}
		if again, err := json.Marshal(back); err != nil || string(again) != want {
			t.Errorf("wrote again %s, %v\n want %s", again, err, want)
		}
	}
}

func TestADecodedActionDoesWhatTheOriginalDoes(t *testing.T) {
	c := newNumbers("c")
	st := open(t, c.slice)
	add, err := st.Decode([]byte(`{"type":"c/add","payload":3}`))
	if err != nil {
		t.Fatal(err)
	}
	if n, ok := c.add.Match(add); !ok || n != 3 {
		t.Errorf("Match = %d, %v", n, ok)
	}
	dispatch(t, st, add, add)
	if got := c.n.Of(st.State()); got != 6 {
		t.Errorf("N = %d, want 6", got)
	}
	reset, err := st.Decode([]byte(`{"type":"c/reset","payload":"ignored"}`))
	if err != nil || !c.reset.Matches(reset) {
		t.Errorf("reset: %v", err)
	}
}

func TestMalformedActions(t *testing.T) {
	c := newNumbers("c")
	st := open(t, c.slice)
	for _, data := range []string{``, `{`, `[]`, `5`, `{"type":5}`, `{"type":"c/add"}`, `{"type":"c/add","payload":"text"}`, `{"type":"c/add","payload":[]}`} {
		a, err := st.Decode([]byte(data))
		var decode *store.DecodeError
		if !errors.As(err, &decode) || a.Type() != "" {
			t.Errorf("%q: %v, %v; want a DecodeError", data, a, err)
		}
	}
	for _, data := range []string{`{"type":"c/unknown"}`, `{}`, `null`} {
		_, err := st.Decode([]byte(data))
		var unknown *store.UnknownActionError
		if !errors.As(err, &unknown) {
			t.Errorf("%q: %v, want an UnknownActionError", data, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	s, kinds := everyKind()
	thunk := store.NewAsyncThunk(store.AsyncThunkSpec[address, int]{Name: "work", Run: func(context.Context, *store.Store, address) (int, error) { return 0, nil }})
	store.On(s, thunk.Pending, func(s counter, _ store.Call[address]) counter { return s })
	store.On(s, thunk.Fulfilled, func(s counter, _ store.Done[address, int]) counter { return s })
	store.On(s, thunk.Rejected, func(s counter, _ store.Failure[address]) counter { return s })
	st := open(f, s)
	for data := range kinds {
		f.Add([]byte(data))
	}
	for _, data := range []string{
		`{"type":"work/pending","payload":{"requestId":"1","arg":{"City":"Rome"}}}`,
		`{"type":"work/fulfilled","payload":{"requestId":"1","arg":{},"result":3}}`,
		`{"type":"work/rejected","payload":{"requestId":"1","arg":{},"error":{"message":"m","code":"c"}}}`,
		`{"type":"work/rejected","payload":{"error":{}}}`, `{"type":"all/add"}`, `null`, `{"type":null}`,
	} {
		f.Add([]byte(data))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := st.Decode(data)
		if err != nil {
			return
		}
		first, err := json.Marshal(a)
		if err != nil {
			t.Fatalf("decoded, but cannot be written: %v", err)
		}
		b, err := st.Decode(first)
		if err != nil {
			t.Fatalf("wrote %s, which cannot be read: %v", first, err)
		}
		if second, err := json.Marshal(b); err != nil || !bytes.Equal(first, second) {
			t.Fatalf("wrote %s, then %s, %v", first, second, err)
		}
		if err := st.Dispatch(b); err != nil {
			t.Fatalf("cannot be dispatched: %v", err)
		}
	})
}

func FuzzSaved(f *testing.F) {
	s := store.NewSlice("profile", someProfile())
	c := newNumbers("c")
	initial, err := json.Marshal(someProfile())
	if err != nil {
		f.Fatal(err)
	}
	for _, data := range []string{`{"profile":` + string(initial) + `,"c":{"N":1}}`, `{"profile":{"name":"x"}}`, `{"other":[1, 2]}`, `{"c":null}`, `null`} {
		f.Add([]byte(data))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		st, err := store.New(store.Options{Saved: data}, s, c.slice)
		if err != nil {
			var decode *store.DecodeError
			if !errors.As(err, &decode) {
				t.Fatalf("error %v, want a DecodeError", err)
			}
			return
		}
		first, err := st.Encode(st.State())
		if err != nil {
			t.Fatalf("restored, but cannot be saved: %v", err)
		}
		again := openWith(t, store.Options{Saved: first}, s, c.slice)
		if second, err := again.Encode(again.State()); err != nil || !bytes.Equal(first, second) {
			t.Fatalf("saved %s, then %s, %v", first, second, err)
		}
		if now, err := json.Marshal(s.Initial()); err != nil || !bytes.Equal(now, initial) {
			t.Fatalf("the initial value is now %s, %v", now, err)
		}
	})
}

func TestTransientSlicesAreNotSaved(t *testing.T) {
	kept, gone := newNumbers("kept"), store.NewSlice("gone", counter{}).Transient()
	st := open(t, kept.slice, gone)
	saved, err := st.Encode(st.State())
	if err != nil || string(saved) != `{"kept":{"N":0}}` {
		t.Errorf("saved %s, %v", saved, err)
	}
}
