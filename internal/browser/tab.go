//go:build browser && !js

package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// Tab is one page, as a person sees and uses it. Elements are named by CSS selectors. Its methods end the test where they
// fail, so they belong to the test's goroutine.
type Tab struct {
	t        *testing.T
	ctx      context.Context
	requests requests
	screen   Screen
	theme    Theme

	mu      sync.Mutex
	allowed []string
}

// Eval returns the value of a JavaScript expression; a promise's value where it is one.
func Eval[T any](tab *Tab, expression string) T {
	tab.t.Helper()
	v, err := run(tab, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		tab.t.Fatalf("%s: %v", clip(expression), err)
	}
	return v
}

// run runs an action for as long as patience lasts.
func run[T any](tab *Tab, action chromedp.Action[T]) (T, error) {
	ctx, cancel := context.WithTimeout(tab.ctx, Patience)
	defer cancel()
	return chromedp.Run(ctx, action)
}

// do runs steps and says what they were for where they fail.
func (tab *Tab) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	tab.t.Helper()
	if _, err := run(tab, chromedp.Steps(steps...)); err != nil {
		tab.t.Fatalf("%s: %v\n%s", what, err, tab.shown())
	}
}

// Open goes to a URL and waits until its page is loaded.
func (tab *Tab) Open(url string) { tab.t.Helper(); tab.do("opening "+url, chromedp.Navigate(url)) }

// Reload loads the page again.
func (tab *Tab) Reload() { tab.t.Helper(); tab.do("reload", chromedp.Reload()) }

// Back presses the browser's button.
func (tab *Tab) Back() {
	tab.t.Helper()
	tab.do("back", chromedp.Evaluate[chromedp.Void](`history.back()`))
}

// Until waits for a JavaScript condition, also over a reload.
func (tab *Tab) Until(condition string) {
	tab.t.Helper()
	tab.do("waiting for "+clip(condition), chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		for {
			if ok, err := chromedp.Evaluate[bool](`Boolean(`+condition+`)`)(ctx, target); err == nil && ok {
				return nil
			}
			if _, err := chromedp.Sleep(20*time.Millisecond)(ctx, target); err != nil {
				return err
			}
		}
	}))
}

// UntilText waits until an element shows a text, perhaps among others.
func (tab *Tab) UntilText(css, text string) {
	tab.t.Helper()
	tab.Until(fmt.Sprintf(`document.querySelector(%s)?.innerText?.includes(%s)`, quote(css), quote(text)))
}

// UntilGone waits until no element matches.
func (tab *Tab) UntilGone(css string) {
	tab.t.Helper()
	tab.Until(fmt.Sprintf(`document.querySelector(%s) === null`, quote(css)))
}

// Settle waits until the page has asked what it asks as a consequence of what it just showed, and has all answers.
func (tab *Tab) Settle() {
	tab.t.Helper()
	const frames = `new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(r))))`
	for start := time.Now(); time.Since(start) < Patience; {
		before := len(tab.Requests())
		Eval[chromedp.Void](tab, frames)
		if len(tab.Requests()) == before && tab.requests.pending() == 0 {
			return
		}
	}
	tab.t.Fatalf("the page does not come to rest\n%s", tab.shown())
}

// Text returns what an element shows; "" where there is none.
func (tab *Tab) Text(css string) string {
	tab.t.Helper()
	return Eval[string](tab, fmt.Sprintf(`document.querySelector(%s)?.innerText ?? ""`, quote(css)))
}

// Value returns the value of an input.
func (tab *Tab) Value(css string) string {
	tab.t.Helper()
	return Eval[string](tab, fmt.Sprintf(`document.querySelector(%s).value`, quote(css)))
}

// Count returns how many elements match.
func (tab *Tab) Count(css string) int {
	tab.t.Helper()
	return Eval[int](tab, fmt.Sprintf(`document.querySelectorAll(%s).length`, quote(css)))
}

// Path returns the path and the query of the page's address.
func (tab *Tab) Path() string {
	tab.t.Helper()
	return Eval[string](tab, `location.pathname + location.search`)
}

// Click clicks the middle of the first element that matches, as soon as nothing lies over it.
func (tab *Tab) Click(css string) { tab.t.Helper(); tab.click(css, 1) }

// DoubleClick clicks twice, as fast as the browser takes it.
func (tab *Tab) DoubleClick(css string) { tab.t.Helper(); tab.click(css, 2) }

// place scrolls an element into view and returns its middle, or null where a click there would hit something else.
const place = `((css) => {
	const e = document.querySelector(css);
	if (!e) return null;
	e.scrollIntoView({ block: "center", behavior: "instant" });
	const r = e.getBoundingClientRect(), x = r.left + r.width / 2, y = r.top + r.height / 2;
	const hit = document.elementFromPoint(x, y);
	return r.width > 0 && (e === hit || e.contains(hit) || hit?.closest("label")?.control === e) ? [x, y] : null;
})(%s)`

func (tab *Tab) click(css string, times int) {
	tab.t.Helper()
	where := fmt.Sprintf(place, quote(css))
	tab.Until(where)
	at := Eval[[]float64](tab, where)
	if len(at) != 2 {
		tab.t.Fatalf("%s moved away under the mouse\n%s", css, tab.shown())
	}
	var steps []chromedp.Action[chromedp.Void]
	for n := range times {
		steps = append(steps, chromedp.MouseClickXY(at[0], at[1], chromedp.ClickCount(n+1)))
	}
	tab.do("clicking "+css, steps...)
}

// Type puts text in the place of what an input holds, as if it was typed.
func (tab *Tab) Type(css, text string) {
	tab.t.Helper()
	tab.Click(css)
	tab.do("typing into "+css,
		chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`document.querySelector(%s).select()`, quote(css))),
		chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			if text == "" {
				_, err := chromedp.KeyEvent("\b")(ctx, target)
				return err
			}
			_, err := chromedp.Call(ctx, input.InsertText, input.InsertTextParams{Text: text})
			return err
		}))
}

// Press presses keys one after the other, wherever the focus is; the constants of chromedp's package kb name the special
// ones.
func (tab *Tab) Press(keys string) { tab.t.Helper(); tab.do("pressing keys", chromedp.KeyEvent(keys)) }

// Focused returns the selector of what has the focus: "#id", or the element's name with its data-action.
func (tab *Tab) Focused() string {
	tab.t.Helper()
	return Eval[string](tab, `((e) => !e || e === document.body ? "" : e.id ? "#" + e.id :
		e.localName + (e.dataset.action ? '[data-action="' + e.dataset.action + '"]' : ""))(document.activeElement)`)
}

// shown is the page in words, for messages.
func (tab *Tab) shown() string {
	ctx, cancel := context.WithTimeout(tab.ctx, time.Second)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`location.href + "\n" + document.body.innerText`))
	if err != nil {
		return fmt.Sprintf("(the page does not answer: %v)", err)
	}
	return "the page shows " + text + "\nlast requests: " + strings.Join(last(tab.Requests(), 8), ", ")
}

// quote makes a JavaScript string.
func quote(s string) string {
	raw, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string can be written as JSON
	}
	return string(raw)
}

func clip(s string) string {
	if len(s) > 300 {
		return s[:300] + "…"
	}
	return s
}

func last(all []Request, n int) []string {
	var lines []string
	for _, r := range all[max(0, len(all)-n):] {
		lines = append(lines, r.String())
	}
	return lines
}
