//go:build browser && !js

package browser

import (
	"slices"
	"strings"

	"github.com/chromedp/chromedp"
)

// Allow names texts of console errors that the test provokes; all others fail it.
func (tab *Tab) Allow(texts ...string) {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	tab.allowed = append(tab.allowed, texts...)
}

func (tab *Tab) permits(text string) bool {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	return slices.ContainsFunc(tab.allowed, func(a string) bool { return strings.Contains(text, a) })
}

// listen reads the console until the tab closes; the channel is closed then.
func (tab *Tab) listen() <-chan struct{} {
	messages := chromedp.Console(tab.ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for m, err := range messages {
			if err != nil {
				return
			}
			if (m.Type == chromedp.ConsoleError || m.IsException()) && !tab.permits(m.Text) {
				tab.t.Errorf("console: %s (%s)", m.Text, m.URL)
			}
		}
	}()
	return done
}
