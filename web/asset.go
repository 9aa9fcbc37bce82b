//go:build !js

package web

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

// asset is a file that is served from memory, as it is or compressed.
type asset struct {
	contentType string
	variants    [encodings][]byte // nil where there is none; identity is always there
	tag         string            // made from the content
	fixed       bool              // the name is made from the content, so a cache may keep it for good
	lengthName  string            // header that tells the uncompressed length; none by default
}

// newAsset makes an asset of a file with the given name.
func newAsset(name string, body []byte) *asset {
	a := &asset{contentType: contentType(name), tag: tagOf(body)}
	if compressible(a.contentType) {
		a.variants = compress(body)
	} else {
		a.variants[identity] = body
	}
	return a
}

func tagOf(body []byte) string {
	sum := sha256.Sum256(body)
	return fmt.Sprintf("%x", sum[:12])
}

// ServeHTTP answers GET and HEAD. A request for a range is answered from the uncompressed file: a range of a compressed one
// would be correct and useless to most who ask.
func (a *asset) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e := identity
	if r.Header.Get("Range") == "" {
		e = negotiate(r.Header.Get("Accept-Encoding"), a.offered())
	}
	body := a.variants[e]

	h := w.Header()
	h.Set("Content-Type", a.contentType)
	h.Add("Vary", "Accept-Encoding")
	h.Set("ETag", `"`+a.tag+"-"+e.String()+`"`)
	if a.fixed {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "no-cache")
	}
	if a.lengthName != "" {
		h.Set(a.lengthName, strconv.Itoa(len(a.variants[identity])))
	}
	if e != identity {
		h.Set("Content-Encoding", e.String())
		h.Set("Content-Length", strconv.Itoa(len(body)))
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

func (a *asset) offered() (is [encodings]bool) {
	for e, body := range a.variants {
		is[e] = body != nil
	}
	return is
}

// contentType does not rely on the tables of the machine alone, which differ and may not know our types.
func contentType(name string) string {
	switch ext := path.Ext(name); ext {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".wasm":
		return "application/wasm"
	case ".webmanifest":
		return "application/manifest+json"
	case ".woff2":
		return "font/woff2"
	case ".txt":
		return "text/plain; charset=utf-8"
	default:
		if t := mime.TypeByExtension(ext); t != "" {
			return t
		}
		return "application/octet-stream"
	}
}

func compressible(contentType string) bool {
	return strings.HasPrefix(contentType, "text/") || contentType == "image/svg+xml" ||
		contentType == "application/manifest+json"
}
