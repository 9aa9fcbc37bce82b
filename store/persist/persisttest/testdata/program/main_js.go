// Command program runs in a page, with the storages that only a page has: the conformance suite, or a counter that is
// saved, as the address says.
package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"syscall/js"
	"time"

	"slate/store"
	"slate/store/persist"
	"slate/store/persist/encrypted"
	"slate/store/persist/persisttest"
)

func main() {
	ctx := context.Background()
	if js.Global().Get("location").Get("pathname").String() == "/suite" {
		js.Global().Set("result", run(ctx))
	} else if err := count(ctx); err != nil {
		js.Global().Set("result", err.Error())
	}
	select {} // the page may call, and so may events that are on their way
}

// count shows what is saved as the result, and lets the page add to it. Nothing is written before a minute has passed,
// unless the page is left.
func count(ctx context.Context) error {
	counter := store.NewSlice("counter", 0)
	add := store.CaseSignal(counter, "add", func(n int) int { return n + 1 })
	db, err := persist.OpenIndexedDB(ctx, "counter")
	if err != nil {
		return err
	}
	p, err := persist.New(db, persist.Options{MaxDelay: time.Minute}, persist.Slice(counter, persist.Spec[int]{}))
	if err != nil {
		return err
	}
	st, err := store.New(store.Options{Enhancers: []store.Enhancer{p.Enhancer()}}, counter)
	if err != nil {
		return err
	}
	if err := p.Restored(ctx); err != nil {
		return err
	}
	js.Global().Set("add", js.FuncOf(func(js.Value, []js.Value) any {
		if err := st.Dispatch(add()); err != nil {
			return err.Error()
		}
		return counter.Of(st.State())
	}))
	js.Global().Set("result", counter.Of(st.State()))
	return nil
}

// run returns what is wrong; "ok" where nothing is.
func run(ctx context.Context) string {
	key, err := encrypted.PassphraseKey(ctx, &persist.Memory{}, rand.Text())
	if err != nil {
		return err.Error()
	}
	for name, open := range map[string]func(context.Context) (persist.Storage, error){
		"localStorage": func(context.Context) (persist.Storage, error) { return persist.OpenLocalStorage("suite/") },
		"IndexedDB":    func(ctx context.Context) (persist.Storage, error) { return persist.OpenIndexedDB(ctx, "suite") },
	} {
		err := persisttest.Check(ctx, persisttest.Subject{Open: open, Durable: true})
		if err != nil {
			return fmt.Sprintf("%s: %v", name, err)
		}
		inner, err := open(ctx)
		if err != nil {
			return err.Error()
		}
		if err := roundTrip(ctx, encrypted.New(inner, key)); err != nil {
			return fmt.Sprintf("encrypted %s: %v", name, err)
		}
	}
	return "ok"
}

// roundTrip writes values of a size that Go encrypts and of one that WebCrypto does.
func roundTrip(ctx context.Context, s persist.Storage) error {
	for _, size := range []int{0, 100, 1 << 20} {
		value := make([]byte, size)
		_, _ = rand.Read(value) // it never fails
		if err := s.Apply(ctx, persist.Put("value", value)); err != nil {
			return err
		}
		got, ok, err := s.Get(ctx, "value")
		if string(got) != string(value) || !ok || err != nil {
			return fmt.Errorf("%d bytes came back as %d, %v, %w", size, len(got), ok, err)
		}
	}
	if err := s.Apply(ctx, persist.Delete("value")); err != nil {
		return err
	}
	return s.Close()
}
