//go:build browser && !js

package e2e_test

import (
	"testing"

	"slate/internal/browser"
)

// TestPicturesForTheReadme takes the two pictures of README.md; copy them to docs/images when the page looks different.
func TestPicturesForTheReadme(t *testing.T) {
	t.Parallel()
	p := loggedIn(t, "/doctors")
	p.search("muller", muller)
	p.share(muller)
	p.search("dubois", dubois)
	p.share(dubois)
	p.search("núñez", nunez)
	p.UntilGone(".toast p")
	browser.Eval[bool](p.Tab, `(document.activeElement.blur(), scrollTo({ top: 0, behavior: "instant" }), true)`)
	p.Picture("petra")
	p.Resize(browser.Desktop)
	browser.Eval[bool](p.Tab, `(scrollTo({ top: 0, behavior: "instant" }), true)`)
	p.Picture("petra")
	p.wantShared(muller, dubois)
}
