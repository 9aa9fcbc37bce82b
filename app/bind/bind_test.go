//go:build !js

package bind_test

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"slate/app/bind"
	"slate/app/bind/bindtest"
	"slate/store"
)

// The state of the tests: rows with a number each, and a word that nobody counts.
type table struct {
	Rows []int
	Word string
}

var (
	tableSlice = store.NewSlice("table", table{Rows: make([]int, 10)})
	setRow     = store.Case(tableSlice, "setRow", func(s table, r [2]int) table {
		s.Rows = slices.Clone(s.Rows)
		s.Rows[r[0]] = r[1]
		return s
	})
	setAll  = store.Case(tableSlice, "setAll", func(s table, rows []int) table { s.Rows = rows; return s })
	setWord = store.Case(tableSlice, "setWord", func(s table, w string) table { s.Word = w; return s })
	word    = store.Select(tableSlice, func(s table) string { return s.Word })
	length  = store.Select(tableSlice, func(s table) int { return len(s.Rows) })
	rowsOf  = store.Select(tableSlice, func(s table) []int { return s.Rows })
	sum     = store.Select(tableSlice, func(s table) (n int) {
		for _, r := range s.Rows {
			n += r
		}
		return n
	})
)

// row bears that its row is gone: the store asks until the view has left the page.
func row(i int) store.Selector[int] {
	return store.Select(tableSlice, func(s table) int {
		if i < len(s.Rows) {
			return s.Rows[i]
		}
		return 0
	})
}

func newStore(t testing.TB, slices ...store.Mountable) *store.Store {
	t.Helper()
	st, err := store.New(store.Options{Logger: slog.New(slog.DiscardHandler)}, append(slices, tableSlice)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return st
}

func dispatch(t testing.TB, st *store.Store, actions ...store.Action) {
	t.Helper()
	for _, a := range actions {
		if err := st.Dispatch(a); err != nil {
			t.Fatal(err)
		}
	}
}

// counter counts drawings.
type counter struct {
	mu sync.Mutex
	n  map[string]int
}

func (c *counter) add(what string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.n == nil {
		c.n = map[string]int{}
	}
	c.n[what]++
}

// take returns the counts since the last call.
func (c *counter) take() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := c.n
	c.n = nil
	return n
}

func text(format string, args ...any) app.UI { return app.P().Text(fmt.Sprintf(format, args...)) }

// list draws a row for each number, and counts.
func list(c *counter) app.UI {
	return bind.View(func(s *bind.Scope) app.UI {
		c.add("list")
		n := bind.Select(s, length)
		return app.Div().Body(app.Range(make([]struct{}, n)).Slice(func(i int) app.UI {
			return bind.View(func(s *bind.Scope) app.UI {
				c.add("row " + fmt.Sprint(i))
				return text("row %d is %d", i, bind.Select(s, row(i)))
			})
		}))
	})
}

func want(t *testing.T, html string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(html, part) {
			t.Errorf("no %q in %s", part, html)
		}
	}
}

func TestOnlyWhatReadTheChangeIsDrawn(t *testing.T) {
	st := newStore(t)
	var c counter
	page := bindtest.Mount(t, st, list(&c))
	want(t, page.HTML(), "row 0 is 0", "row 9 is 0")
	c.take()

	dispatch(t, st, setRow([2]int{3, 7}))
	want(t, page.HTML(), "row 3 is 7")
	if got := c.take(); len(got) != 1 || got["row 3"] != 1 {
		t.Errorf("one row changed, drawn were %v", got)
	}
	dispatch(t, st, setWord("nobody reads it"))
	page.Settle()
	if got := c.take(); len(got) != 0 {
		t.Errorf("nothing that is read changed, drawn were %v", got)
	}
}

func TestABurstIsDrawnOnce(t *testing.T) {
	st := newStore(t)
	var c counter
	page := bindtest.Mount(t, st, list(&c))
	c.take()

	const goroutines, each = 8, 100
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			for i := range each {
				if err := st.Dispatch(setRow([2]int{(g + i) % 10, g*each + i + 1})); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	page.Settle()
	for what, n := range c.take() {
		if n != 1 {
			t.Errorf("%s was drawn %d times", what, n)
		}
	}
	state := tableSlice.Of(st.State())
	for i, r := range state.Rows {
		want(t, page.HTML(), fmt.Sprintf("row %d is %d<", i, r))
	}
}

func TestMoreViewsThanGoAppsQueueHolds(t *testing.T) {
	const n = 10_000
	st := newStore(t)
	dispatch(t, st, setAll(make([]int, 100)))
	var c counter
	// The list grows in portions: go-app itself cannot mount more than 4,096 components in one go.
	page := bindtest.Mount(t, st, list(&c))
	for size := 1_000; size <= n; size += 1_000 {
		dispatch(t, st, setAll(make([]int, size)))
		page.Settle()
	}
	c.take()
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i + 1
	}
	dispatch(t, st, setAll(rows))
	want(t, page.HTML(), "row 9999 is 10000")
	if got := c.take(); len(got) != n {
		t.Errorf("%d of %d rows were drawn", len(got), n)
	}
}

func TestWhatLeavesThePageIsWatchedNoMore(t *testing.T) {
	st := newStore(t)
	var c counter
	page := bindtest.Mount(t, st, list(&c))
	dispatch(t, st, setAll(make([]int, 2)))
	page.Settle()
	c.take()
	dispatch(t, st, setAll([]int{5, 5}))
	page.Settle()
	if got := c.take(); len(got) != 2 {
		t.Errorf("drawn were %v", got)
	}
}

func TestWhatIsReadNoMoreIsWatchedNoMore(t *testing.T) {
	st := newStore(t)
	drawn := 0
	page := bindtest.Mount(t, st, bind.View(func(s *bind.Scope) app.UI {
		drawn++
		if bind.Select(s, word) == "sum" {
			return text("sum %d", bind.Select(s, sum))
		}
		return text("no sum")
	}))
	step := func(a store.Action, want int, what string) {
		t.Helper()
		drawn = 0
		dispatch(t, st, a)
		page.Settle()
		if drawn != want {
			t.Errorf("%s: drawn %d times, want %d", what, drawn, want)
		}
	}
	step(setRow([2]int{0, 1}), 0, "the sum is not read")
	step(setWord("sum"), 1, "the word is")
	step(setRow([2]int{0, 2}), 1, "the sum is read now")
	step(setWord(""), 1, "the word still is")
	step(setRow([2]int{0, 3}), 0, "the sum is read no more")
}

func TestADrawingReadsOneSnapshot(t *testing.T) {
	st := newStore(t)
	torn := false
	page := bindtest.Mount(t, st, bind.View(func(s *bind.Scope) app.UI {
		before := bind.Select(s, row(0))
		if before < 3 {
			dispatch(t, st, setRow([2]int{0, before + 1})) // what another goroutine may do at this moment
		}
		torn = torn || bind.Select(s, row(0)) != before
		return text("at %d", before)
	}))
	want(t, page.HTML(), "at 3")
	if torn {
		t.Error("two reads of one drawing differ")
	}
}

func TestAChangeBetweenDrawingAndSubscribingIsSeen(t *testing.T) {
	st := newStore(t)
	page := bindtest.Mount(t, st, bind.View(func(s *bind.Scope) app.UI {
		w := bind.Select(s, word)
		bind.Effect(s, "once", func(app.Context) func() {
			dispatch(t, st, setWord("late"))
			return nil
		})
		return text("word %q", w)
	}))
	want(t, page.HTML(), "late")
}

// A view that changes what it reads each time it is drawn must not stop the page.
func TestADrawingThatNeverEndsLetsOthersIn(t *testing.T) {
	st := newStore(t)
	n := 0
	page := bindtest.Mount(t, st, bind.View(func(s *bind.Scope) app.UI {
		if n++; n < 1000 {
			dispatch(t, st, setRow([2]int{0, n}))
		}
		return text("%d", bind.Select(s, row(0)))
	}))
	want(t, page.HTML(), "999")
}

func TestWithoutAStoreViewsDrawTheInitialState(t *testing.T) {
	html := app.HTMLString(bind.View(func(s *bind.Scope) app.UI {
		handler, scope := s.On(func(app.Context, app.Event) {})
		return app.Button().Text(fmt.Sprint("rows ", bind.Select(s, length))).OnClick(handler, scope)
	}))
	want(t, html, "rows 10")
}
