//go:build !js

package web

import "encoding/json"

// Colours of the page around the page: the title bar of an installed application and its splash screen. They repeat the
// values of static/shell.css.
const (
	colourLight = "#f7f8fb"
	colourDark  = "#0f1626"
	colourBrand = "#1d2b4f"
)

// manifest is the Web Application Manifest. go-app's own has no maskable icon, no identity and no shortcuts.
type manifest struct {
	ID              string     `json:"id"`
	Name            string     `json:"name"`
	ShortName       string     `json:"short_name"`
	Description     string     `json:"description"`
	Lang            string     `json:"lang"`
	Dir             string     `json:"dir"`
	StartURL        string     `json:"start_url"`
	Scope           string     `json:"scope"`
	Display         string     `json:"display"`
	BackgroundColor string     `json:"background_color"`
	ThemeColor      string     `json:"theme_color"`
	Categories      []string   `json:"categories"`
	Icons           []icon     `json:"icons"`
	Shortcuts       []Shortcut `json:"shortcuts,omitempty"`
}

type icon struct {
	Source  string `json:"src"`
	Type    string `json:"type"`
	Sizes   string `json:"sizes"`
	Purpose string `json:"purpose,omitempty"`
}

// Paths of the icons, all our own.
const (
	iconSVG      = "/web/icon.svg"
	iconPNG192   = "/web/icon-192.png"
	iconPNG512   = "/web/icon-512.png"
	iconMaskable = "/web/icon-maskable-512.png"
	iconApple    = "/web/apple-touch-icon.png"
)

func newManifest(o Options) ([]byte, error) {
	return json.MarshalIndent(manifest{
		ID:              "/",
		Name:            o.Name,
		ShortName:       o.Name,
		Description:     o.Description,
		Lang:            o.Lang,
		Dir:             "auto",
		StartURL:        "/",
		Scope:           "/",
		Display:         "standalone",
		BackgroundColor: colourLight,
		ThemeColor:      colourBrand,
		Categories:      []string{"health", "medical"},
		Icons: []icon{
			{Source: iconSVG, Type: "image/svg+xml", Sizes: "any"},
			{Source: iconPNG192, Type: "image/png", Sizes: "192x192"},
			{Source: iconPNG512, Type: "image/png", Sizes: "512x512"},
			{Source: iconMaskable, Type: "image/png", Sizes: "512x512", Purpose: "maskable"},
		},
		Shortcuts: o.Shortcuts,
	}, "", "  ")
}
