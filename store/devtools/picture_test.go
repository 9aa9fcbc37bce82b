package devtools_test

import (
	"strings"
	"sync/atomic"
	"testing"

	"slate/store"
	"slate/store/devtools"
	"slate/store/storetest"
)

// counted counts how often it is written as JSON.
type counted struct {
	N     int
	times *atomic.Int64
}

func (c counted) MarshalJSON() ([]byte, error) {
	c.times.Add(1)
	return []byte(`{}`), nil
}

func TestOnlyChangedSlicesAreEncoded(t *testing.T) {
	var a, b, h atomic.Int64
	still := store.NewSlice("still", counted{times: &a})
	moving := store.NewSlice("moving", counted{times: &b})
	hidden := store.NewSlice("hidden", counted{times: &h})
	move := store.CaseSignal(moving, "move", func(s counted) counted { s.N++; return s })
	log := devtools.New(devtools.Options{Hide: []string{"hidden"}})
	st := storetest.NewWith(t, store.Options{Enhancers: []store.Enhancer{log.Enhancer()}}, still, moving, hidden)
	for range 5 {
		ok(t, st.Dispatch(move()))
	}
	if a.Load()+b.Load()+h.Load() != 0 {
		t.Error("something was encoded before somebody looked")
	}
	for range 2 {
		for e := range log.Entries() {
			e.State()
			e.Diff()
		}
	}
	if a.Load() != 1 || b.Load() != 6 || h.Load() != 0 {
		t.Errorf("encoded %d, %d and %d times; want 1 for the slice that stays, 6 for the one that changes, 0 for the hidden one", a.Load(), b.Load(), h.Load())
	}
}

// shy hides what it holds, in a method of its pointer.
type shy struct{ Word string }

func (*shy) MarshalJSON() ([]byte, error) { return []byte(`"quiet"`), nil }

type broken struct{ C chan int }

type panicking struct{}

func (panicking) MarshalJSON() ([]byte, error) { panic("s3cret") }

func TestTypesDecideWhatIsShown(t *testing.T) {
	log := devtools.New(devtools.Options{})
	s := store.NewSlice("shy", shy{"s3cret"})
	say := store.Case(s, "say", func(_ shy, to shy) shy { return to })
	spoil := store.NewCreator[panicking]("spoil")
	st := storetest.NewWith(t, store.Options{Enhancers: []store.Enhancer{log.Enhancer()}},
		s, store.NewSlice("broken", broken{make(chan int)}), store.NewSlice("panicking", panicking{}), store.NewSlice[any]("nil", nil))
	ok(t, st.Dispatch(say(shy{"s3cret too"})))
	ok(t, st.Dispatch(spoil(panicking{})))
	e, _ := log.View().Entry(1)
	want := `{"broken":"` + devtools.Unreadable + `","nil":null,"panicking":"` + devtools.Unreadable + `","shy":"quiet"}`
	if got := string(e.State()); got != want {
		t.Errorf("the state is shown as %s, want %s", got, want)
	}
	if got := string(e.Payload()); got != `"quiet"` {
		t.Errorf("the payload is shown as %s", got)
	}
	if spoilt, _ := log.View().Entry(2); string(spoilt.Action()) != `{"type":"spoil"}` {
		t.Errorf("an action whose payload panics is shown as %s", spoilt.Action())
	}
	if all := everything(t, log); strings.Contains(all, "s3cret") {
		t.Errorf("a secret is shown: %s", all)
	}
}

// Transient slices are shown. What is shown of them cannot always be read back: an import leaves them alone.
func TestTransientSlicesAreShownAndStay(t *testing.T) {
	log := devtools.New(devtools.Options{})
	s := store.NewSlice("cache", counter{}).Transient()
	up := store.CaseSignal(s, "up", func(s counter) counter { s.N++; return s })
	st := storetest.NewWith(t, store.Options{Enhancers: []store.Enhancer{log.Enhancer()}}, s)
	ok(t, st.Dispatch(up()))
	if e, _ := log.View().Entry(1); string(e.State()) != `{"cache":{"n":1}}` {
		t.Errorf("the state is %s", e.State())
	}
	ok(t, log.Import([]byte(`{"payload":[],"preloadedState":{"cache":{"n":40}}}`)))
	if n := s.Of(st.State()).N; n != 1 {
		t.Errorf("the import made it %d", n)
	}
}
