package record_test

import (
	"bytes"
	"errors"
	"log/slog"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"slate/store"
	"slate/store/storetest/record"
)

// secret is hidden by its type.
type secret string

func (s secret) MarshalJSON() ([]byte, error) { return []byte(`"***"`), nil }

type account struct {
	User     string
	Password secret
}

// desk is what the tests record: a list, an account with a secret, and a slice that no recording holds.
type desk struct {
	notes   *store.Slice[[]string]
	add     store.Creator[string]
	remove  store.Creator[func(string) bool] // cannot be written as JSON
	account *store.Slice[account]
	signIn  store.Creator[account]
	draft   *store.Slice[string]
	typed   store.Creator[string]
}

func newDesk() desk {
	var d desk
	d.notes = store.NewSlice[[]string]("notes", nil)
	d.add = store.Case(d.notes, "add", func(s []string, text string) []string { return append(slices.Clone(s), text) })
	d.remove = store.Case(d.notes, "remove", func(s []string, which func(string) bool) []string {
		return slices.DeleteFunc(slices.Clone(s), which)
	})
	d.account = store.NewSlice("account", account{})
	d.signIn = store.Case(d.account, "signIn", func(_ account, a account) account { return a })
	d.draft = store.NewSlice("draft", "").Transient()
	d.typed = store.Case(d.draft, "typed", func(_ string, s string) string { return s })
	return d
}

func (d desk) mount() []store.Mountable { return []store.Mountable{d.notes, d.account, d.draft} }

// open returns a store with enhancers; the caller closes it.
func open(t *testing.T, opts store.Options, slices ...store.Mountable) *store.Store {
	t.Helper()
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	st, err := store.New(opts, slices...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	return st
}

// recorded records what fn does in a store of the desk.
func (d desk) recorded(t *testing.T, fn func(st *store.Store)) string {
	t.Helper()
	var out bytes.Buffer
	st := open(t, store.Options{Enhancers: []store.Enhancer{record.To(&out)}}, d.mount()...)
	fn(st)
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func read(t *testing.T, text string) *record.Recording {
	t.Helper()
	rec, err := record.Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

// play plays a recording and returns the errors.
func play(t *testing.T, rec *record.Recording, slices ...store.Mountable) (*store.Store, []error) {
	t.Helper()
	st := open(t, store.Options{Saved: rec.Start}, slices...)
	var errs []error
	for _, err := range rec.Play(st) {
		if err != nil {
			errs = append(errs, err)
		}
	}
	return st, errs
}

const start = `{"recording":1,"state":{"account":{"User":"","Password":"***"},"notes":null}}` + "\n"

func TestFormat(t *testing.T) {
	for _, tc := range []struct {
		name string
		do   func(st *store.Store, d desk)
		want string
	}{
		{"an action and what it changed", func(st *store.Store, d desk) {
			_ = st.Dispatch(d.add("tea"))
		}, `{"action":{"type":"notes/add","payload":"tea"},"slices":{"notes":["tea"]}}` + "\n"},
		{"an action that changes nothing", func(st *store.Store, d desk) {
			_ = st.Dispatch(d.signIn(account{}))
		}, `{"action":{"type":"account/signIn","payload":{"User":"","Password":"***"}}}` + "\n"},
		{"a secret is hidden by its type", func(st *store.Store, d desk) {
			_ = st.Dispatch(d.signIn(account{User: "ada", Password: "open sesame"}))
		}, `{"action":{"type":"account/signIn","payload":{"User":"ada","Password":"***"}},"slices":{"account":{"User":"ada","Password":"***"}}}` + "\n"},
		{"a transient slice is left out, its action is not", func(st *store.Store, d desk) {
			_ = st.Dispatch(d.typed("h"))
		}, `{"action":{"type":"draft/typed","payload":"h"}}` + "\n"},
		{"a state that is brought back", func(st *store.Store, d desk) {
			_ = store.Restore(st, d.notes, func([]string) []string { return []string{"milk"} })
		}, `{"action":{"type":"notes/@restore","payload":["milk"]},"slices":{"notes":["milk"]}}` + "\n"},
		{"a jump is recorded by where it went", func(st *store.Store, d desk) {
			before := st.State()
			_ = st.Dispatch(d.add("tea"))
			_ = st.Jump(before)
		}, `{"action":{"type":"notes/add","payload":"tea"},"slices":{"notes":["tea"]}}` + "\n" +
			`{"action":{"type":"notes/@restore","payload":null},"slices":{"notes":null}}` + "\n"},
		{"an action that cannot be written is recorded by what it changed", func(st *store.Store, d desk) {
			_ = st.Dispatch(d.add("tea"))
			_ = st.Dispatch(d.remove(func(string) bool { return true }))
		}, `{"action":{"type":"notes/add","payload":"tea"},"slices":{"notes":["tea"]}}` + "\n" +
			`{"action":{"type":"notes/@restore","payload":[]},"slices":{"notes":[]}}` + "\n"},
		{"a slice that is mounted later", func(st *store.Store, d desk) {
			late := store.NewSlice("late", 1)
			_ = st.Inject(late)
			_ = st.Dispatch(d.typed("h"))
		}, `{"action":{"type":"draft/typed","payload":"h"},"slices":{"late":1}}` + "\n"},
		{"an action that a reducer refuses", func(st *store.Store, d desk) {
			bad := store.NewSlice("bad", 0)
			burst := store.CaseSignal(bad, "burst", func(int) int { panic("burst") })
			_ = st.Inject(bad)
			_ = st.Dispatch(burst())
		}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := newDesk()
			got := d.recorded(t, func(st *store.Store) { tc.do(st, d) })
			if got != start+tc.want {
				t.Errorf("recorded\n%s want\n%s", got, start+tc.want)
			}
			if strings.Contains(got, "sesame") {
				t.Error("the secret is in the recording")
			}
		})
	}
}

// What was recorded comes out the same when it is played, and the recording of that is the recording.
func TestPlay(t *testing.T) {
	d := newDesk()
	text := d.recorded(t, func(st *store.Store) {
		before := st.State()
		_ = st.Dispatch(d.signIn(account{User: "ada", Password: "open sesame"}))
		_ = st.DispatchAll(d.add("tea"), d.add("milk"), d.typed("h"))
		_ = st.Dispatch(d.remove(func(s string) bool { return s == "tea" }))
		_ = st.Jump(before)
		_ = st.Dispatch(store.ResetAll())
	})
	var again bytes.Buffer
	rec := read(t, text)
	st := open(t, store.Options{Saved: rec.Start, Enhancers: []store.Enhancer{record.To(&again)}}, d.mount()...)
	steps := 0
	for step, err := range rec.Play(st) {
		if steps++; err != nil {
			t.Errorf("step %d (line %d): %v", steps, step.Line, err)
		}
	}
	if steps != 8 { // the jump is two: one for each slice
		t.Errorf("%d steps", steps)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	if again.String() != text {
		t.Errorf("recorded once more\n%s\nwant\n%s", again.String(), text)
	}
}

func TestPlayStartsWhereTheRecordingDid(t *testing.T) {
	d := newDesk()
	var out bytes.Buffer
	st := open(t, store.Options{Saved: []byte(`{"notes":["old"]}`), Enhancers: []store.Enhancer{record.To(&out)}}, d.mount()...)
	_ = st.Dispatch(d.add("new"))
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	played, errs := play(t, read(t, out.String()), d.mount()...)
	if got := d.notes.Of(played.State()); len(errs) > 0 || !slices.Equal(got, []string{"old", "new"}) {
		t.Errorf("%q, %v", got, errs)
	}
}

func TestPlayErrors(t *testing.T) {
	d := newDesk()
	add := func(rest string) string {
		return start + `{"action":{"type":"notes/add","payload":"tea"}` + rest + "}\n"
	}
	for _, tc := range []struct {
		name, text string
		check      func(err error) bool
	}{
		{"another result", add(`,"slices":{"notes":["coffee"]}`), func(err error) bool {
			e, ok := errors.AsType[*record.DifferenceError](err)
			return ok && e.Line == 2 && e.Action == "notes/add" && len(e.Slices) == 1 && e.Slices[0].Slice == "notes" &&
				string(e.Slices[0].Want) == `["coffee"]` && string(e.Slices[0].Got) == `["tea"]`
		}},
		{"a change that was none", add(``), func(err error) bool {
			e, ok := errors.AsType[*record.DifferenceError](err)
			return ok && string(e.Slices[0].Want) == "null" && strings.Contains(err.Error(), "notes")
		}},
		{"a slice that is not there", add(`,"slices":{"notes":["tea"],"gone":1}`), func(err error) bool {
			e, ok := errors.AsType[*record.DifferenceError](err)
			return ok && e.Slices[0].Slice == "gone" && e.Slices[0].Got == nil
		}},
		{"spaces make no difference", add(`,"slices":{"notes":[ "tea" ]}`), func(err error) bool { return err == nil }},
		{"an unknown action", start + `{"action":{"type":"nobody/knows"}}` + "\n", func(err error) bool {
			e, ok := errors.AsType[*store.UnknownActionError](err)
			return ok && e.Type == "nobody/knows" && strings.Contains(err.Error(), "line 2")
		}},
		{"a payload that does not fit", start + `{"action":{"type":"notes/add","payload":7}}` + "\n", func(err error) bool {
			_, ok := errors.AsType[*store.DecodeError](err)
			return ok
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, errs := play(t, read(t, tc.text), d.mount()...)
			if err := errors.Join(errs...); !tc.check(err) {
				t.Errorf("error %v", err)
			}
		})
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error)  { return 0, f.err }
func (f failing) Write([]byte) (int, error) { return 0, f.err }

// full is a writer with room for some lines.
type full struct {
	lines int
	err   error
}

func (f *full) Write(p []byte) (int, error) {
	if f.lines == 0 {
		return 0, f.err
	}
	f.lines--
	return len(p), nil
}

func TestWriterThatFails(t *testing.T) {
	d := newDesk()
	errFull := errors.New("disk full")
	if _, err := store.New(store.Options{Enhancers: []store.Enhancer{record.To(failing{errFull})}}, d.mount()...); !errors.Is(err, errFull) {
		t.Errorf("New: %v", err)
	}
	var log strings.Builder
	st := open(t, store.Options{
		Logger:    slog.New(slog.NewTextHandler(&log, nil)),
		Enhancers: []store.Enhancer{record.To(&full{2, errFull})},
	}, d.mount()...)
	for range 3 {
		if err := st.Dispatch(d.add("tea")); err != nil {
			t.Errorf("the store does not go on: %v", err)
		}
	}
	if err := st.Close(); !errors.Is(err, errFull) {
		t.Errorf("Close: %v", err)
	}
	if n := strings.Count(log.String(), "the recording ends here"); n != 1 {
		t.Errorf("logged %d times", n)
	}
}

func TestSliceThatCannotBeEncoded(t *testing.T) {
	pipe := store.NewSlice("pipe", struct{ C chan int }{})
	_, err := store.New(store.Options{Enhancers: []store.Enhancer{record.To(&bytes.Buffer{})}}, pipe)
	if e, ok := errors.AsType[*store.EncodeError](err); !ok || e.Slice != "pipe" {
		t.Errorf("New: %v", err)
	}

	ratio := store.NewSlice("ratio", 1.0)
	set := store.Case(ratio, "set", func(_, r float64) float64 { return r })
	var out bytes.Buffer
	st := open(t, store.Options{Enhancers: []store.Enhancer{record.To(&out)}}, ratio)
	if err := st.DispatchAll(set(2), set(math.NaN()), set(3)); err != nil {
		t.Errorf("the store does not go on: %v", err)
	}
	if e, ok := errors.AsType[*store.EncodeError](st.Close()); !ok || e.Slice != "ratio" {
		t.Errorf("Close does not say why the recording ended")
	}
	if rec := read(t, out.String()); len(rec.Steps) != 1 {
		t.Errorf("%d steps before the end", len(rec.Steps))
	}
}

// Many goroutines dispatch: the lines are in the order of the states.
func TestConcurrentDispatch(t *testing.T) {
	d := newDesk()
	text := d.recorded(t, func(st *store.Store) {
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for range 25 {
					_ = st.Dispatch(d.add("tea"))
					_ = st.Dispatch(d.remove(func(string) bool { return true }))
				}
			})
		}
		wg.Wait()
	})
	rec := read(t, text)
	if len(rec.Steps) < 100 {
		t.Errorf("%d steps", len(rec.Steps))
	}
	if _, errs := play(t, rec, d.mount()...); len(errs) > 0 {
		t.Error(errs[0])
	}
}
