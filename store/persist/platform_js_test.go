package persist_test

import (
	"runtime"
	"strings"
	"syscall/js"
	"testing"

	"slate/store"
	"slate/store/persist"
	"slate/store/persist/encrypted"
)

// A program in a page, from the first run to the second.
func TestSlicesInIndexedDB(t *testing.T) {
	installFakes()
	ctx := t.Context()
	l := newList("list")
	for n, want := range []string{"", "x", "x,x"} {
		s, err := persist.Open(ctx, t.Name())
		if err != nil {
			t.Fatal(err)
		}
		key, err := encrypted.PassphraseKey(ctx, s, "passphrase")
		if err != nil {
			t.Fatal(err)
		}
		a := run(t, encrypted.New(s, key), persist.Options{}, []store.Mountable{l.slice}, l.saved(persist.Spec[todos]{}))
		a.dispatch(t, l.typed("while the database is read"))
		if err := a.Restored(ctx); err != nil {
			t.Fatal(err)
		}
		wantItems(t, l, a, want)
		a.dispatch(t, l.add("x"))
		a.close(t)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if got := l.slice.Of(a.State()).Draft; got == "" {
			t.Errorf("run %d: what was typed is lost", n)
		}
	}
}

// A browser may end a hidden page without a word.
func TestAPageThatIsHiddenWritesAtOnce(t *testing.T) {
	installFakes()
	global := js.Global()
	global.Call("eval", `globalThis.document = new EventTarget(); globalThis.addEventListener = (t, f) => document.addEventListener(t, f); globalThis.removeEventListener = (t, f) => document.removeEventListener(t, f)`)
	defer global.Call("eval", `delete globalThis.document; delete globalThis.addEventListener; delete globalThis.removeEventListener`)
	fire := func(event, visibility string) {
		global.Call("eval", `document.visibilityState = "`+visibility+`"; document.dispatchEvent(new Event("`+event+`"))`)
	}
	s := openLocalStorage(t)
	l := newList("list")
	a := start(t, s, l, persist.Spec[todos]{})
	for _, step := range []struct{ event, visibility, want string }{
		{"visibilitychange", "visible", ""},
		{"visibilitychange", "hidden", `["x","x"]`},
		{"pagehide", "visible", `["x","x","x"]`},
	} {
		a.dispatch(t, l.add("x"))
		fire(step.event, step.visibility)
		runtime.Gosched() // the write has begun within the event, and localStorage waits for nothing
		if data, _, err := s.Get(t.Context(), "list"); err != nil || step.want != "" && !strings.Contains(string(data), step.want) || step.want == "" && data != nil {
			t.Errorf("%s, %s: stored %q, %v", step.event, step.visibility, data, err)
		}
	}
	a.close(t)
	fire("pagehide", "hidden") // nobody listens any more
}
