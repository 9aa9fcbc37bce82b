//go:build browser && !js

package persisttest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"slate/internal/browser"
	"slate/internal/build/bundle"
	"slate/internal/build/bundle/bundletest"
)

func TestMain(m *testing.M) { browser.Main(m) }

// serve returns the address of the program.
func serve(t *testing.T) string {
	t.Helper()
	dir := bundletest.Build(t, "./testdata/program")
	b, err := bundle.Read(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	page := func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `<!doctype html><link rel="icon" href="data:,"><script src="/%s"></script><script>
			const go = new Go();
			WebAssembly.instantiateStreaming(fetch("/%s"), go.importObject).then((r) => go.run(r.instance));
		</script>`, bundle.Glue, b.Name)
	}
	mux := http.NewServeMux()
	mux.Handle("/", http.FileServer(http.Dir(dir)))
	mux.HandleFunc("/suite", page)
	mux.HandleFunc("/counter", page)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// The suite runs in a page of a real Chromium, twice: the second time with what the first has left behind, which is
// nothing but an empty database.
func TestBrowserStoragesKeepTheirPromises(t *testing.T) {
	url := serve(t)
	tab := browser.NewProfile(t).Tab(browser.Phone)
	for range 2 {
		tab.Open(url + "/suite")
		tab.Until(`globalThis.result !== undefined`)
		if got := browser.Eval[string](tab, `globalThis.result`); got != "ok" {
			t.Error(got)
		}
	}
}

// A person changes something and leaves the page at once.
func TestBrowserChangesSurviveThePage(t *testing.T) {
	url := serve(t)
	profile := browser.NewProfile(t)
	tab := profile.Tab(browser.Phone)
	tab.Open(url + "/counter")
	for want := range 4 {
		tab.Until(`globalThis.result !== undefined`)
		if got := browser.Eval[int](tab, `globalThis.result`); got != want {
			t.Errorf("%d is restored, want %d", got, want)
		}
		if got := browser.Eval[int](tab, `add()`); got != want+1 {
			t.Errorf("the counter is %d, want %d", got, want+1)
		}
		if want%2 == 0 {
			tab.Reload()
		} else {
			tab.Open(url + "/counter?again")
		}
	}
	tab.Until(`globalThis.result === 4`)
	other := profile.Tab(browser.Phone)
	other.Open(url + "/counter")
	other.Until(`globalThis.result === 4`)
}
