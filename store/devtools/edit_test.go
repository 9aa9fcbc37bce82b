package devtools_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"slate/store"
	"slate/store/devtools"
	"slate/store/storetest"
)

func export(t testing.TB, l *devtools.Log) string {
	t.Helper()
	data, err := l.Export()
	ok(t, err)
	return string(data)
}

// What happened while recording was paused, and slices that were mounted, are part of what is committed.
func TestCommitMakesThePresentStateTheBase(t *testing.T) {
	a := open(t, devtools.Options{})
	a.dispatch(t, a.add(1))
	a.log.Pause(true)
	a.dispatch(t, a.add(10))
	ok(t, a.log.Commit())
	if base := string(a.log.View().Base()); !strings.Contains(base, `{"n":11}`) {
		t.Errorf("the base is %s", base)
	}
	ok(t, a.log.Rollback())
	a.wantN(t, 11)
}

func TestEditsKeepInjectedSlices(t *testing.T) {
	for name, edit := range map[string]func(*devtools.Log) error{
		"toggle":              func(l *devtools.Log) error { return l.Toggle(1) },
		"commit and rollback": func(l *devtools.Log) error { return errors.Join(l.Commit(), l.Rollback()) },
	} {
		t.Run(name, func(t *testing.T) {
			a := declare()
			a.log = devtools.New(devtools.Options{})
			a.Store = storetest.NewWith(t, store.Options{Saved: []byte(`{"late":7}`), Enhancers: []store.Enhancer{a.log.Enhancer()}}, a.counter)
			a.dispatch(t, a.add(1))
			late := store.NewSlice("late", 0)
			ok(t, a.Inject(late))
			ok(t, edit(a.log))
			if n := late.Of(a.State()); n != 7 {
				t.Errorf("the injected slice is at %d, want 7", n)
			}
		})
	}
}

func TestRefusedEditsLeaveTheLogAsItWas(t *testing.T) {
	edits := map[string]func(*devtools.Log) error{
		"jump":     func(l *devtools.Log) error { return l.Jump(1) },
		"toggle":   func(l *devtools.Log) error { return l.Toggle(1) },
		"rollback": (*devtools.Log).Rollback,
		"commit":   (*devtools.Log).Commit,
		"import":   func(l *devtools.Log) error { return l.Import([]byte(`[{"type":"counter/double"}]`)) },
	}
	for name, edit := range edits {
		t.Run(name+" in a closed store", func(t *testing.T) {
			a := open(t, devtools.Options{})
			a.dispatch(t, a.add(1), a.add(1), a.add(1))
			ok(t, a.Close())
			before := export(t, a.log)
			if err := edit(a.log); !errors.Is(err, store.ErrClosed) {
				t.Errorf("error %v", err)
			}
			if after := export(t, a.log); after != before {
				t.Errorf("the log became\n%s\nwant\n%s", after, before)
			}
		})
		t.Run(name+" in a reducer", func(t *testing.T) {
			a := declare()
			var during error
			trigger := store.CaseSignal(a.counter, "trigger", func(s counter) counter { during = edit(a.log); return s })
			a.open(t, devtools.Options{})
			a.dispatch(t, a.add(1), a.add(1), trigger())
			if !errors.Is(during, store.ErrInReducer) {
				t.Errorf("error %v", during)
			}
			a.wantN(t, 2, 1, 2, 2)
			if v := a.log.View(); v.Current != 3 || v.Len != 3 {
				t.Errorf("the log is at %d of %d", v.Current, v.Len)
			}
		})
	}
}

// An edit ends also where an action comes in each time that states are computed again, and computes none of them twice.
func TestEditsEndWhileActionsComeIn(t *testing.T) {
	a := declare()
	come, gone := make(chan struct{}, 1), make(chan struct{})
	var editing atomic.Bool
	runs := 0
	busy := store.NewSlice("busy", 0)
	work := store.CaseSignal(busy, "work", func(n int) int {
		if editing.Load() {
			runs++
			select {
			case come <- struct{}{}:
			default:
			}
			for start := time.Now(); time.Since(start) < 50*time.Microsecond; { // long enough for others to queue up
				runtime.Gosched()
			}
		}
		return n + 1
	})
	a.log = devtools.New(devtools.Options{MaxActions: 1000})
	a.Store = storetest.NewWith(t, store.Options{Enhancers: []store.Enhancer{a.log.Enhancer()}}, a.counter, busy)
	for range 100 {
		a.dispatch(t, work())
	}
	came := 0
	go func() {
		defer close(gone)
		for range come {
			a.Dispatch(a.add(1))
			came++
		}
	}()
	editing.Store(true)
	err := a.log.Toggle(1)
	editing.Store(false)
	close(come)
	<-gone
	ok(t, err)
	if n := busy.Of(a.State()); n != 99 || runs != 99 {
		t.Errorf("the busy slice is at %d after %d runs, want 99 of both", n, runs)
	}
	if a.n() != came {
		t.Errorf("the counter is %d, want %d", a.n(), came)
	}
}

// What is in the process does not go through JSON, which may say less than the state is.
func TestWhatSetsStateKeepsFieldsWithoutJSON(t *testing.T) {
	type lossy struct {
		N      int
		Inside string `json:"-"`
		own    string
	}
	a := declare()
	whole := store.NewSlice("whole", lossy{})
	passing := store.NewSlice("passing", lossy{}).Transient()
	a.log = devtools.New(devtools.Options{})
	a.Store = storetest.NewWith(t, store.Options{Enhancers: []store.Enhancer{a.log.Enhancer()}}, a.counter, whole, passing)
	start := a.State()
	a.dispatch(t, a.add(1))
	want := lossy{1, "kept", "kept"}
	ok(t, a.Jump(passing.With(whole.With(start, want), want)))
	ok(t, a.log.Toggle(1))
	if got := whole.Of(a.State()); got != want {
		t.Errorf("the slice became %+v", got)
	}
	if got := passing.Of(a.State()); got != want {
		t.Errorf("the transient slice became %+v", got)
	}
}

// unwritable refuses, with text that must not be seen.
type unwritable struct{ N int }

func (u unwritable) MarshalJSON() ([]byte, error) {
	return nil, fmt.Errorf("cannot write s3cret%d", u.N)
}
func (u *unwritable) UnmarshalJSON([]byte) error { return fmt.Errorf("cannot read s3cret%d", u.N) }

// explosive panics instead.
type explosive struct{ N int }

func (explosive) MarshalJSON() ([]byte, error) { panic("s3cret") }
func (*explosive) UnmarshalJSON([]byte) error  { panic("s3cret") }

func TestSlicesThatCannotBeWrittenOrRead(t *testing.T) {
	for name, vault := range map[string]store.Mountable{
		"errors": store.NewSlice("vault", unwritable{}), "panics": store.NewSlice("vault", explosive{}),
	} {
		t.Run(name, func(t *testing.T) {
			a := declare()
			set := store.Case(a.counter, "set", func(_ counter, to unwritable) counter { return counter{} })
			a.log = devtools.New(devtools.Options{Hide: []string{"vault"}})
			a.Store = storetest.NewWith(t, store.Options{Enhancers: []store.Enhancer{a.log.Enhancer()}}, a.counter, vault)
			start := a.State()
			a.dispatch(t, a.add(1), a.add(5), set(unwritable{}))
			ok(t, a.Jump(a.counter.With(start, counter{50})))
			ok(t, a.log.Toggle(1))
			a.wantN(t, 50, 0, 5, 0, 50)
			for e := range a.log.Entries() {
				if e.Err != nil {
					t.Errorf("entry %d: %v", e.ID, e.Err)
				}
			}
			before := export(t, a.log)
			var refused *devtools.ImportError
			err := a.log.Import([]byte(`{"payload":[],"preloadedState":{"vault":{"N":1}}}`))
			if !errors.As(err, &refused) || !strings.Contains(err.Error(), `slice "vault" cannot be read`) || strings.Contains(err.Error(), "s3cret") {
				t.Errorf("Import: %v", err)
			}
			if after := export(t, a.log); after != before {
				t.Errorf("a refused import left %s", after)
			}
			ok(t, a.log.Import([]byte(`[{"type":"counter/set","payload":1},{"type":"counter/add","payload":2}]`)))
			first, _ := a.log.View().Entry(1)
			if first.Err == nil || strings.Contains(first.Err.Error(), "s3cret") {
				t.Errorf("the entry's error is %v", first.Err)
			}
			if shown := everything(t, a.log); strings.Contains(shown, "s3cret") {
				t.Errorf("a secret is shown in %s", shown)
			}
		})
	}
}

// meddler dispatches while it is read.
type meddler struct{ V string }

var meddle func()

func (m *meddler) UnmarshalJSON(data []byte) error {
	if meddle != nil {
		meddle()
	}
	return json.Unmarshal(data, &m.V)
}
func (m meddler) MarshalJSON() ([]byte, error) { return json.Marshal(m.V) }

func TestImportKeepsWhatComesInMeanwhile(t *testing.T) {
	a := declare()
	m := store.NewSlice("meddler", meddler{})
	a.log = devtools.New(devtools.Options{Hide: []string{"account"}})
	a.Store = storetest.NewWith(t, store.Options{Enhancers: []store.Enhancer{a.log.Enhancer()}}, a.counter, a.account, m)
	a.dispatch(t, a.signIn(account{Token: "old"}), a.add(1))
	session := export(t, a.log)
	meddle = func() { meddle = nil; a.dispatch(t, a.signIn(account{Token: "refreshed"})) }
	ok(t, a.log.Import([]byte(session)))
	if meddle != nil {
		t.Fatal("nothing came in")
	}
	if token := a.account.Of(a.State()).Token; token != "refreshed" {
		t.Errorf("the token is %q", token)
	}
	a.wantN(t, 1, 0, 1)
}

// The log keeps its newest actions. Where the session stood before those, the store goes to the base state.
func TestImportOfMoreThanTheLogKeeps(t *testing.T) {
	a := open(t, devtools.Options{})
	a.dispatch(t, a.add(1), a.add(1), a.add(1), a.add(1), a.add(1))
	ok(t, a.log.Jump(1))
	session := export(t, a.log)
	b := open(t, devtools.Options{MaxActions: 2})
	ok(t, b.log.Import([]byte(session)))
	b.wantN(t, 3, 4, 5)
	if v := b.log.View(); v.Current != 0 || !strings.Contains(string(v.Base()), `{"n":3}`) {
		t.Errorf("the log is at %d, its base %s", v.Current, v.Base())
	}
	ok(t, b.log.Replay())
	b.wantN(t, 5, 4, 5)
}

func TestImportRefusesIDsWithoutRoomBehindThem(t *testing.T) {
	a := open(t, devtools.Options{})
	var refused *devtools.ImportError
	err := a.log.Import([]byte(`{"stagedActionIds":[0,2000000000],"actionsById":{"2000000000":{"action":{"type":"counter/double"}}}}`))
	if !errors.As(err, &refused) {
		t.Errorf("error %v", err)
	}
}
