//go:build browser && !js

package browser_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"slate/internal/browser"
)

func TestMain(m *testing.M) { browser.Main(m) }

const greeting = `<!doctype html><link rel="icon" href="data:,"><meta name="viewport" content="width=device-width">
<input id="name"><button id="greet" data-action="greet">Greet</button><output></output>
<script>
greet.onclick = async () => {
	const say = (text) => { document.querySelector("output").textContent = text };
	try {
		say(await (await fetch("/rest/greet?n=1", { method: "PUT", body: document.getElementById("name").value })).text());
	} catch {
		say("failed");
	}
};
</script>`

// page is the greeting in a tab of a fresh profile.
func page(t *testing.T) *browser.Tab {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			fmt.Fprint(w, greeting)
			return
		}
		name, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "Hello %s", name)
	}))
	t.Cleanup(s.Close)
	tab := browser.NewProfile(t).Tab(browser.Phone)
	tab.Open(s.URL)
	return tab
}

func TestATabIsUsedLikeAPage(t *testing.T) {
	t.Parallel()
	tab := page(t)
	tab.Type("#name", "Bob")
	tab.Type("#name", "Ada")
	if got := tab.Focused(); got != "#name" {
		t.Errorf("the focus is on %s", got)
	}
	tab.Press(" L." + kb.Tab)
	if got := tab.Focused(); got != "#greet" {
		t.Errorf("the tabulator leads to %s", got)
	}
	tab.Press(kb.Enter)
	tab.UntilText("output", "Hello Ada L.")
	want := []browser.Request{{Method: "PUT", Path: "/rest/greet?n=1", Body: "Ada L.", Status: 200}}
	if d := cmp.Diff(want, tab.Asked(0)); d != "" {
		t.Error(d)
	}
	tab.DoubleClick("#greet")
	if got := len(tab.Asked(1)); got != 2 {
		t.Errorf("a double click asked %d times", got)
	}
	tab.Reload()
	tab.Until(`document.querySelector("output").textContent === ""`)
}

func TestHold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		stage browser.Stage
		cause network.ErrorReason
		want  string
	}{
		{browser.Unsent, "", "Hello"},
		{browser.Answered, "", "Hello"},
		{browser.Unsent, network.ErrorReasonConnectionReset, "failed"},
		{browser.Answered, network.ErrorReasonConnectionReset, "failed"},
	} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			tab := page(t)
			tab.Allow("ERR_CONNECTION_RESET")
			held := tab.Hold("PUT", c.stage)
			tab.Click("#greet")
			goOn := held.Wait()
			if got := tab.Text("output"); got != "" {
				t.Errorf("the page did not wait: %q", got)
			}
			goOn(c.cause)
			tab.UntilText("output", c.want)
			tab.Click("#greet") // nothing is held any more
			tab.UntilText("output", "Hello")
		})
	}
}

func TestOffline(t *testing.T) {
	t.Parallel()
	tab := page(t)
	tab.Allow("ERR_INTERNET_DISCONNECTED")
	tab.Offline(true)
	tab.Until(`!navigator.onLine`)
	tab.Click("#greet")
	tab.UntilText("output", "failed")
	failed := cmpopts.IgnoreFields(browser.Request{}, "Failed")
	if d := cmp.Diff([]browser.Request{{Method: "PUT", Path: "/rest/greet?n=1"}}, tab.Asked(0), failed); d != "" {
		t.Error(d)
	}
	tab.Offline(false)
	tab.Until(`navigator.onLine`)
}

func TestScreensAndPictures(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PICTURES", dir)
	tab := page(t)
	wide := func() int { return browser.Eval[int](tab, `innerWidth`) }
	dark := func() bool { return browser.Eval[bool](tab, `matchMedia("(prefers-color-scheme: dark)").matches`) }
	still := func() bool { return browser.Eval[bool](tab, `matchMedia("(prefers-reduced-motion: reduce)").matches`) }
	if wide() != 390 || dark() || still() {
		t.Errorf("at first: %d px, dark %v, still %v", wide(), dark(), still())
	}
	tab.Pictures("greeting")
	tab.Resize(browser.Desktop)
	tab.Theme(browser.Dark)
	tab.ReduceMotion()
	if wide() != 1280 || !dark() || !still() {
		t.Errorf("afterwards: %d px, dark %v, still %v", wide(), dark(), still())
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.png"))
	if err != nil {
		t.Fatal(err)
	}
	for i, file := range files {
		if info, err := os.Stat(file); err != nil || info.Size() < 1000 {
			t.Errorf("%s: %v", file, err)
		}
		files[i] = filepath.Base(file)
	}
	want := []string{"greeting-desktop-dark.png", "greeting-desktop-light.png", "greeting-phone-dark.png", "greeting-phone-light.png"}
	if !slices.Equal(files, want) {
		t.Errorf("pictures are %q, want %q", files, want)
	}
	if w := tab.Weigh(); w.Elements == 0 || w.Nodes < w.Elements || w.Listeners == 0 || w.HeapBytes == 0 {
		t.Errorf("the page weighs %+v", w)
	}
}
