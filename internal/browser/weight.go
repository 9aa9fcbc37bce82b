//go:build browser && !js

package browser

import (
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/heapprofiler"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/chromedp"
)

// Weight is what a page holds in memory after the browser has collected its garbage.
type Weight struct {
	Elements  int // in the document
	Nodes     int // in the document, and those that a script still holds
	Listeners int // for events
	HeapBytes int // of JavaScript; the memory of WebAssembly is not part of it
}

// Weigh measures the page.
func (tab *Tab) Weigh() (w Weight) {
	tab.t.Helper()
	if _, err := chromedp.Call(tab.ctx, heapprofiler.CollectGarbage, cdp.Empty{}); err != nil {
		tab.t.Fatal(err)
	}
	if _, err := chromedp.Call(tab.ctx, performance.Enable, performance.EnableParams{}); err != nil {
		tab.t.Fatal(err)
	}
	metrics, err := chromedp.Call(tab.ctx, performance.GetMetrics, cdp.Empty{})
	if err != nil {
		tab.t.Fatal(err)
	}
	w.Elements = Eval[int](tab, `document.querySelectorAll("*").length`)
	for _, m := range metrics.Metrics {
		switch m.Name {
		case "Nodes":
			w.Nodes = int(m.Value)
		case "JSEventListeners":
			w.Listeners = int(m.Value)
		case "JSHeapUsedSize":
			w.HeapBytes = int(m.Value)
		}
	}
	return w
}
