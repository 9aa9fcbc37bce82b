package persist_test

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"

	"slate/store"
	"slate/store/persist"
	"slate/store/persist/encrypted"
	"slate/store/persist/persisttest"
)

// todos is the state of most tests.
type todos struct {
	Items []string `json:"items"`
	Draft string   `json:"draft"`
}

// list is a slice of todos with its actions. Each test declares its own.
type list struct {
	slice *store.Slice[todos]
	add   store.Creator[string]
	typed store.Creator[string]
	clear store.Signal
}

func newList(name string) list {
	s := store.NewSlice(name, todos{})
	return list{
		slice: s,
		add:   store.Case(s, "add", func(s todos, item string) todos { s.Items = append(slices.Clip(s.Items), item); return s }),
		typed: store.Case(s, "type", func(s todos, text string) todos { s.Draft = text; return s }),
		clear: store.CaseSignal(s, "clear", func(todos) todos { return todos{} }),
	}
}

// saved declares the list with a spec; the zero one saves everything.
func (l list) saved(spec persist.Spec[todos]) persist.Persisted { return persist.Slice(l.slice, spec) }

func (l list) items(st *store.Store) string {
	return strings.Join(l.slice.Of(st.State()).Items, ",")
}

// app is a store with a persister. What is reported is kept in errs.
type app struct {
	*store.Store
	*persist.Persister
	mu   sync.Mutex
	errs []error
}

func (a *app) reported() []error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.errs)
}

// run starts an application on a storage. The test closes it.
func run(t testing.TB, s persist.Storage, opts persist.Options, slices []store.Mountable, saved ...persist.Persisted) *app {
	t.Helper()
	a := &app{}
	opts.OnError = func(err error) {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.errs = append(a.errs, err)
	}
	var err error
	if a.Persister, err = persist.New(s, opts, saved...); err != nil {
		t.Fatal(err)
	}
	a.Store, err = store.New(store.Options{
		Enhancers: []store.Enhancer{a.Enhancer()},
		Logger:    slog.New(slog.DiscardHandler),
	}, slices...)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// start runs one list with one storage until its state is restored.
func start(t testing.TB, s persist.Storage, l list, spec persist.Spec[todos]) *app {
	t.Helper()
	a := run(t, s, persist.Options{}, []store.Mountable{l.slice}, l.saved(spec))
	if err := a.Restored(t.Context()); err != nil {
		t.Fatalf("Restored: %v", err)
	}
	return a
}

func (a *app) dispatch(t testing.TB, actions ...store.Action) {
	t.Helper()
	for _, action := range actions {
		if err := a.Dispatch(action); err != nil {
			t.Fatal(err)
		}
	}
}

func (a *app) close(t testing.TB) {
	t.Helper()
	if err := a.Store.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}

func (a *app) flush(t testing.TB) {
	t.Helper()
	if err := a.Flush(t.Context()); err != nil {
		t.Fatalf("Flush: %v", err)
	}
}

func wantItems(t testing.TB, l list, a *app, want string) {
	t.Helper()
	if got := l.items(a.Store); got != want {
		t.Errorf("items %q, want %q", got, want)
	}
}

// writes returns the keys of each write.
func writes(f *persisttest.Faulty) (keys []string) {
	for _, c := range f.Calls() {
		if c.Op == "apply" {
			keys = append(keys, strings.Join(c.Keys, " "))
		}
	}
	return keys
}

// gate is a Before that keeps the calls of one kind until it is opened.
func gate(op string) (before func(context.Context, persisttest.Call) error, open func()) {
	ch := make(chan struct{})
	return func(ctx context.Context, c persisttest.Call) error {
		if c.Op != op {
			return nil
		}
		select {
		case <-ch:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}, sync.OnceFunc(func() { close(ch) })
}

func newKey(t testing.TB, fill byte) encrypted.Key {
	t.Helper()
	k, err := encrypted.NewKey(bytes.Repeat([]byte{fill}, encrypted.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	return k
}
