package devtools_test

import (
	"encoding/json"
	"errors"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"slate/store"
	"slate/store/devtools"
	"slate/store/storetest"
)

func TestLogKeepsActionsWithTimesAndStates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := open(t, devtools.Options{})
		start := time.Now()
		a.dispatch(t, a.add(2))
		time.Sleep(time.Minute)
		a.dispatch(t, a.double())

		var types []string
		var at []time.Duration
		for e := range a.log.Entries() {
			types = append(types, e.Type)
			at = append(at, e.At.Sub(start))
			if e.Skipped || e.Err != nil || e.Took < 0 {
				t.Errorf("entry %d: %+v", e.ID, e)
			}
		}
		if want := []string{"counter/add", "counter/double"}; !slices.Equal(types, want) {
			t.Errorf("types %v, want %v", types, want)
		}
		if want := []time.Duration{0, time.Minute}; !slices.Equal(at, want) {
			t.Errorf("times %v, want %v", at, want)
		}
		a.wantN(t, 4, 2, 4)
	})
}

func TestEntryShowsPayloadStateAndDiff(t *testing.T) {
	a := open(t, devtools.Options{})
	a.dispatch(t, a.add(2), a.double(), a.add(0))
	v := a.log.View()
	first, _ := v.Entry(1)
	if string(first.Payload()) != "2" || string(first.Action()) != `{"type":"counter/add","payload":2}` {
		t.Errorf("payload %s, action %s", first.Payload(), first.Action())
	}
	state := first.State()
	if want := `{"account":{"name":""},"counter":{"n":2}}`; string(state) != want {
		t.Errorf("state %s, want %s", state, want)
	}
	second, _ := v.Entry(2)
	changes := second.Diff()
	want := []devtools.Change{{Path: "/counter/n", Old: json.RawMessage("2"), New: json.RawMessage("4")}}
	if d := cmp.Diff(want, changes); d != "" {
		t.Errorf("diff (-want +got):\n%s", d)
	}
	third, _ := v.Entry(3)
	if changes := third.Diff(); len(changes) != 0 {
		t.Errorf("an action that changed nothing has the diff %v", changes)
	}
	if second.Payload() != nil {
		t.Errorf("a signal has the payload %s", second.Payload())
	}
}

func TestViewListsWhatIsNew(t *testing.T) {
	a := open(t, devtools.Options{})
	a.dispatch(t, a.add(1), a.add(2), a.add(3))
	for id, want := range map[int][]int{0: {1, 2, 3}, 2: {3}, 3: nil, 9: {1, 2, 3}} {
		var got []int
		for e := range a.log.View().After(id) {
			got = append(got, e.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("after %d come %v, want %v", id, got, want)
		}
	}
}

func TestLogIsBoundedByCount(t *testing.T) {
	a := open(t, devtools.Options{MaxActions: 3})
	for range 10 {
		a.dispatch(t, a.add(1))
	}
	a.wantN(t, 10, 8, 9, 10)
	base := a.log.View().Base()
	if !strings.Contains(string(base), `{"n":7}`) {
		t.Errorf("the base is %s, want what the dropped actions led to", base)
	}
	if _, found := a.log.View().Entry(7); found {
		t.Error("entry 7 is still there")
	}
}

func TestLogIsBoundedByBytes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := open(t, devtools.Options{MaxBytes: 500})
		for range 10 {
			a.dispatch(t, a.signIn(account{Name: strings.Repeat("x", 100)}))
		}
		synctest.Wait()
		bytes := 0
		for e := range a.log.Entries() {
			bytes += len(e.Action())
		}
		if v := a.log.View(); bytes > 500 || v.Len != 3 || v.Current != 10 {
			t.Errorf("%d bytes in %d entries, the present one is %d", bytes, v.Len, v.Current)
		}
		a.dispatch(t, a.signIn(account{Name: strings.Repeat("x", 1000)}))
		synctest.Wait()
		if v := a.log.View(); v.Len != 1 || v.Current != 11 {
			t.Errorf("an action that is too large alone: %d entries, the present one is %d", v.Len, v.Current)
		}
	})
}

func TestSubscribersHearOfBurstsOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := open(t, devtools.Options{})
		calls := 0
		stop := a.log.Subscribe(t.Context(), func() { calls++ })
		a.dispatch(t, a.add(1), a.add(1), a.add(1))
		synctest.Wait()
		if calls < 1 || calls > 3 {
			t.Errorf("%d calls for three actions", calls)
		}
		before := calls
		ok(t, a.log.Jump(1))
		synctest.Wait()
		if calls != before+1 {
			t.Errorf("%d calls for a jump", calls-before)
		}
		stop()
		a.dispatch(t, a.add(1))
		synctest.Wait()
		if calls != before+1 {
			t.Error("called after stop")
		}
	})
}

func TestSubscriberThatPanicsHurtsNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := open(t, devtools.Options{})
		a.log.Subscribe(t.Context(), func() { panic("no") })
		called := false
		a.log.Subscribe(t.Context(), func() { called = true })
		a.dispatch(t, a.add(1))
		synctest.Wait()
		if !called {
			t.Error("the second subscriber was not called")
		}
	})
}

// A subscriber may end its goroutine, as t.FailNow does.
func TestSubscriberThatEndsItsGoroutineHurtsNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := open(t, devtools.Options{})
		a.log.Subscribe(t.Context(), func() { runtime.Goexit() })
		calls := 0
		a.log.Subscribe(t.Context(), func() { calls++ })
		for range 2 {
			a.dispatch(t, a.add(1))
			synctest.Wait()
		}
		if calls != 2 {
			t.Errorf("the second subscriber was called %d times, want 2", calls)
		}
	})
}

// What is hidden is in memory as well.
func TestMaxBytesCountsHiddenPayloads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := devtools.New(devtools.Options{MaxBytes: 1000, Hide: []string{"upload"}})
		s := store.NewSlice("upload", 0)
		set := store.Case(s, "set", func(n int, data string) int { return len(data) })
		openStore(t, log, s)
		for range 10 {
			ok(t, log.Store().Dispatch(set(strings.Repeat("a", 600))))
		}
		synctest.Wait()
		if n := log.View().Len; n != 1 {
			t.Errorf("the log keeps %d actions, want 1", n)
		}
	})
}

func TestPromise4_ViewStaysWhatItIs(t *testing.T) {
	a := open(t, devtools.Options{MaxActions: 4})
	a.dispatch(t, a.add(1), a.add(1), a.add(1))
	v := a.log.View()
	before, err := json.Marshal(v)
	ok(t, err)
	ok(t, a.log.Jump(1))
	a.dispatch(t, a.add(5), a.add(5), a.add(5))
	ok(t, a.log.Toggle(5))
	after, err := json.Marshal(v)
	ok(t, err)
	if string(before) != string(after) {
		t.Errorf("the view changed from\n%s\nto\n%s", before, after)
	}
}

func TestPromise1_EntriesAreInTheOrderOfTheStates(t *testing.T) {
	a := open(t, devtools.Options{MaxActions: 1000})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 50 {
				a.dispatch(t, a.add(1))
			}
		})
	}
	wg.Wait()
	n := 0
	for e := range a.log.Entries() {
		n++
		if before, after := a.counter.Of(e.Before()).N, a.counter.Of(e.After()).N; e.ID != n || before != n-1 || after != n {
			t.Fatalf("entry %d in place %d goes from %d to %d", e.ID, n, before, after)
		}
	}
	if n != 200 {
		t.Errorf("%d entries, want 200", n)
	}
}

func TestLogOfARunningStore(t *testing.T) {
	a := open(t, devtools.Options{})
	if got, found := devtools.Of(a.Store); got != a.log || !found {
		t.Errorf("Of gives %p, %v", got, found)
	}
	if _, err := devtools.Open(a.Store, devtools.Options{}); !errors.Is(err, devtools.ErrAttached) {
		t.Errorf("a second log: %v", err)
	}
	other := storetest.New(t)
	if err := a.log.Enhancer()(other); !errors.Is(err, devtools.ErrAttached) {
		t.Errorf("a second store: %v", err)
	}
	if _, found := devtools.Of(other); found {
		t.Error("the refused log is the second store's")
	}
	if _, err := devtools.Open(other, devtools.Options{}); err != nil {
		t.Errorf("the second store's own log: %v", err)
	}
	if err := devtools.New(devtools.Options{}).Jump(0); !errors.Is(err, devtools.ErrNoStore) {
		t.Errorf("without a store: %v", err)
	}
}

// The leak check of the package is the other half of the promise.
func TestPromise5_LogEndsWithTheStore(t *testing.T) {
	a := open(t, devtools.Options{})
	a.dispatch(t, a.add(3))
	ok(t, a.Close())
	data, err := a.log.Export()
	if err != nil || !strings.Contains(string(data), `{"n":3}`) {
		t.Errorf("%s, %v", data, err)
	}
	if err := a.log.Jump(0); !errors.Is(err, store.ErrClosed) {
		t.Errorf("Jump in a closed store: %v", err)
	}
}

// A store without a log does nothing for it, not even where the program links the package.
func TestStoreWithoutLogPaysNothing(t *testing.T) {
	s := store.NewSlice("counter", counter{})
	add := store.Case(s, "add", func(s counter, n int) counter { return s })
	st := storetest.New(t, s)
	action := add(0)
	if n := testing.AllocsPerRun(100, func() { st.Dispatch(action) }); n != 0 {
		t.Errorf("a dispatch that changes nothing allocates %v times", n)
	}
	if _, found := devtools.Of(st); found {
		t.Error("the store has a log")
	}
}
