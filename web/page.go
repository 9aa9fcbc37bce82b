//go:build !js

package web

import (
	"bytes"
	"embed"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

//go:embed shell
var shell embed.FS

// fragment returns a part of the page for the application called name.
func fragment(file, name string) string {
	raw, err := shell.ReadFile("shell/" + file)
	if err != nil {
		panic(err) // it is embedded
	}
	return strings.TrimSpace(strings.ReplaceAll(string(raw), "NAME", html.EscapeString(name)))
}

// page puts right what go-app's page has hard-coded. Each edit replaces one text that must be there: where a new go-app
// writes another page, NewHost reports it instead of serving a page that is half edited.
type page struct {
	edits []edit
}

type edit struct{ old, new string }

func newPage(name string) page {
	return page{edits: []edit{
		// A page that cannot be zoomed shuts out those who read with large letters.
		{"width=device-width, initial-scale=1, maximum-scale=1, user-scalable=0, viewport-fit=cover",
			"width=device-width, initial-scale=1, viewport-fit=cover"},
		// Of several theme colours the first that matches counts, so ours go before go-app's. The scripts go first: one
		// sets the theme before anything is drawn, the other watches what the rest does.
		{"<head>", "<head>\n" +
			`<meta name="color-scheme" content="light dark">` + "\n" +
			`<meta name="theme-color" media="(prefers-color-scheme: light)" content="` + colourLight + `">` + "\n" +
			`<meta name="theme-color" media="(prefers-color-scheme: dark)" content="` + colourDark + `">` + "\n" +
			`<script src="/web/theme.js"></script>` + "\n" +
			`<script src="/web/shell.js" defer></script>`},
		// The name stands beside the icon.
		{`id="app-wasm-loader-icon"`, `id="app-wasm-loader-icon" alt=""`},
		{"</aside>\n</body>", fragment("loader.html", name) + "\n</aside>\n" + fragment("failure.html", name) + "\n</body>"},
	}}
}

// social are tags for social networks. They say nothing useful of a page behind a log-in, and go-app guesses its address.
var social = regexp.MustCompile(`<meta [^>]*property="og:[^>]*>\n`)

// apply edits a page.
func (p page) apply(page string) (string, error) {
	page = social.ReplaceAllString(page, "")
	for _, e := range p.edits {
		i := strings.LastIndex(page, e.old)
		if i < 0 {
			return "", fmt.Errorf("web: go-app's page has no %q to edit", e.old)
		}
		page = page[:i] + e.new + page[i+len(e.old):]
	}
	return page, nil
}

// render has go-app draw the page of a path and returns it edited, with the status: 404 for a path that no route has, which
// then gets the page of "/" so that the program can say it in its own words.
func (h *Host) render(path string) (status int, page string, err error) {
	status = http.StatusOK
	drawn := h.draw(path)
	if drawn.status == http.StatusNotFound && path != "/" {
		status, drawn = http.StatusNotFound, h.draw("/")
	}
	if drawn.status != http.StatusOK {
		return 0, "", fmt.Errorf(`web: go-app answers %d for "/": register a route for it with app.Route`, drawn.status)
	}
	page, err = h.page.apply(drawn.body.String())
	return status, page, err
}

// draw asks go-app for one of its answers. Only the path is handed on: go-app writes the rest of the URL into the page
// without escaping it.
func (h *Host) draw(path string) *recorder { return record(h.app, path) }

func record(handler *app.Handler, path string) *recorder {
	rec := &recorder{status: http.StatusOK, header: http.Header{}}
	handler.ServeHTTP(rec, &http.Request{
		Method: http.MethodGet,
		URL:    &url.URL{Path: path},
		Header: http.Header{},
		Host:   "localhost",
	})
	return rec
}

// recorder keeps an answer in memory.
type recorder struct {
	status int
	header http.Header
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }
