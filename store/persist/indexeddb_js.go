package persist

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"syscall/js"

	"slate/store/persist/internal/jsapi"
)

// IndexedDB is a [Storage] in a database of the browser: one transaction for each Apply, which the browser writes to the
// disk before Apply returns. Several tabs may have it open at once; of two that write the same key the later one wins.
type IndexedDB struct {
	name string

	mu     sync.Mutex // held while a connection is made
	db     js.Value
	alive  bool
	closed bool
	lost   js.Func
}

const objectStore = "values"

// OpenIndexedDB opens the storage in the database of a name, and makes it where there is none. The error says that the
// browser refuses site data. Close the storage where the program goes on without it.
func OpenIndexedDB(ctx context.Context, name string) (*IndexedDB, error) {
	s := &IndexedDB{name: name}
	s.lost = js.FuncOf(func(db js.Value, _ []js.Value) any {
		db.Call("close") // another tab wants to delete the database, or the browser has given the connection up
		s.alive = false
		return nil
	})
	if _, err := s.connect(ctx); err != nil {
		s.lost.Release()
		return nil, err
	}
	return s, nil
}

// Get implements [Storage].
func (s *IndexedDB) Get(ctx context.Context, key string) (value []byte, ok bool, err error) {
	if err := begun(ctx); err != nil {
		return nil, false, err
	}
	if err := checkKey(key); err != nil {
		return nil, false, err
	}
	var request js.Value
	err = s.transact(ctx, "readonly", func(values js.Value) { request = values.Call("get", key) })
	if err != nil {
		return nil, false, err
	}
	v := request.Get("result")
	switch {
	case v.IsUndefined():
		return nil, false, nil
	case !v.InstanceOf(js.Global().Get("Uint8Array")):
		return nil, false, fmt.Errorf("persist: the browser's database has no bytes for %q: %w", key, errForeignText)
	}
	return jsapi.GoBytes(v), true, nil
}

// Apply implements [Storage].
func (s *IndexedDB) Apply(ctx context.Context, changes ...Change) error {
	if err := begun(ctx); err != nil {
		return err
	}
	if err := checkChanges(changes); err != nil {
		return err
	}
	err := s.transact(ctx, "readwrite", func(values js.Value) {
		for _, c := range changes {
			switch c.Op {
			case OpPut:
				values.Call("put", jsapi.Bytes(c.Value), c.Key)
			case OpCreate:
				values.Call("add", jsapi.Bytes(c.Value), c.Key)
			case OpDelete:
				values.Call("delete", c.Key)
			}
		}
	})
	if e, ok := errors.AsType[*jsapi.Error](err); ok && e.Name == "ConstraintError" {
		return fmt.Errorf("%w (%w)", ErrExists, err)
	}
	return err
}

// Keys implements [Storage].
func (s *IndexedDB) Keys(ctx context.Context) ([]string, error) {
	if err := begun(ctx); err != nil {
		return nil, err
	}
	var request js.Value
	err := s.transact(ctx, "readonly", func(values js.Value) { request = values.Call("getAllKeys") })
	if err != nil {
		return nil, err
	}
	result := request.Get("result")
	keys := make([]string, 0, result.Length())
	for i := range result.Length() {
		if key := result.Index(i); key.Type() == js.TypeString && checkKey(key.String()) == nil {
			keys = append(keys, key.String())
		}
	}
	slices.Sort(keys) // the browser sorts by UTF-16
	return keys, nil
}

// Close implements [Storage].
func (s *IndexedDB) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	if s.alive {
		s.disconnect()
	}
	s.lost.Release()
	return nil
}

// transact makes requests in one transaction and waits until that is complete. A connection that was lost since the last
// call is made anew.
func (s *IndexedDB) transact(ctx context.Context, mode string, request func(values js.Value)) error {
	tx, err := s.begin(ctx, mode)
	if err != nil {
		return err
	}
	err = jsapi.Try(func() {
		request(tx.Call("objectStore", objectStore))
		if mode == "readwrite" && tx.Get("commit").Truthy() {
			tx.Call("commit") // all requests are made: the browser need not ask us again, which may be gone by then
		}
	})
	var event string
	if err == nil {
		event, err = jsapi.FirstEvent(ctx, tx, "complete", "abort")
	}
	if err == nil && event == "abort" {
		err = jsapi.Thrown(tx.Get("error"))
	}
	if err != nil {
		_ = jsapi.Try(func() { tx.Call("abort") }) // it may have ended already
		return fmt.Errorf("persist: the browser's database failed: %w", full(err))
	}
	return nil
}

// begin begins a transaction. Some browsers lose a connection without a word, and it is noticed here: once more on a new one.
func (s *IndexedDB) begin(ctx context.Context, mode string) (tx js.Value, err error) {
	strict := map[string]any{"durability": "strict"}
	for again := true; ; again = false {
		db, err := s.connect(ctx)
		if err != nil {
			return tx, err
		}
		err = jsapi.Try(func() { tx = db.Call("transaction", objectStore, mode, strict) })
		if err == nil {
			return tx, nil
		}
		if e, ok := errors.AsType[*jsapi.Error](err); !ok || e.Name != "InvalidStateError" || !again {
			return tx, fmt.Errorf("persist: the browser's database failed: %w", full(err))
		}
		s.mu.Lock()
		if s.alive && s.db.Equal(db) {
			s.disconnect()
		}
		s.mu.Unlock()
	}
}

// connect returns the open database.
func (s *IndexedDB) connect(ctx context.Context) (db js.Value, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return db, ErrClosed
	case s.alive:
		return s.db, nil
	}
	if db, err = openDatabase(ctx, s.name); err != nil {
		return db, fmt.Errorf("persist: the browser's database %q cannot be opened; check whether site data is blocked: %w", s.name, full(err))
	}
	s.db, s.alive = db, true
	db.Set("onversionchange", s.lost)
	db.Set("onclose", s.lost)
	return db, nil
}

// openDatabase opens the database, and makes what it lacks. Where ctx ends first, the browser goes on: a database that
// was half made would be of no use to anyone. It is closed again then.
func openDatabase(ctx context.Context, name string) (db js.Value, err error) {
	var open js.Value
	if err := jsapi.Try(func() { open = jsapi.Global("indexedDB").Call("open", name, 1) }); err != nil {
		return db, err
	}
	done := make(chan error, 1)
	abandoned := false
	var upgrade, success, failure js.Func
	settle := func(err error) {
		done <- err
		upgrade.Release()
		success.Release()
		failure.Release()
	}
	upgrade = js.FuncOf(func(js.Value, []js.Value) any {
		open.Get("result").Call("createObjectStore", objectStore)
		return nil
	})
	success = js.FuncOf(func(js.Value, []js.Value) any {
		if abandoned {
			open.Get("result").Call("close")
		}
		settle(nil)
		return nil
	})
	failure = js.FuncOf(func(_ js.Value, args []js.Value) any {
		args[0].Call("preventDefault") // it is an error of ours, not one for the console
		settle(jsapi.Thrown(open.Get("error")))
		return nil
	})
	open.Set("onupgradeneeded", upgrade)
	open.Set("onsuccess", success)
	open.Set("onerror", failure)
	select {
	case err := <-done:
		return open.Get("result"), err
	case <-ctx.Done():
		abandoned = true
		return db, context.Cause(ctx)
	}
}

func (s *IndexedDB) disconnect() {
	s.db.Set("onversionchange", js.Null())
	s.db.Set("onclose", js.Null())
	s.db.Call("close")
	s.alive = false
}
