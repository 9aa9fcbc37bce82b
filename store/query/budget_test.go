package query_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"

	"slate/store"
	"slate/store/query"
)

// number is a small answer, asked for by number.
type number struct{ N, Rev int }

// numbers is an API whose answers are there at once.
type numbers struct {
	api *query.API
	tag query.TagType
	get *query.Query[int, number]
}

func newNumbers() numbers {
	n := numbers{api: query.NewAPI("numbers").WithDefaults(query.Defaults{MaxUnused: 1 << 20}), tag: query.NewTag("Number")}
	n.get = query.New(n.api, query.Spec[int, number]{
		Name:     "get",
		Fetch:    func(_ context.Context, _ query.Call, id int) (number, error) { return number{N: id}, nil },
		Provides: func(_ number, _ error, id int) []query.Tag { return n.tag.IDs(fmt.Sprint(id)) },
	})
	return n
}

// watched returns a store in which count entries are subscribed to and settled.
func (n numbers) watched(t testing.TB, count int) *store.Store {
	st := open(t, store.Options{}, n.api)
	subs := make([]*query.Subscription[number], count)
	for i := range subs {
		subs[i] = n.get.Subscribe(st, i, nil)
	}
	for i := range subs {
		if _, err := subs[i].Await(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	return st
}

func TestReadingAllocatesNothing(t *testing.T) {
	n := newNumbers()
	st := n.watched(t, 1000)
	sub := n.get.Subscribe(st, 500, nil)
	defer sub.Close()
	state := st.State()
	var sink query.Result[number]
	for name, read := range map[string]func(){
		"Result": func() { sink = sub.Result() },
		"Peek":   func() { sink = n.get.Peek(state, 200) },
	} {
		if allocs := testing.AllocsPerRun(100, read); allocs > 0 {
			t.Errorf("%s allocates %v times, want 0", name, allocs)
		}
		check(t, name, sink.HasData, true)
	}
	selector := n.get.Select(500)
	if allocs := testing.AllocsPerRun(100, func() { sink = selector.Of(state) }); allocs > 0 {
		t.Errorf("a selector allocates %v times, want 0", allocs)
	}
	// An argument that does not fit in a word of its own is boxed once.
	if allocs := testing.AllocsPerRun(100, func() { sink = n.get.Peek(state, 500) }); allocs > 1 {
		t.Errorf("Peek of a large number allocates %v times, want at most 1", allocs)
	}
}

// What an invalidation of one entry costs, its refetch included, must not depend on how many there are. The persistent map
// is one level deeper where there are 32 times as many, which is two allocations for each of its four changes.
func TestInvalidatingOneEntryCostsTheSameAmongMany(t *testing.T) {
	cost := func(count int) float64 {
		var allocs float64
		synctest.Test(t, func(t *testing.T) {
			n := newNumbers()
			st := n.watched(t, count)
			tag := n.tag.ID(fmt.Sprint(count / 2))
			allocs = testing.AllocsPerRun(20, func() {
				if err := query.Invalidate(st, tag).Wait(context.Background()); err != nil {
					t.Fatal(err)
				}
			})
		})
		return allocs
	}
	few, many := cost(100), cost(10_000)
	if many > few+16 {
		t.Errorf("invalidating 1 of 10,000 allocates %v times, 1 of 100 %v times", many, few)
	}
	if many > 100 {
		t.Errorf("invalidating 1 of 10,000 allocates %v times, want at most 100", many)
	}
	t.Logf("allocations: 1 of 100: %v, 1 of 10,000: %v", few, many)
}

// BenchmarkAddAndSettle asks for one more entry, beside count others, and waits for the answer.
func BenchmarkAddAndSettle(b *testing.B) {
	for _, count := range []int{0, 10_000, 100_000} {
		b.Run(fmt.Sprintf("entries=%d", count), func(b *testing.B) {
			n := newNumbers()
			st := n.watched(b, count)
			next := count
			b.ReportAllocs()
			for b.Loop() {
				next++
				if _, err := n.get.Fetch(b.Context(), st, next); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkInvalidate invalidates one watched entry and waits for its refetch.
func BenchmarkInvalidate(b *testing.B) {
	for _, count := range []int{100, 10_000, 100_000} {
		b.Run(fmt.Sprintf("1of=%d", count), func(b *testing.B) {
			n := newNumbers()
			st := n.watched(b, count)
			tag := n.tag.ID(fmt.Sprint(count / 2))
			b.ReportAllocs()
			for b.Loop() {
				if err := query.Invalidate(st, tag).Wait(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkInvalidateAll invalidates all watched entries by their type and waits for all refetches.
func BenchmarkInvalidateAll(b *testing.B) {
	n := newNumbers()
	st := n.watched(b, 1000)
	b.ReportAllocs()
	for b.Loop() {
		if err := query.Invalidate(st, n.tag.Tag()).Wait(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPeek(b *testing.B) {
	n := newNumbers()
	state := n.watched(b, 10_000).State()
	b.ReportAllocs()
	for b.Loop() {
		n.get.Peek(state, 5000)
	}
}

func BenchmarkResult(b *testing.B) {
	n := newNumbers()
	st := n.watched(b, 10_000)
	sub := n.get.Subscribe(st, 5000, nil)
	defer sub.Close()
	b.ReportAllocs()
	for b.Loop() {
		sub.Result()
	}
}

// BenchmarkSubscribe watches an entry that is cached, and leaves it.
func BenchmarkSubscribe(b *testing.B) {
	n := newNumbers()
	st := n.watched(b, 10_000)
	b.ReportAllocs()
	for b.Loop() {
		n.get.Subscribe(st, 5000, nil).Close()
	}
}

// BenchmarkIdenticalFetches lets a thousand goroutines ask for the same new entry at once.
func BenchmarkIdenticalFetches(b *testing.B) {
	n := newNumbers()
	st := open(b, store.Options{}, n.api)
	id := 0
	b.ReportAllocs()
	for b.Loop() {
		id++
		var group sync.WaitGroup
		for range 1000 {
			group.Go(func() {
				if _, err := n.get.Fetch(context.Background(), st, id); err != nil {
					b.Error(err)
				}
			})
		}
		group.Wait()
	}
}
