package encrypted

import (
	"context"
	std "crypto/pbkdf2"
	"syscall/js"

	"slate/store/persist/internal/jsapi"
)

// newKDF is what OWASP recommends for PBKDF2.
func newKDF() kdf { return kdf{Name: pbkdf2, Salt: newSalt(), Rounds: 600_000} }

// derivePBKDF2 asks the browser, whose other threads do the work. A page that came without encryption has to do it alone.
func derivePBKDF2(ctx context.Context, passphrase string, salt []byte, rounds int) ([]byte, error) {
	crypto := js.Global().Get("crypto")
	if !crypto.Truthy() || !crypto.Get("subtle").Truthy() {
		return std.Key(pbkdf2Hash, passphrase, salt, rounds, KeySize)
	}
	subtle := crypto.Get("subtle")
	key, err := jsapi.Await(ctx, subtle.Call("importKey", "raw", jsapi.Bytes([]byte(passphrase)), "PBKDF2", false, []any{"deriveBits"}))
	if err != nil {
		return nil, err
	}
	algorithm := map[string]any{"name": "PBKDF2", "hash": "SHA-256", "salt": jsapi.Bytes(salt), "iterations": rounds}
	bits, err := jsapi.Await(ctx, subtle.Call("deriveBits", algorithm, key, 8*KeySize))
	if err != nil {
		return nil, err
	}
	return jsapi.GoBytes(js.Global().Get("Uint8Array").New(bits)), nil
}
