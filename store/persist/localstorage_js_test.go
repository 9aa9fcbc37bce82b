package persist_test

import (
	"context"
	"errors"
	"strings"
	"syscall/js"
	"testing"

	"slate/store/persist"
	"slate/store/persist/persisttest"
)

func TestLocalStorageIsAStorage(t *testing.T) {
	installFakes()
	items := js.Global().Get("localStorage")
	items.Call("setItem", "of another program", "x")
	persisttest.Run(t, persisttest.Subject{
		Open:    func(context.Context) (persist.Storage, error) { return persist.OpenLocalStorage("suite/") },
		Durable: true,
	})
	if n := items.Get("length").Int(); n != 1 {
		t.Errorf("%d items, want the foreign one only", n)
	}
	items.Call("removeItem", "of another program")
}

func openLocalStorage(t *testing.T) *persist.LocalStorage {
	t.Helper()
	installFakes()
	s, err := persist.OpenLocalStorage(t.Name() + "/")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The second of three values is too much: what was there comes back.
func TestLocalStorageThatIsFullKeepsWhatWasThere(t *testing.T) {
	s := openLocalStorage(t)
	apply(t, s, persist.Put("a", []byte("1")), persist.Put("b", []byte("1")))
	big := []byte(strings.Repeat("x", 6_000_000))
	for _, changes := range [][]persist.Change{
		{persist.Put("a", big)},
		{persist.Put("a", []byte("2")), persist.Put("b", big), persist.Put("c", []byte("2"))},
		{persist.Delete("a"), persist.Put("c", big)},
	} {
		if err := s.Apply(t.Context(), changes...); !errors.Is(err, persist.ErrFull) {
			t.Errorf("error %v, want ErrFull", err)
		}
		wantValue(t, s, "a", "1")
		wantValue(t, s, "b", "1")
		wantKeys(t, s, "a", "b")
	}
}

// Nobody reads half of what was to be made as a whole, also where it could not be taken back at once.
func TestLocalStorageTakesBackWhatItCouldNotAtOnce(t *testing.T) {
	s := openLocalStorage(t)
	items := js.Global().Get("localStorage")
	forever := js.Global().Get("Infinity")
	defer items.Set("writes", forever)
	for writes := range 4 { // the note, the first value, the second, the note again
		apply(t, s, persist.Put("a", []byte("1")), persist.Put("b", []byte("1")))
		items.Set("writes", writes)
		if err := s.Apply(t.Context(), persist.Put("a", []byte("2")), persist.Put("b", []byte("2"))); err == nil {
			t.Errorf("%d writes: no error", writes)
		}
		if _, _, err := s.Get(t.Context(), "a"); (err == nil) != (writes == 0) {
			t.Errorf("%d writes: Get: %v", writes, err)
		}
		items.Set("writes", forever)
		wantValue(t, s, "a", "1")
		wantValue(t, s, "b", "1")
		wantKeys(t, s, "a", "b")
	}
}

// A tab that crashed between two items has left the note of what was there before.
func TestLocalStorageTakesBackWhatACrashInterrupted(t *testing.T) {
	s := openLocalStorage(t)
	apply(t, s, persist.Put("a", []byte("1")))
	items := js.Global().Get("localStorage")
	items.Call("setItem", t.Name()+"/\x00undo", `{"a":"=1","b":null}`)
	items.Call("setItem", t.Name()+"/a", "=2")
	items.Call("setItem", t.Name()+"/b", "=2")
	s = openLocalStorage(t)
	wantValue(t, s, "a", "1")
	wantKeys(t, s, "a")
}

func TestLocalStorageRefusesWhatItDidNotWrite(t *testing.T) {
	s := openLocalStorage(t)
	items := js.Global().Get("localStorage")
	for _, text := range []string{"", "plain", "~not base64!"} {
		items.Call("setItem", t.Name()+"/a", text)
		if _, _, err := s.Get(t.Context(), "a"); err == nil {
			t.Errorf("%q was read", text)
		}
	}
}

// Where site data is blocked, reading the property throws already.
func TestBlockedSiteData(t *testing.T) {
	installFakes()
	for _, name := range []string{"localStorage", "indexedDB"} {
		real := js.Global().Get("Object").Call("getOwnPropertyDescriptor", js.Global(), name)
		js.Global().Call("eval", `Object.defineProperty(globalThis, "`+name+`", { configurable: true, get() { throw new DOMException("blocked", "SecurityError") } })`)
		var err error
		if name == "localStorage" {
			_, err = persist.OpenLocalStorage("x")
		} else {
			_, err = persist.OpenIndexedDB(t.Context(), "x")
		}
		js.Global().Get("Object").Call("defineProperty", js.Global(), name, real)
		if err == nil || !strings.Contains(err.Error(), "blocked") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}
