// Package bundle is the folder that holds the browser's program ready to be served: the program under a name made from
// its content, its brotli and gzip variants beside it, the toolchain's wasm_exec.js, and a file that says which program is
// the present one.
//
//	app.json                      the description, written last
//	app.0123456789abcdef.wasm     the program
//	app.0123456789abcdef.wasm.br
//	app.0123456789abcdef.wasm.gz
//	wasm_exec.js                  the glue of the Go release that built the program
//
// The command slate/internal/build writes it and slate/web serves it; this package is what both have to agree on. Because
// the variants carry the hash of the program in their names and the description is replaced last, in one step, a build that
// was interrupted is never served, nor a variant of another program.
package bundle

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
)

// Names in the folder.
const (
	Manifest = "app.json"
	Glue     = "wasm_exec.js"
)

// ErrMissing is reported by [Read] where the folder holds no finished program.
var ErrMissing = errors.New(`no browser program there: run "make build"`)

// Bundle describes the browser's program. Sizes are in bytes.
type Bundle struct {
	Name    string `json:"name"`    // the program's file, named for its content
	Size    int64  `json:"size"`    // as it is
	Brotli  int64  `json:"brotli"`  // its variant Name + ".br"
	Gzip    int64  `json:"gzip"`    // its variant Name + ".gz"
	Quality int    `json:"quality"` // of brotli, 0 to 11
}

// fingerprinted is the only shape of a program's name, so that a description cannot point out of its folder.
var fingerprinted = regexp.MustCompile(`^app\.[0-9a-f]{16}\.wasm$`)

// Fingerprinted reports whether name is made from the content of the file, so that what it names never changes.
func Fingerprinted(name string) bool { return fingerprinted.MatchString(name) }

// Read returns the description of the program in a folder. The error is [ErrMissing] where there is none.
func Read(folder fs.FS) (Bundle, error) {
	var b Bundle
	raw, err := fs.ReadFile(folder, Manifest)
	if errors.Is(err, fs.ErrNotExist) {
		return b, fmt.Errorf("bundle: %w", ErrMissing)
	}
	if err != nil {
		return b, fmt.Errorf("bundle: %w", err)
	}
	if err := json.Unmarshal(raw, &b); err != nil {
		return b, fmt.Errorf(`bundle: %s is damaged, run "make clean build": %w`, Manifest, err)
	}
	if !Fingerprinted(b.Name) {
		return b, fmt.Errorf(`bundle: %s names %q, which is no program: run "make clean build"`, Manifest, b.Name)
	}
	return b, nil
}
