package inspect_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"slate/store/internal/inspect"
)

type todo struct {
	Text string
	Done bool
	tags []string
	Due  *time.Time
}

type node struct {
	Name string
	Next *node
	Any  any
}

type cached struct {
	N    int
	once sync.Once
	list []int
}

type everything struct {
	Items    []todo
	ByID     map[string]*todo
	ByNumber map[int][]string
	Ring     *node
	Any      any
	Array    [3]int
	Blob     []byte
	Float    float64
	Complex  complex128
	Err      error
	Func     func()
	Chan     chan int
	Cache    *cached
	Count    *atomic.Int64
	At       time.Time
	Embedded
	hidden map[[2]int]*todo
	_      int
}

type Embedded struct{ Deep map[any]any }

func full() *everything {
	ring := &node{Name: "a"}
	ring.Next = &node{Name: "b", Next: ring}
	ring.Any = ring
	due := time.Unix(5, 0)
	return &everything{
		Items:    []todo{{Text: "tea", tags: []string{"x"}}, {Due: &due}},
		ByID:     map[string]*todo{"1": {Text: "one"}, "2": {Text: "two"}},
		ByNumber: map[int][]string{7: {"seven"}, 8: nil},
		Ring:     ring,
		Any:      map[string]any{"list": []any{1, "two", &todo{}}},
		Blob:     []byte("bytes"),
		Err:      errors.New("failed"),
		Func:     func() {},
		Chan:     make(chan int, 1),
		Cache:    &cached{},
		Count:    new(atomic.Int64),
		At:       time.Now(),
		Embedded: Embedded{map[any]any{1: "int", "1": "string", 1.5: &node{}}},
		hidden:   map[[2]int]*todo{{1, 2}: {}},
	}
}

func TestAChangeInPlaceIsFoundAndNamed(t *testing.T) {
	for want, change := range map[string]func(*everything){
		".Items":            func(e *everything) { e.Items = append(e.Items, todo{}) },
		".Items[1].Done":    func(e *everything) { e.Items[1].Done = true },
		".Items[0].tags[0]": func(e *everything) { e.Items[0].tags[0] = "y" },
		".Items[0].Due":     func(e *everything) { e.Items[0].Due = new(time.Time) },
		".Items[1].Due.ext": func(e *everything) { *e.Items[1].Due = time.Unix(6, 0) },
		`.ByID["2"].Text`:   func(e *everything) { e.ByID["2"].Text = "zwei" },
		`.ByID`:             func(e *everything) { delete(e.ByID, "1"); e.ByID["3"] = nil },
		`.ByNumber`:         func(e *everything) { e.ByNumber[9] = nil },
		`.ByNumber[8]`:      func(e *everything) { e.ByNumber[8] = []string{} },
		".Ring.Next.Name":   func(e *everything) { e.Ring.Next.Name = "c" },
		".Ring.Next.Next":   func(e *everything) { e.Ring.Next.Next = e.Ring.Next },
		`.Any["list"][0]`:   func(e *everything) { e.Any.(map[string]any)["list"].([]any)[0] = 2 },
		".Array[2]":         func(e *everything) { e.Array[2] = 1 },
		".Blob":             func(e *everything) { e.Blob[0] = 'B' },
		".Float":            func(e *everything) { e.Float = math.Inf(1) },
		".Complex":          func(e *everything) { e.Complex += 1i },
		".Err":              func(e *everything) { e.Err = errors.New("failed") },
		".Func":             func(e *everything) { e.Func = func() { _ = e } },
		".Chan":             func(e *everything) { e.Chan = make(chan int, 1) },
		".Cache":            func(e *everything) { e.Cache = &cached{} },
		".Count":            func(e *everything) { e.Count = new(atomic.Int64) },
		".Embedded.Deep[1]": func(e *everything) { e.Deep[1] = 1 },
		".hidden[[2]int].Done": func(e *everything) {
			e.hidden[[2]int{1, 2}].Done = true
		},
	} {
		t.Run(want, func(t *testing.T) {
			var r inspect.Reader
			e := full()
			before := r.Print(e)
			if place, changed := r.Compare(e, before); changed {
				t.Fatalf("nothing changed, found %q", place.Path)
			}
			change(e)
			place, changed := r.Compare(e, before)
			if !changed || place.Path != want {
				t.Errorf("found %t at %q", changed, place.Path)
			}
			if place, changed := r.Compare(e, r.Print(e)); changed {
				t.Errorf("after a new print, found %q", place.Path)
			}
		})
	}
}

func TestWhatTakesCareOfItselfMayChange(t *testing.T) {
	var r inspect.Reader
	e := full()
	before := r.Print(e)
	e.Count.Add(1)
	e.Cache.once.Do(func() { e.Cache.list, e.Cache.N = []int{1}, 1 })
	e.Chan <- 1
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_ = e.At.In(time.Local)
	if place, changed := r.Compare(e, before); changed {
		t.Errorf("found %q", place.Path)
	}
	withContext := []any{ctx, fmt.Errorf("wrapped: %w", ctx.Err())}
	if _, changed := r.Compare(&withContext, r.Print(&withContext)); changed {
		t.Error("a context or an error differs from itself")
	}
}

func TestPatternsAreTheSameForAllElements(t *testing.T) {
	var r inspect.Reader
	e := full()
	before := r.Print(e)
	e.Items[0].tags[0] = "changed"
	if place, _ := r.Compare(e, before); place.Pattern != ".Items[].tags[]" {
		t.Errorf("pattern %q", place.Pattern)
	}
}

func TestSkippedFields(t *testing.T) {
	r := inspect.Reader{Skip: func(pattern string) bool { return pattern == ".Items[].Done" || pattern == ".ByID" }}
	e := full()
	before := r.Print(e)
	e.Items[1].Done = true
	e.ByID["3"] = nil
	if place, changed := r.Compare(e, before); changed {
		t.Errorf("found %q", place.Path)
	}
	e.Items[1].Text = "changed"
	if _, changed := r.Compare(e, before); !changed {
		t.Error("a field beside a skipped one is not looked at")
	}
}

func TestTheLimit(t *testing.T) {
	r := inspect.Reader{Limit: 100}
	list := make([]int, 1000)
	before := r.Print(&list)
	if before.Len() != 100 {
		t.Errorf("looked at %d parts", before.Len())
	}
	list[999] = 1
	if _, changed := r.Compare(&list, before); changed {
		t.Error("found a change behind the limit")
	}
	list[50] = 1
	if place, changed := r.Compare(&list, before); !changed || place.Path != "[50]" {
		t.Errorf("found %t at %q", changed, place.Path)
	}
}

func TestASharedPartIsReadOnce(t *testing.T) {
	// 2^40 paths lead through it.
	n := &node{Name: "end"}
	for range 40 {
		n = &node{Next: n, Any: n}
	}
	var r inspect.Reader
	if got := r.Print(n).Len(); got > 500 {
		t.Errorf("looked at %d parts", got)
	}
}

func TestEqual(t *testing.T) {
	var strict inspect.Reader
	loose := inspect.Reader{Loose: true}
	fn := func(n int) func() int { return func() int { return n } }
	for _, tc := range []struct {
		name          string
		a, b          any
		strict, loose bool
	}{
		{"equal lists", &[]string{"a"}, &[]string{"a"}, true, true},
		{"other lists", &[]string{"a"}, &[]string{"b"}, false, false},
		{"nil and empty", &[]string{}, new([]string), false, false},
		{"other types", new(int), new(uint), false, false},
		{"maps in another order", &map[int]bool{1: true, 2: false, 3: true}, &map[int]bool{3: true, 2: false, 1: true}, true, true},
		{"functions", new(fn(1)), new(fn(2)), false, true},
		{"locks", new(&sync.Mutex{}), new(&sync.Mutex{}), false, true},
		{"a lock and none", new(&sync.Mutex{}), new((*sync.Mutex)(nil)), false, false},
		{"maps by pointer", &map[*int]int{new(1): 1, new(2): 2}, &map[*int]int{new(1): 1, new(2): 2}, false, true},
		{"NaN as a key", &map[float64]int{math.NaN(): 1, math.NaN(): 2}, &map[float64]int{math.NaN(): 2, math.NaN(): 1}, true, true},
		{"unsafe pointers", new(unsafe.Pointer(new(int))), new(unsafe.Pointer(new(int))), false, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := strict.Equal(tc.a, tc.b); got != tc.strict {
				t.Errorf("strict: %t", got)
			}
			if got := loose.Equal(tc.a, tc.b); got != tc.loose {
				t.Errorf("loose: %t", got)
			}
		})
	}
}

func TestReadersInParallel(t *testing.T) {
	type local struct{ Next map[string]*local }
	v := &local{map[string]*local{"a": {}}}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			var r inspect.Reader
			if _, changed := r.Compare(v, r.Print(v)); changed {
				t.Error("found a change")
			}
		})
	}
	wg.Wait()
}

func BenchmarkCompare(b *testing.B) {
	items := make([]todo, 10_000)
	for i := range items {
		items[i] = todo{Text: "something to do", tags: []string{"a", "b"}}
	}
	var r inspect.Reader
	print := r.Print(&items)
	b.ReportMetric(float64(print.Len()), "parts")
	for b.Loop() {
		r.Compare(&items, print)
	}
}
