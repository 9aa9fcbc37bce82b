//go:build !js

package web

import (
	"io/fs"
	"time"
)

// Options sets up a [Host]. Only Program is required.
type Options struct {
	// Program is the folder that "make build" fills; see slate/internal/build/bundle.
	Program fs.FS

	// Static is served below /web/. By default what comes with the package, see [Static].
	Static fs.FS

	// Name is the application's name in titles and on the home screen; "Petra" by default.
	Name string

	// Description is one sentence for the manifest and search engines.
	Description string

	// Lang is the page's language as a BCP 47 tag; "en" by default.
	Lang string

	// Styles are the style sheets in the order they apply, as paths below /web/. By default /web/styles.css.
	Styles []string

	// Shortcuts are offered by the system where the application is installed.
	Shortcuts []Shortcut

	// Env is handed to the program, which reads it with app.Getenv. It is public: no secrets.
	Env map[string]string

	// Untouched are the paths that the service worker leaves to the network, each a prefix. By default /rest/ and /healthz.
	Untouched []string

	// ConnectTo lists origins besides our own that the program may talk to, such as "https://icure.example". The page's
	// policy blocks all others.
	ConnectTo []string

	// UpdateEvery is how often an open page asks for a newer version; one hour by default, less than 0 never.
	UpdateEvery time.Duration
}

// Shortcut is one entry of the menu of an installed application.
type Shortcut struct {
	Name string `json:"name"`
	URL  string `json:"url"` // a path of the application
}

func (o Options) withDefaults() Options {
	if o.Static == nil {
		o.Static = Static()
	}
	if o.Name == "" {
		o.Name = "Petra"
	}
	if o.Description == "" {
		o.Description = "Your medical data, shared with the doctors you choose."
	}
	if o.Lang == "" {
		o.Lang = "en"
	}
	if o.Styles == nil {
		o.Styles = []string{"/web/styles.css"}
	}
	if o.Untouched == nil {
		o.Untouched = []string{"/rest/", "/healthz"}
	}
	if o.UpdateEvery == 0 {
		o.UpdateEvery = time.Hour
	}
	return o
}
