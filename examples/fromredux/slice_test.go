// Package fromredux_test is the code of docs/from-redux.md: what the page shows is found here, and runs.
package fromredux_test

import (
	"fmt"
	"strings"
	"time"

	"slate/store"
)

type Counter struct {
	Value int
	Notes int
}

var (
	CounterSlice = store.NewSlice("counter", Counter{})

	Incremented = store.CaseSignal(CounterSlice, "incremented", func(c Counter) Counter {
		c.Value++
		return c
	})
	Added = store.Case(CounterSlice, "added", func(c Counter, by int) Counter {
		c.Value += by
		return c
	})

	Value = store.Select(CounterSlice, func(c Counter) int { return c.Value })
)

func Example_createSlice() {
	st, err := store.New(store.Options{}, CounterSlice)
	if err != nil {
		panic(err)
	}
	defer st.Close()
	st.Dispatch(Incremented())
	st.Dispatch(Added(5))
	fmt.Println(Value.Of(st.State()), Added(5).Type())
	// Output: 6 counter/added
}

type Note struct {
	ID, Text string
}

var (
	NoteSlice = store.NewSlice("notes", []Note(nil))

	noteAdded = store.Case(NoteSlice, "added", func(notes []Note, n Note) []Note {
		return append(notes[:len(notes):len(notes)], n) // never into the old state's array
	})

	At = store.NewMeta[time.Time]("at")
)

// AddNote prepares the action: what is not pure happens here.
func AddNote(text string) store.Action {
	return At.With(noteAdded(Note{ID: newID(), Text: text}), now())
}

func newID() string { return "n1" }

func now() time.Time { return time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC) }

func Example_prepare() {
	a := AddNote("buy tea")
	at, ok := At.Of(a)
	fmt.Println(at.Format(time.TimeOnly), ok)
	json, err := a.MarshalJSON()
	fmt.Println(string(json), err)
	// Output:
	// 09:00:00 true
	// {"type":"notes/added","payload":{"ID":"n1","Text":"buy tea"},"meta":{"at":"2026-11-01T09:00:00Z"}} <nil>
}

type Activity struct {
	Last    string
	Errors  int
	Ignored int
}

var ActivitySlice = store.NewSlice("activity", Activity{})

func init() {
	store.On(ActivitySlice, Added, func(a Activity, by int) Activity {
		a.Last = fmt.Sprint("added ", by)
		return a
	})
	store.OnMatch(ActivitySlice, isFailure, func(a Activity, _ store.Action) Activity {
		a.Errors++
		return a
	})
	store.OnDefault(ActivitySlice, func(a Activity, _ store.Action) Activity {
		a.Ignored++
		return a
	})
}

func isFailure(a store.Action) bool { return strings.HasSuffix(a.Type(), "/rejected") }

func Example_extraReducers() {
	st, err := store.New(store.Options{}, CounterSlice, ActivitySlice)
	if err != nil {
		panic(err)
	}
	defer st.Close()
	st.DispatchAll(Added(2), Incremented(), PageLeft("/cart"))
	fmt.Printf("%+v\n", ActivitySlice.Of(st.State()))
	// Output: {Last:added 2 Errors:0 Ignored:2}
}

var (
	PageLeft  = store.NewCreator[string]("router/pageLeft")
	SignedOut = store.NewSignal("auth/signedOut")
)

func Example_createAction() {
	var a store.Action = PageLeft("/cart")
	if path, ok := PageLeft.Match(a); ok {
		fmt.Println("left", path)
	}
	fmt.Println(PageLeft.Type(), SignedOut.Matches(a))
	// Output:
	// left /cart
	// router/pageLeft false
}

var leavesOrEnds = store.AnyOf(PageLeft.Matches, SignedOut.Matches, store.IsRejected())

func Example_matchers() {
	fmt.Println(leavesOrEnds(SignedOut()), leavesOrEnds(Incremented()))
	// Output: true false
}
