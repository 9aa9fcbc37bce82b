package encrypted

import (
	"context"
	"syscall/js"

	"slate/store/persist/internal/jsapi"
)

// fast is the browser's own AES, for values of webCryptoFrom bytes and more: Go's takes 58 ns for a byte in WebAssembly,
// the browser's takes 4 to 11 ns and besides that a third of a millisecond for each call. It is not there in a page that
// came without encryption.
type fast struct {
	subtle js.Value
	raw    []byte
}

const webCryptoFrom = 8 << 10

func newFast(raw []byte) fast {
	f := fast{raw: append([]byte{}, raw...)}
	if crypto := js.Global().Get("crypto"); crypto.Truthy() {
		f.subtle = crypto.Get("subtle")
	}
	return f
}

// asks reports whether the browser is ever asked.
func (f fast) asks() bool { return f.subtle.Truthy() }

func (f fast) prefers(size int) bool { return size >= webCryptoFrom && f.asks() }

func (f fast) encrypt(ctx context.Context, nonce, plain, additional []byte) ([]byte, error) {
	return f.run(ctx, "encrypt", nonce, plain, additional)
}

func (f fast) decrypt(ctx context.Context, nonce, sealed, additional []byte) ([]byte, error) {
	return f.run(ctx, "decrypt", nonce, sealed, additional)
}

func (f fast) run(ctx context.Context, method string, nonce, data, additional []byte) ([]byte, error) {
	key, err := jsapi.Await(ctx, f.subtle.Call("importKey", "raw", jsapi.Bytes(f.raw), "AES-GCM", false, []any{method}))
	if err != nil {
		return nil, err
	}
	algorithm := map[string]any{"name": "AES-GCM", "iv": jsapi.Bytes(nonce), "additionalData": jsapi.Bytes(additional)}
	out, err := jsapi.Await(ctx, f.subtle.Call(method, algorithm, key, jsapi.Bytes(data)))
	if err != nil {
		return nil, err
	}
	return jsapi.GoBytes(js.Global().Get("Uint8Array").New(out)), nil
}
