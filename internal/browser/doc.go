// Package browser drives a real Chromium in tests: one browser for a test binary, a profile of its own for each test, and
// tabs that are used as a person uses them, with the mouse and the keyboard.
//
//	func TestMain(m *testing.M) { browser.Main(m) }
//
//	func TestGreeting(t *testing.T) {
//		tab := browser.NewProfile(t).Tab(browser.Phone)
//		tab.Open(url)
//		tab.Type("#name", "Ada")
//		tab.Click("#greet")
//		tab.Until(`document.querySelector("output").textContent === "Hello Ada"`)
//	}
//
// What a tab promises
//
//  1. It fails its test on every console error, uncaught exception and violation of the page's policy, unless [Tab.Allow]
//     named it before.
//  2. Each step waits until it can be done, at the most [Patience], and then ends the test with what the page shows.
//  3. [Tab.Requests] lists what the page asked the server, in order. [Tab.Hold] keeps one such request for as long as the
//     test wants.
//  4. Nothing outlives the test: tabs, profiles and what they stored are gone with it.
//
// The package needs the build tag "browser" and a Chromium: the one that the environment variable CHROMIUM names, or
// "chromium" on the path.
package browser
