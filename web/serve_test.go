//go:build !js

package web_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"

	"slate/web"
)

func TestEncodingIsNegotiated(t *testing.T) {
	h := newHost(t, nil)
	tests := []struct{ accept, want string }{
		{"", ""},
		{"br", "br"},
		{"gzip", "gzip"},
		{"x-gzip", "gzip"},
		{"gzip, deflate, br, zstd", "br"},
		{"BR;Q=1, GZIP;Q=0.5", "br"},
		{"gzip;q=1.0, br;q=0.5", "gzip"},
		{"br;q=0, gzip", "gzip"},
		{"br;q=0, gzip;q=0", ""},
		{"*", "br"},
		{"*;q=0.5, br;q=0", "gzip"},
		{"identity, br;q=0.5", ""},
		{"identity;q=0, gzip;q=0.001", "gzip"},
		{"identity;q=0, *;q=0", ""},
		{"br;q=2", ""},
		{"br;q=NaN", ""},
		{"br;q=much, gzip;q=0.1", "gzip"},
		{"deflate", ""},
		{";;,,q=1", ""},
	}
	for _, tt := range tests {
		t.Run(tt.accept, func(t *testing.T) {
			for _, path := range []string{programPath(), "/app.js"} {
				res := ask(t, h, http.MethodGet, path, "Accept-Encoding", tt.accept)
				if got := res.Header.Get("Content-Encoding"); got != tt.want {
					t.Errorf("%s: got %q, want %q", path, got, tt.want)
				}
				if got := res.Header.Get("Vary"); got != "Accept-Encoding" {
					t.Errorf("%s: Vary is %q", path, got)
				}
			}
		})
	}
}

func TestEveryVariantIsTheProgram(t *testing.T) {
	h := newHost(t, nil)
	tags := map[string]bool{}
	for encoding, unpack := range map[string]func(io.Reader) (io.Reader, error){
		"":     func(r io.Reader) (io.Reader, error) { return r, nil },
		"br":   func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
		"gzip": func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
	} {
		res, body := get(t, h, programPath(), "Accept-Encoding", encoding)
		if got := res.Header.Get("Content-Type"); got != "application/wasm" {
			t.Errorf("%s: type %q", encoding, got)
		}
		if got := res.Header.Get("Content-Length"); got != strconv.Itoa(len(body)) {
			t.Errorf("%s: length %s for %d bytes", encoding, got, len(body))
		}
		if got := res.Header.Get("Shell-Uncompressed-Length"); got != strconv.Itoa(len(program)) {
			t.Errorf("%s: uncompressed length %q", encoding, got)
		}
		tags[res.Header.Get("ETag")] = true
		r, err := unpack(strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(r)
		if err != nil || string(got) != string(program) {
			t.Errorf("%s does not unpack to the program: %v", encoding, err)
		}
	}
	if len(tags) != 3 {
		t.Errorf("variants share tags: %v", tags)
	}
}

func TestATagSavesADownload(t *testing.T) {
	h := newHost(t, nil)
	for _, path := range []string{programPath(), "/app.js", "/web/styles.css", "/app-worker.js"} {
		res := ask(t, h, http.MethodGet, path, "Accept-Encoding", "br")
		tag := res.Header.Get("ETag")
		again, body := get(t, h, path, "Accept-Encoding", "br", "If-None-Match", tag)
		if again.StatusCode != http.StatusNotModified || body != "" {
			t.Errorf("%s: status %d with %d bytes", path, again.StatusCode, len(body))
		}
		if other := ask(t, h, http.MethodGet, path, "If-None-Match", tag); other.StatusCode != http.StatusOK && path != "/web/styles.css" {
			t.Errorf("%s: the tag of one encoding stands for another", path)
		}
	}
}

func TestOnlyFingerprintedNamesAreKeptForGood(t *testing.T) {
	h := newHost(t, nil)
	for _, path := range []string{"/", "/account", "/app.js", "/app-worker.js", "/app.css", "/wasm_exec.js", "/manifest.webmanifest",
		"/web/styles.css", "/web/icon.svg", "/web/shell.js", "/web/missing.png", "/nowhere"} {
		if got := ask(t, h, http.MethodGet, path).Header.Get("Cache-Control"); got != "no-cache" {
			t.Errorf("%s: %q", path, got)
		}
	}
	if got := ask(t, h, http.MethodGet, programPath()).Header.Get("Cache-Control"); !strings.Contains(got, "immutable") {
		t.Errorf("the program: %q", got)
	}
}

func TestAPageIsNeverAnsweredFromItsTag(t *testing.T) {
	h := newHost(t, nil)
	res, page := get(t, h, "/", "If-None-Match", `"`+h.Version()+`"`)
	if res.StatusCode != http.StatusOK || page == "" || res.Header.Get("ETag") != "" {
		t.Errorf("status %d, tag %q", res.StatusCode, res.Header.Get("ETag"))
	}
}

func TestUnknownPaths(t *testing.T) {
	h := newHost(t, nil)
	tests := []struct {
		path string
		page bool
	}{
		{"/nowhere", true},
		{"/account/9", true},
		{"/web/missing.png", false},
		{"/web/", false},
		{"/web/../secret", true}, // the mux cleans such paths; here it is only no file
		{"/web/app.0000000000000000.wasm", false},
		{"/app.wasm", false},
		{"/sitemap.xml", false}, // go-app would fetch it from the host that the request names
		{"/ads.txt", false},
	}
	for _, tt := range tests {
		res, body := get(t, h, tt.path)
		if res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: status %d", tt.path, res.StatusCode)
		}
		if strings.Contains(body, "app-wasm-loader") != tt.page && tt.path != "/web/../secret" {
			t.Errorf("%s: page is %v", tt.path, !tt.page)
		}
	}
}

func TestHeadIsGetWithoutABody(t *testing.T) {
	h := newHost(t, nil)
	for _, path := range []string{"/", "/account", "/nowhere", "/app.js", programPath(), "/web/icon-192.png"} {
		full, body := get(t, h, path, "Accept-Encoding", "br")
		head := ask(t, h, http.MethodHead, path, "Accept-Encoding", "br")
		rest, err := io.ReadAll(head.Body)
		if err != nil || len(rest) > 0 {
			t.Errorf("%s: %d bytes, %v", path, len(rest), err)
		}
		if head.StatusCode != full.StatusCode || head.Header.Get("Content-Length") != strconv.Itoa(len(body)) {
			t.Errorf("%s: status %d, length %s", path, head.StatusCode, head.Header.Get("Content-Length"))
		}
	}
}

func TestOtherMethodsAreRefused(t *testing.T) {
	h := newHost(t, nil)
	for _, path := range []string{"/", "/app.js", programPath()} {
		res := ask(t, h, http.MethodPost, path)
		if res.StatusCode != http.StatusMethodNotAllowed || res.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: status %d, Allow %q", path, res.StatusCode, res.Header.Get("Allow"))
		}
	}
}

func TestRangesAreOfTheUncompressedFile(t *testing.T) {
	h := newHost(t, nil)
	res, body := get(t, h, programPath(), "Range", "bytes=4-13", "Accept-Encoding", "br")
	if res.StatusCode != http.StatusPartialContent || res.Header.Get("Content-Encoding") != "" || body != string(program[4:14]) {
		t.Errorf("status %d, encoding %q, %q", res.StatusCode, res.Header.Get("Content-Encoding"), body)
	}
	res, body = get(t, h, programPath(), "Range", "bytes=4-13", "If-Range", `"another"`)
	if res.StatusCode != http.StatusOK || len(body) != len(program) {
		t.Errorf("status %d with %d bytes for the range of an older file", res.StatusCode, len(body))
	}
	if res = ask(t, h, http.MethodGet, programPath(), "Range", "bytes=999999999-"); res.StatusCode != http.StatusRequestedRangeNotSatisfiable {
		t.Errorf("status %d for a range beyond the end", res.StatusCode)
	}
}

func TestSecurityHeadersStandOnEveryAnswer(t *testing.T) {
	h := newHost(t, func(o *web.Options) { o.ConnectTo = []string{"https://icure.example"} })
	for _, path := range []string{"/", "/nowhere", "/app.js", "/web/missing", programPath()} {
		header := ask(t, h, http.MethodGet, path).Header
		policy := header.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "style-src 'self'",
			"connect-src 'self' https://icure.example", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"} {
			if !strings.Contains(policy, want) {
				t.Errorf("%s: the policy has no %s", path, want)
			}
		}
		if strings.Contains(policy, "'unsafe-") {
			t.Errorf("%s: the policy allows too much: %s", path, policy)
		}
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
		} {
			if got := header.Get(name); got != want {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
		if !strings.Contains(header.Get("Permissions-Policy"), "camera=()") {
			t.Errorf("%s: no Permissions-Policy", path)
		}
	}
}

func TestThePageObeysItsPolicy(t *testing.T) {
	_, page := get(t, newHost(t, nil), "/")
	for _, bad := range []string{" style=", "<style", " onclick=", "<script>", "javascript:"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page has %q, which the policy blocks", bad)
		}
	}
}

func TestWhatARequestSaysIsNotWrittenIntoThePage(t *testing.T) {
	h := newHost(t, nil)
	for _, target := range []string{"/?x=<script>", `/?"><script>alert(1)</script>`, "/%22%3E%3Cscript%3E"} {
		r, err := http.NewRequest(http.MethodGet, "http://localhost/", nil)
		if err != nil {
			t.Fatal(err)
		}
		path, query, _ := strings.Cut(target, "?")
		r.URL.Path, r.URL.RawQuery = path, query
		w := &writer{header: http.Header{}}
		h.ServeHTTP(w, r)
		if page := w.body.String(); strings.Contains(page, "alert(1)") || strings.Contains(page, "<script>") {
			t.Errorf("%s comes back in the page", target)
		}
	}
}

func TestThePageAnnouncesTheProgram(t *testing.T) {
	link := ask(t, newHost(t, nil), http.MethodGet, "/").Header.Get("Link")
	if want := "<" + programPath() + ">; rel=preload; as=fetch"; !strings.HasPrefix(link, want) {
		t.Errorf("got %q, want %q", link, want)
	}
}

func TestTheGlueIsTheToolchains(t *testing.T) {
	if _, glue := get(t, newHost(t, nil), "/wasm_exec.js"); glue != "// the toolchain's glue\n" {
		t.Errorf("got %.60q", glue)
	}
}

// writer takes what a request that no client would send is answered.
type writer struct {
	header http.Header
	body   strings.Builder
}

func (w *writer) Header() http.Header         { return w.header }
func (w *writer) WriteHeader(int)             {}
func (w *writer) Write(b []byte) (int, error) { return w.body.Write(b) }
