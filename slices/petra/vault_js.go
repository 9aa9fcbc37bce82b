//go:build js && wasm

package petra

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"syscall/js"
)

// NewVault returns a vault whose AES-256-GCM key is made by WebCrypto as non-extractable and kept in IndexedDB: a script
// can use it on this device, and nothing can read or copy it. A sealed text is the 12-byte nonce followed by the
// ciphertext and its tag.
func NewVault() Vault { return &webVault{} }

const (
	vaultDatabase = "petra-vault"
	vaultStore    = "keys"
	vaultKey      = "credentials"
	nonceSize     = 12
)

type webVault struct{ mu sync.Mutex }

func (v *webVault) Seal(ctx context.Context, plain []byte) ([]byte, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	key, err := v.key(ctx, true)
	if err != nil {
		return nil, err
	}
	nonce := js.Global().Get("Uint8Array").New(nonceSize)
	js.Global().Get("crypto").Call("getRandomValues", nonce)
	data, err := await(ctx, subtle("encrypt", gcm(nonce), key, bytesToJS(plain)))
	if err != nil {
		return nil, fmt.Errorf("petra: the browser could not encrypt: %w", err)
	}
	return append(bytesFromJS(nonce), bytesFromJS(js.Global().Get("Uint8Array").New(data))...), nil
}

func (v *webVault) Open(ctx context.Context, sealed []byte) ([]byte, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(sealed) < nonceSize {
		return nil, ErrSealed
	}
	key, err := v.key(ctx, false)
	if err != nil {
		return nil, err
	}
	data, err := await(ctx, subtle("decrypt", gcm(bytesToJS(sealed[:nonceSize])), key, bytesToJS(sealed[nonceSize:])))
	if err != nil {
		return nil, errors.Join(ErrSealed, err)
	}
	return bytesFromJS(js.Global().Get("Uint8Array").New(data)), nil
}

func (v *webVault) Forget(ctx context.Context) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.inStore(ctx, "readwrite", func(store js.Value) js.Value { return store.Call("delete", vaultKey) }, nil)
}

// key returns the key, and makes it where create is set and there is none.
func (v *webVault) key(ctx context.Context, create bool) (key js.Value, err error) {
	read := func(result js.Value) { key = result }
	if err := v.inStore(ctx, "readonly", func(store js.Value) js.Value { return store.Call("get", vaultKey) }, read); err != nil {
		return key, err
	}
	if key.Truthy() {
		return key, nil
	}
	if !create {
		return key, ErrSealed
	}
	algorithm := map[string]any{"name": "AES-GCM", "length": 256}
	if key, err = await(ctx, subtle("generateKey", algorithm, false, []any{"encrypt", "decrypt"})); err != nil {
		return key, fmt.Errorf("petra: the browser could not make a key: %w", err)
	}
	return key, v.inStore(ctx, "readwrite", func(store js.Value) js.Value { return store.Call("put", key, vaultKey) }, nil)
}

// inStore runs one request in a transaction of its own and waits until that is complete.
func (v *webVault) inStore(ctx context.Context, mode string, request func(js.Value) js.Value, result func(js.Value)) error {
	open := js.Global().Get("indexedDB").Call("open", vaultDatabase, 1)
	upgrade := js.FuncOf(func(js.Value, []js.Value) any {
		open.Get("result").Call("createObjectStore", vaultStore)
		return nil
	})
	defer upgrade.Release()
	open.Set("onupgradeneeded", upgrade)
	if err := settled(ctx, open, "onsuccess", "onerror"); err != nil {
		return fmt.Errorf("petra: the browser's database cannot be opened; check whether site data is blocked: %w", err)
	}
	db := open.Get("result")
	defer db.Call("close")
	tx := db.Call("transaction", vaultStore, mode)
	r := request(tx.Call("objectStore", vaultStore))
	if err := settled(ctx, tx, "oncomplete", "onerror", "onabort"); err != nil {
		return fmt.Errorf("petra: the browser's database failed: %w", err)
	}
	if result != nil {
		result(r.Get("result"))
	}
	return nil
}

// settled waits for the first of the events, of which the first named is the good one.
func settled(ctx context.Context, target js.Value, good string, bad ...string) error {
	done := make(chan error, 1)
	handle := func(event string, outcome func() error) func() {
		f := js.FuncOf(func(js.Value, []js.Value) any {
			select {
			case done <- outcome():
			default:
			}
			return nil
		})
		target.Set(event, f)
		return func() { target.Set(event, js.Null()); f.Release() }
	}
	defer handle(good, func() error { return nil })()
	for _, event := range bad {
		defer handle(event, func() error { return errors.New(describe(target.Get("error"))) })()
	}
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// await waits for a promise. A settled promise calls one of the two functions once; they are released after that, so a
// caller that leaves early leaves no dangling callback.
func await(ctx context.Context, promise js.Value) (js.Value, error) {
	type outcome struct {
		value js.Value
		err   error
	}
	done := make(chan outcome, 1)
	var then, catch js.Func
	release := func() { then.Release(); catch.Release() }
	then = js.FuncOf(func(_ js.Value, args []js.Value) any {
		done <- outcome{value: args[0]}
		release()
		return nil
	})
	catch = js.FuncOf(func(_ js.Value, args []js.Value) any {
		done <- outcome{err: errors.New(describe(args[0]))}
		release()
		return nil
	})
	promise.Call("then", then, catch)
	select {
	case o := <-done:
		return o.value, o.err
	case <-ctx.Done():
		return js.Undefined(), context.Cause(ctx)
	}
}

func describe(thrown js.Value) string {
	if thrown.Truthy() && thrown.Type() == js.TypeObject {
		return thrown.Get("name").String() + ": " + thrown.Get("message").String()
	}
	return "unknown error"
}

func subtle(method string, args ...any) js.Value {
	return js.Global().Get("crypto").Get("subtle").Call(method, args...)
}

func gcm(nonce js.Value) js.Value {
	algorithm := js.Global().Get("Object").New()
	algorithm.Set("name", "AES-GCM")
	algorithm.Set("iv", nonce)
	return algorithm
}

func bytesToJS(b []byte) js.Value {
	a := js.Global().Get("Uint8Array").New(len(b))
	js.CopyBytesToJS(a, b)
	return a
}

func bytesFromJS(a js.Value) []byte {
	b := make([]byte, a.Length())
	js.CopyBytesToGo(b, a)
	return b
}
