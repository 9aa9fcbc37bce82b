package history_test

import (
	"errors"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"slate/store"
	"slate/store/history"
	"slate/store/storetest"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("runtime.handleEvent"))
}

// text is a slice of text with its history.
type text struct {
	*store.Store
	*history.History[string]
	slice *store.Slice[string]
	typed store.Creator[string]
	saved store.Signal
	noop  store.Signal
}

func open(t testing.TB, opts history.Options) *text {
	t.Helper()
	s := store.NewSlice("text", "")
	x := &text{
		slice: s,
		typed: store.Case(s, "typed", func(s, more string) string { return s + more }),
		saved: store.CaseSignal(s, "saved", func(s string) string { return strings.ToUpper(s) }),
		noop:  store.CaseSignal(s, "noop", func(s string) string { return s }),
	}
	x.Store = storetest.New(t, s)
	x.History = history.New(x.Store, s, opts)
	return x
}

func (x *text) dispatch(t testing.TB, actions ...store.Action) {
	t.Helper()
	for _, a := range actions {
		if err := x.Dispatch(a); err != nil {
			t.Fatal(err)
		}
	}
}

// reporter is a *testing.T or a *rapid.T.
type reporter interface {
	Helper()
	Errorf(format string, args ...any)
}

func (x *text) want(t reporter, want string, undo, redo bool) {
	t.Helper()
	if got := x.slice.Of(x.State()); got != want {
		t.Errorf("the text is %q, want %q", got, want)
	}
	if x.CanUndo() != undo || x.CanRedo() != redo {
		t.Errorf("CanUndo %v, CanRedo %v, want %v, %v", x.CanUndo(), x.CanRedo(), undo, redo)
	}
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestUndoAndRedo(t *testing.T) {
	x := open(t, history.Options{})
	x.want(t, "", false, false)
	x.dispatch(t, x.typed("a"), x.typed("b"), x.noop())
	ok(t, x.Undo())
	x.want(t, "a", true, true)
	ok(t, x.Undo())
	x.want(t, "", false, true)
	if err := x.Undo(); !errors.Is(err, history.ErrNothing) {
		t.Errorf("nothing to undo: %v", err)
	}
	ok(t, x.Redo())
	ok(t, x.Redo())
	x.want(t, "ab", true, false)
	if err := x.Redo(); !errors.Is(err, history.ErrNothing) {
		t.Errorf("nothing to redo: %v", err)
	}
	ok(t, x.Undo())
	x.dispatch(t, x.typed("c")) // a new future
	x.want(t, "ac", true, false)
}

func TestStepsAreBounded(t *testing.T) {
	x := open(t, history.Options{Steps: 2})
	x.dispatch(t, x.typed("a"), x.typed("b"), x.typed("c"))
	ok(t, x.Undo())
	ok(t, x.Undo())
	x.want(t, "a", false, true)
}

func TestMergedActionsAreOneStep(t *testing.T) {
	var x *text
	x = open(t, history.Options{Merge: func(a, b store.Action) bool { return x.typed.Matches(a) && x.typed.Matches(b) }})
	x.dispatch(t, x.typed("a"), x.typed("b"), x.saved(), x.typed("c"), x.typed("d"))
	x.want(t, "ABcd", true, false)
	ok(t, x.Undo())
	x.want(t, "AB", true, true)
	x.dispatch(t, x.typed("e")) // does not merge with what was typed before the undo
	ok(t, x.Undo())
	x.want(t, "AB", true, true)
	ok(t, x.Undo())
	ok(t, x.Undo())
	x.want(t, "", false, true)
}

func TestIgnoredActionsAreNoSteps(t *testing.T) {
	var x *text
	x = open(t, history.Options{Ignore: func(a store.Action) bool { return x.saved.Matches(a) }})
	x.dispatch(t, x.typed("a"), x.saved())
	x.want(t, "A", true, false)
	ok(t, x.Undo())
	x.want(t, "", false, true)
}

func TestValuesFromElsewhereBeginANewHistory(t *testing.T) {
	x := open(t, history.Options{})
	x.dispatch(t, x.typed("a"))
	before := x.State()
	ok(t, store.Restore(x.Store, x.slice, func(string) string { return "loaded" }))
	x.want(t, "loaded", false, false)
	x.dispatch(t, x.typed("!"))
	ok(t, x.Jump(before))
	x.want(t, "a", false, false)
}

func TestClearAndStop(t *testing.T) {
	x := open(t, history.Options{})
	x.dispatch(t, x.typed("a"))
	x.Clear()
	x.want(t, "a", false, false)
	x.dispatch(t, x.typed("b"))
	x.Stop()
	x.dispatch(t, x.typed("c"))
	ok(t, x.Undo())
	x.want(t, "a", false, true)
}

func TestSliceThatIsNotMountedHasNoSteps(t *testing.T) {
	st := storetest.New(t)
	h := history.New(st, store.NewSlice("text", ""), history.Options{})
	if err := errors.Join(st.Dispatch(store.ResetAll()), h.Undo()); !errors.Is(err, history.ErrNothing) {
		t.Errorf("error %v, want ErrNothing", err)
	}
}

// Nothing to undo is no action.
func TestNothingIsToldOfWhereThereIsNothing(t *testing.T) {
	x := open(t, history.Options{})
	var types []string
	defer x.Tap(func(tr store.Transition) { types = append(types, tr.Action.Type()) })()
	for _, step := range []func() error{x.Undo, x.Redo} {
		if err := step(); !errors.Is(err, history.ErrNothing) {
			t.Errorf("error %v, want ErrNothing", err)
		}
	}
	if len(types) != 0 {
		t.Errorf("actions: %v", types)
	}
}

// After a log-out nothing of the former user comes back: not by undo or redo, not from a stopped history, and not where the
// slice was at its initial value already.
func TestResetAllForgetsEverything(t *testing.T) {
	for name, before := range map[string]func(t *testing.T, x *text){
		"changed":    func(*testing.T, *text) {},
		"undone":     func(t *testing.T, x *text) { ok(t, x.Undo()) },
		"all undone": func(t *testing.T, x *text) { ok(t, x.Undo()); ok(t, x.Undo()) },
		"stopped":    func(_ *testing.T, x *text) { x.Stop() },
	} {
		t.Run(name, func(t *testing.T) {
			x := open(t, history.Options{})
			x.dispatch(t, x.typed("secret"), x.typed("s"))
			before(t, x)
			x.dispatch(t, store.ResetAll())
			x.want(t, "", false, false)
			for _, step := range []func() error{x.Undo, x.Redo} {
				if err := step(); !errors.Is(err, history.ErrNothing) {
					t.Errorf("error %v, want ErrNothing", err)
				}
			}
			x.want(t, "", false, false)
		})
	}
}

// An undo on whose action a reducer panics, or ends its goroutine, has not happened.
func TestAnUndoThatFailsChangesNothing(t *testing.T) {
	for name, fail := range map[string]func(){
		"panic":  func() { panic("boom") },
		"Goexit": runtime.Goexit,
	} {
		t.Run(name, func(t *testing.T) {
			doc := store.NewSlice("doc", 0)
			add := store.Case(doc, "add", func(s, by int) int { return s + by })
			broken := false
			other := store.NewSlice("other", 0)
			store.OnMatch(other, func(a store.Action) bool {
				if broken && a.Type() == "doc/@restore" {
					fail()
				}
				return false
			}, func(s int, _ store.Action) int { return s })
			st, err := store.New(store.Options{Logger: slog.New(slog.DiscardHandler)}, doc, other)
			ok(t, err)
			defer st.Close()
			h := history.New(st, doc, history.Options{})
			for _, by := range []int{1, 2, 4} {
				ok(t, st.Dispatch(add(by)))
			}
			ok(t, h.Undo())
			want := func(when string, value int, undo, redo bool) {
				t.Helper()
				if got := doc.Of(st.State()); got != value || h.CanUndo() != undo || h.CanRedo() != redo {
					t.Errorf("%s: %d, CanUndo %v, CanRedo %v; want %d, %v, %v", when, got, h.CanUndo(), h.CanRedo(), value, undo, redo)
				}
			}
			broken = true
			for _, step := range []func() error{h.Undo, h.Redo} {
				var wg sync.WaitGroup
				wg.Go(func() { _ = step() })
				wg.Wait()
			}
			broken = false
			want("failed", 3, true, true)
			ok(t, st.Dispatch(add(10))) // is a step of its own
			want("the next step", 13, true, false)
			ok(t, h.Undo())
			want("undone", 3, true, true)
			ok(t, h.Undo())
			want("undone twice", 1, true, true)
		})
	}
}

func TestUndoIsAnAction(t *testing.T) {
	x := open(t, history.Options{})
	x.dispatch(t, x.typed("a"))
	var types []string
	defer x.Tap(func(tr store.Transition) { types = append(types, tr.Action.Type()) })()
	ok(t, x.Undo())
	if !slices.Equal(types, []string{"text/@restore"}) {
		t.Errorf("actions: %v", types)
	}
}

// The history against two stacks of texts.
func TestHistoryIsTwoStacks(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		x := open(t, history.Options{Steps: 5})
		var past, future []string
		now := ""
		rt.Repeat(map[string]func(*rapid.T){
			"type": func(rt *rapid.T) {
				more := rapid.StringN(0, 2, -1).Draw(rt, "more")
				x.dispatch(t, x.typed(more))
				if more != "" {
					past, future, now = append(past, now), nil, now+more
					past = past[max(0, len(past)-5):]
				}
			},
			"undo": func(rt *rapid.T) {
				if err := x.Undo(); (err == nil) != (len(past) > 0) {
					rt.Fatalf("Undo: %v", err)
				}
				if n := len(past); n > 0 {
					past, future, now = past[:n-1], append(future, now), past[n-1]
				}
			},
			"redo": func(rt *rapid.T) {
				if err := x.Redo(); (err == nil) != (len(future) > 0) {
					rt.Fatalf("Redo: %v", err)
				}
				if n := len(future); n > 0 {
					past, future, now = append(past, now), future[:n-1], future[n-1]
				}
			},
			"": func(*rapid.T) { x.want(rt, now, len(past) > 0, len(future) > 0) },
		})
	})
}

// With undos and actions on many goroutines, each undo takes back what it says: in the end all can be taken back.
func TestConcurrentUndo(t *testing.T) {
	x := open(t, history.Options{Steps: 10_000})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 100 {
				x.dispatch(t, x.typed("x"))
				if err := x.Undo(); err != nil && !errors.Is(err, history.ErrNothing) {
					t.Error(err)
				}
				x.Redo()
			}
		})
	}
	wg.Wait()
	for x.CanUndo() {
		ok(t, x.Undo())
	}
	if got := x.slice.Of(x.State()); got != "" {
		t.Errorf("the text is %q", got)
	}
}
