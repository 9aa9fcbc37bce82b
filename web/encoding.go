//go:build !js

package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"strconv"
	"strings"

	"github.com/andybalholm/brotli"
)

// encoding is a content coding of RFC 9110, section 8.4.1, in the order in which we like them least to most.
type encoding int

const (
	identity encoding = iota
	gzipped
	brotlied
	encodings
)

func (e encoding) String() string { return [...]string{"identity", "gzip", "br"}[e] }

// negotiate chooses among the codings on offer by an Accept-Encoding field: the one with the highest weight and, among
// equals, the smallest. Where the field forbids all of them the answer is identity, which RFC 9110 allows and which is more
// use than an error.
func negotiate(accept string, offered [encodings]bool) encoding {
	weights := weigh(accept)
	best, weight := identity, -1.0
	for e := identity; e < encodings; e++ {
		if !offered[e] {
			continue
		}
		if w := weights[e]; w > 0 && w >= weight {
			best, weight = e, w
		}
	}
	return best
}

// weigh reads the weight of each coding from an Accept-Encoding field: 0 is "not acceptable". Identity is acceptable unless
// it is excluded, but only where nothing else is named explicitly as good: its implied weight is the lowest there is.
func weigh(accept string) [encodings]float64 {
	const implied = 0.0001
	weights := [encodings]float64{identity: implied}
	named := [encodings]bool{}
	others := -1.0
	for item := range strings.SplitSeq(accept, ",") {
		coding, params, _ := strings.Cut(strings.TrimSpace(item), ";")
		w := quality(params)
		switch strings.ToLower(strings.TrimSpace(coding)) {
		case "br":
			weights[brotlied], named[brotlied] = w, true
		case "gzip", "x-gzip":
			weights[gzipped], named[gzipped] = w, true
		case "identity":
			weights[identity], named[identity] = w, true
		case "*":
			others = w
		}
	}
	for e := range weights {
		if !named[e] && others >= 0 {
			weights[e] = others
		}
	}
	return weights
}

// quality reads the weight among a coding's parameters; a malformed one counts as 0, because we do not know that the
// client wants the coding.
func quality(params string) float64 {
	for param := range strings.SplitSeq(params, ";") {
		name, value, ok := strings.Cut(strings.TrimSpace(param), "=")
		if !ok || !strings.EqualFold(strings.TrimSpace(name), "q") {
			continue
		}
		w, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		if err != nil || !(w >= 0 && w <= 1) { // NaN too
			return 0
		}
		return w
	}
	return 1
}

// compress returns the variants of a small text that are worth having.
func compress(body []byte) (variants [encodings][]byte) {
	variants[identity] = body
	var br, gz bytes.Buffer
	pack(brotli.NewWriterLevel(&br, 9), body)
	zw, _ := gzip.NewWriterLevel(&gz, gzip.BestCompression) // the level is valid
	pack(zw, body)
	for e, b := range map[encoding]*bytes.Buffer{brotlied: &br, gzipped: &gz} {
		if b.Len() < len(body) {
			variants[e] = b.Bytes()
		}
	}
	return variants
}

// pack writes to memory, where nothing fails.
func pack(w io.WriteCloser, body []byte) {
	w.Write(body)
	w.Close()
}
