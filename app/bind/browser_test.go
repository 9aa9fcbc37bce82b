//go:build browser && !js

package bind_test

import (
	"fmt"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"slate/internal/browser"
	"slate/internal/build/bundle/bundletest"
	"slate/web"
)

func TestMain(m *testing.M) { browser.Main(m) }

// open serves testdata/program and opens it in a browser.
func open(t *testing.T) *browser.Tab {
	t.Helper()
	app.Route("/", &Total{}) // what the server draws before the program has started
	host, err := web.NewHost(web.Options{Program: os.DirFS(bundletest.Build(t, "./testdata/program"))})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(host)
	t.Cleanup(server.Close)
	tab := browser.NewProfile(t).Tab(browser.Desktop)
	tab.Open(server.URL)
	tab.Until(`document.getElementById("trouble")`)
	return tab
}

func TestBrowserRunsTheHandlerOfItsRow(t *testing.T) {
	tab := open(t)
	const list = `document.getElementById("list").textContent`
	tab.Click("#list li:nth-child(1) button")
	tab.Until(list + ` === "remove 2remove 3"`)
	tab.Click("#list li:nth-child(1) button") // go-app alone would run the handler of row 1 again
	tab.Until(list + ` === "remove 3"`)
}

func TestBrowserShowsWhatTheStateSaysAndKeepsTheCursor(t *testing.T) {
	tab := open(t)
	tab.Click("#box")
	tab.Press("abcdef")
	tab.Until(`document.getElementById("box").value === "ABC"`)
	browser.Eval[bool](tab, `(document.getElementById("box").setSelectionRange(1, 2), true)`)
	tab.Press("x")
	tab.Until(`document.getElementById("box").value === "AXC"`)
	if got := browser.Eval[int](tab, `document.getElementById("box").selectionStart`); got != 2 {
		t.Errorf("the cursor is at %d", got)
	}
}

func TestBrowserSurvivesPanics(t *testing.T) {
	tab := open(t)
	for _, button := range []string{"#panic-handler", "#panic-drawing"} {
		tab.Click(button)
		tab.UntilText(".bind-failure", "Something went wrong here")
		tab.Click(".bind-failure button")
		tab.Until(fmt.Sprintf(`document.querySelector(%q)`, button))
	}
	if browser.Eval[bool](tab, `!document.getElementById("shell-failure").hidden`) {
		t.Error("the program has ended")
	}
}

func TestBrowserShowsMoreViewsThanTheQueueHolds(t *testing.T) {
	tab := open(t)
	for _, n := range []int{2500, 5000} {
		browser.Eval[bool](tab, fmt.Sprintf(`(fill(%d, 1), true)`, n))
		tab.Until(fmt.Sprintf(`document.querySelectorAll("#many span").length === %d`, n))
	}
	browser.Eval[bool](tab, `(fill(5000, 2), true)`)
	tab.Until(`[...document.querySelectorAll("#many span")].every((e) => e.textContent === "2 ")`)
}

// The program runs until it is idle before the page gets a turn, so the page's next task sees the change. go-app's tick
// would come later.
func TestBrowserShowsAChangeBeforeTheNextTick(t *testing.T) {
	tab := open(t)
	browser.Eval[bool](tab, `(fill(200, 0), true)`)
	tab.Until(`document.querySelectorAll("#many span").length === 200`)
	late := browser.Eval[int](tab, `(async () => {
		const span = document.querySelector("#many span");
		let late = 0;
		for (let i = 1; i <= 20; i++) {
			await new Promise((resolve) => setTimeout(resolve, 20));
			fill(200, i);
			await new Promise((resolve) => setTimeout(resolve, 0));
			if (span.textContent !== i + " ") late++;
		}
		return late;
	})()`)
	if late > 0 {
		t.Errorf("%d of 20 changes came late", late)
	}
}
