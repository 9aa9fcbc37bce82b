//go:build browser && !js

package e2e_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"

	"slate/internal/browser"
)

// axe is the text of axe-core, which "npm ci" installs.
var axe = sync.OnceValues(func() (string, error) {
	text, err := os.ReadFile("node_modules/axe-core/axe.min.js")
	if errors.Is(err, os.ErrNotExist) {
		return "", errors.New(`axe-core is missing: run "npm ci" in the folder e2e`)
	}
	return string(text), err
})

// violation is a rule of axe that the page breaks.
type violation struct {
	ID     string   `json:"id"`
	Help   string   `json:"help"`
	Impact string   `json:"impact"`
	Nodes  []string `json:"nodes"`
}

func (v violation) String() string {
	return fmt.Sprintf("%s (%s): %s\n    %s", v.ID, v.Impact, v.Help, strings.Join(v.Nodes, "\n    "))
}

// violations runs axe on the page as it looks when nothing slides any more.
const violations = `(async () => {
	for (const a of document.getAnimations()) if (a.effect.getComputedTiming().endTime < Infinity) a.finish();
	const { violations } = await axe.run(document, {
		runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
		resultTypes: ["violations"],
	});
	return violations.map((v) => ({ id: v.id, help: v.help, impact: v.impact,
		nodes: v.nodes.map((n) => n.target.join(" ") + " " + (n.any[0]?.message ?? n.all[0]?.message ?? n.none[0]?.message ?? "")) }));
})()`

// wantAccessible checks the page as it is with all rules of axe, light and dark: on a phone, and on other screens.
func (p page) wantAccessible(what string, others ...browser.Screen) {
	p.t.Helper()
	text, err := axe()
	if err != nil {
		p.t.Fatal(err)
	}
	where := map[string][]string{} // on which screens, by violation
	for _, screen := range append(others, browser.Phone) {
		p.Resize(screen)
		for _, theme := range []browser.Theme{browser.Light, browser.Dark} {
			p.Theme(theme)
			browser.Eval[bool](p.Tab, `(globalThis.axe || (() => { `+text+` })(), true)`)
			for _, v := range browser.Eval[[]violation](p.Tab, violations) {
				where[v.String()] = append(where[v.String()], screen.Name+" "+string(theme))
			}
		}
	}
	for v, screens := range where {
		p.t.Errorf("%s (%s): %s", what, strings.Join(screens, ", "), v)
	}
	p.Theme(browser.Light)
}
