//go:build !js

package web

import (
	"embed"
	"io/fs"
)

//go:embed static
var static embed.FS

// sources are the files that make the page: where they change, there is a new version to offer.
//
//go:embed *.go shell
var sources embed.FS

// Static returns the style sheets, icons and scripts that come with the package; they are served below /web/.
func Static() fs.FS {
	sub, err := fs.Sub(static, "static")
	if err != nil {
		panic(err) // the name is valid and embedded
	}
	return sub
}
