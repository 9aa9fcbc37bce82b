//go:build browser && !js

package browser

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// API is the prefix of the paths that [Tab.Requests] lists.
const API = "/rest/"

// Request is something the page asked the server.
type Request struct {
	Method string
	Path   string // with the query, as the server sees it
	Body   string
	Status int    // 0: no answer yet, or none at all
	Failed string // why there is no answer, such as "net::ERR_CONNECTION_REFUSED"
}

// String returns method and path.
func (r Request) String() string { return r.Method + " " + r.Path }

// requests collects them. Its zero value is ready for use.
type requests struct {
	mu     sync.Mutex
	order  []network.RequestID
	byID   map[network.RequestID]*Request
	ended  map[network.RequestID]bool
	paused chan *fetch.EventRequestPaused
}

// hear notes an event. The browser's messages wait for it, so it does nothing else.
func (r *requests) hear(event any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		u, err := url.Parse(e.Request.URL)
		if err != nil || !strings.HasPrefix(u.Path, API) {
			return
		}
		if r.byID == nil {
			r.byID, r.ended = map[network.RequestID]*Request{}, map[network.RequestID]bool{}
		}
		if r.byID[e.RequestID] == nil {
			r.order = append(r.order, e.RequestID)
		}
		r.byID[e.RequestID] = &Request{Method: e.Request.Method, Path: u.RequestURI(), Body: body(e.Request)}
	case *network.EventResponseReceived:
		if request := r.byID[e.RequestID]; request != nil {
			request.Status = int(e.Response.Status)
		}
	case *network.EventLoadingFinished:
		if r.byID[e.RequestID] != nil {
			r.ended[e.RequestID] = true
		}
	case *network.EventLoadingFailed:
		if request := r.byID[e.RequestID]; request != nil {
			request.Failed = cmp.Or(e.ErrorText, "canceled")
			r.ended[e.RequestID] = true
		}
	case *page.EventFrameNavigated:
		if e.Frame.ParentID == "" {
			r.leave()
		}
	case *fetch.EventRequestPaused:
		if r.paused != nil {
			r.paused <- e // has room for all that a test can have in flight
		}
	}
}

// leave ends the requests of a page that was left: the browser says nothing more of them.
func (r *requests) leave() {
	for id, request := range r.byID {
		if !r.ended[id] {
			request.Failed = cmp.Or(request.Failed, "the page was left")
			r.ended[id] = true
		}
	}
}

func body(r *network.Request) string {
	var b strings.Builder
	for _, entry := range r.PostDataEntries {
		b.Write(entry.Bytes)
	}
	return b.String()
}

func (r *requests) list() []Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := make([]Request, 0, len(r.order))
	for _, id := range r.order {
		all = append(all, *r.byID[id])
	}
	return all
}

func (r *requests) pending() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.order) - len(r.ended)
}

// Requests lists what the page has asked the server so far.
func (tab *Tab) Requests() []Request { return tab.requests.list() }

// Asked waits until the page has its answers and returns what it asked since it had asked n times.
func (tab *Tab) Asked(n int) []Request {
	tab.t.Helper()
	tab.Settle()
	return tab.Requests()[n:]
}

// UntilAsked waits until the page has asked something that matches, after it had asked n times, and has the answer.
func (tab *Tab) UntilAsked(n int, what string, matches func(Request) bool) {
	tab.t.Helper()
	tab.do("waiting for "+what, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		for !slices.ContainsFunc(tab.Requests()[n:], func(r Request) bool { return matches(r) && (r.Status != 0 || r.Failed != "") }) {
			if _, err := chromedp.Sleep(10*time.Millisecond)(ctx, target); err != nil {
				return err
			}
		}
		return nil
	}))
}

// Stage is when a request is held.
type Stage = fetch.RequestStage

// The stages: before the server has it, and after the server has answered.
const (
	Unsent   = fetch.RequestStageRequest
	Answered = fetch.RequestStageResponse
)

// Held is a request that the page waits for.
type Held struct {
	tab  *Tab
	id   chan fetch.RequestID
	stop func()
}

// Hold holds the first request of a method below [API] from now on. All others pass.
func (tab *Tab) Hold(method string, stage Stage) *Held {
	tab.t.Helper()
	ctx, cancel := context.WithCancel(tab.ctx)
	paused := make(chan *fetch.EventRequestPaused, 256)
	tab.requests.mu.Lock()
	tab.requests.paused = paused
	tab.requests.mu.Unlock()
	held := &Held{tab: tab, id: make(chan fetch.RequestID, 1)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for found := false; ; {
			select {
			case e := <-paused:
				if !found && e.Request.Method == method {
					found = true
					held.id <- e.RequestID
				} else if err := release(ctx, e.RequestID); err != nil && ctx.Err() == nil {
					tab.t.Errorf("letting %s %s pass: %v", e.Request.Method, e.Request.URL, err)
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	held.stop = sync.OnceFunc(func() {
		tab.requests.mu.Lock()
		tab.requests.paused = nil
		tab.requests.mu.Unlock()
		cancel()
		<-done
	})
	tab.t.Cleanup(held.stop)
	patterns := []*fetch.RequestPattern{{URLPattern: "*" + API + "*", RequestStage: stage}}
	if _, err := chromedp.Call(ctx, fetch.Enable, fetch.EnableParams{Patterns: patterns}); err != nil {
		tab.t.Fatal(err)
	}
	return held
}

func release(ctx context.Context, id fetch.RequestID) error {
	_, err := chromedp.Call(ctx, fetch.ContinueRequest, fetch.ContinueRequestParams{RequestID: id})
	return err
}

// Wait waits until the request is there and returns the function that lets it go on: to the server, or with its answer to
// the page. A cause, such as network.ErrorReasonConnectionReset, makes it fail instead.
func (h *Held) Wait() (goOn func(cause network.ErrorReason)) {
	h.tab.t.Helper()
	select {
	case id := <-h.id:
		return func(cause network.ErrorReason) {
			h.tab.t.Helper()
			defer h.stop()
			var err error
			if cause == "" {
				err = release(h.tab.ctx, id)
			} else {
				_, err = chromedp.Call(h.tab.ctx, fetch.FailRequest, fetch.FailRequestParams{RequestID: id, ErrorReason: cause})
			}
			if err == nil {
				_, err = chromedp.Call(h.tab.ctx, fetch.Disable, cdp.Empty{})
			}
			if err != nil {
				h.tab.t.Fatal(err)
			}
		}
	case <-time.After(Patience):
		h.tab.t.Fatalf("no such request came\n%s", h.tab.shown())
		return nil
	}
}

// Offline takes the network from the page, or gives it back; the page hears of it. A service worker keeps its own.
func (tab *Tab) Offline(off bool) {
	tab.t.Helper()
	conditions := network.Conditions{Offline: off, DownloadThroughput: -1, UploadThroughput: -1}
	_, err := chromedp.Call(tab.ctx, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{&conditions},
	})
	if err == nil {
		_, err = chromedp.Call(tab.ctx, network.OverrideNetworkState, network.OverrideNetworkStateParams{
			Offline: off, DownloadThroughput: -1, UploadThroughput: -1,
		})
	}
	if err != nil {
		tab.t.Fatal(err)
	}
}
