package encrypted_test

import (
	"strings"
	"syscall/js"
	"testing"

	"slate/store/persist"
	"slate/store/persist/encrypted"
)

// A page that came without encryption has no WebCrypto. What it writes and what others write is the same.
func TestWithoutWebCrypto(t *testing.T) {
	var s persist.Memory
	apply(t, encrypted.New(&s, newKey(t, 1)), persist.Put("with", []byte(strings.Repeat("x", 20_000))))

	global := js.Global()
	real := global.Get("Object").Call("getOwnPropertyDescriptor", global, "crypto")
	global.Call("eval", `(() => {
		const real = crypto;
		Object.defineProperty(globalThis, "crypto", { configurable: true, value: { getRandomValues: (a) => real.getRandomValues(a) } });
	})()`)
	restore := func() { global.Get("Object").Call("defineProperty", global, "crypto", real) }
	defer restore()
	key := newKey(t, 1)
	wantValue(t, encrypted.New(&s, key), "with", strings.Repeat("x", 20_000))
	apply(t, encrypted.New(&s, key), persist.Put("without", []byte(strings.Repeat("y", 20_000))))
	if sync, ok := encrypted.New(&s, key).(persist.Synchronous); !ok || !sync.Synchronous() {
		t.Error("the storage waits for a browser that is not asked")
	}
	apply(t, &s, persist.Put("slate.key", []byte(`{"kdf":"pbkdf2-sha256","salt":"MTIzNDU2Nzg=","rounds":10,"key":""}`)))
	if _, err := encrypted.PassphraseKey(t.Context(), &s, "x"); err == nil {
		t.Error("an empty record was opened")
	}

	restore()
	wantValue(t, encrypted.New(&s, newKey(t, 1)), "without", strings.Repeat("y", 20_000))
}
