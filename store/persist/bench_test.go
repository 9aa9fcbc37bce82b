package persist_test

import (
	"fmt"
	"testing"

	"slate/store"
	"slate/store/persist"
	"slate/store/persist/encrypted"
)

// A slice of 10,000 entities of about 100 bytes each.
type contact struct {
	ID, Name, City string
	Age            int
}

type contacts struct{ All []contact }

func newContacts() (slice *store.Slice[contacts], set store.Creator[contacts], rename store.Creator[string], all contacts) {
	slice = store.NewSlice("contacts", contacts{})
	set = store.Case(slice, "set", func(_ contacts, c contacts) contacts { return c })
	rename = store.Case(slice, "rename", func(s contacts, name string) contacts {
		s.All = append([]contact{}, s.All...)
		s.All[0].Name = name
		return s
	})
	for i := range 10_000 {
		all.All = append(all.All, contact{fmt.Sprintf("%036d", i), fmt.Sprintf("Name Number %d", i), "Copenhagen", i % 100})
	}
	return slice, set, rename, all
}

func benchmarkFlush(b *testing.B, s persist.Storage) {
	slice, set, rename, all := newContacts()
	a := run(b, s, persist.Options{}, []store.Mountable{slice}, persist.Slice(slice, persist.Spec[contacts]{}))
	defer a.close(b)
	a.dispatch(b, set(all))
	a.flush(b)
	n := 0
	for b.Loop() {
		n++
		a.dispatch(b, rename(fmt.Sprint(n)))
		a.flush(b)
	}
}

// BenchmarkFlush writes a slice of 10,000 entities after a change of one.
func BenchmarkFlush(b *testing.B) {
	b.Run("memory", func(b *testing.B) { benchmarkFlush(b, &persist.Memory{}) })
	b.Run("encrypted", func(b *testing.B) { benchmarkFlush(b, encrypted.New(&persist.Memory{}, newKey(b, 1))) })
	benchmarkFlushPlatform(b)
}

// BenchmarkRestore makes a store whose slice of 10,000 entities is stored.
func BenchmarkRestore(b *testing.B) {
	var s persist.Memory
	slice, set, _, all := newContacts()
	declared := persist.Slice(slice, persist.Spec[contacts]{})
	a := run(b, &s, persist.Options{}, []store.Mountable{slice}, declared)
	a.dispatch(b, set(all))
	a.close(b)
	for b.Loop() {
		a := run(b, &s, persist.Options{}, []store.Mountable{slice}, declared)
		if err := a.Restored(b.Context()); err != nil {
			b.Fatal(err)
		}
		a.close(b)
	}
}

// BenchmarkDispatch is an action on a saved slice, without and with a persister.
func BenchmarkDispatch(b *testing.B) {
	for _, with := range []bool{false, true} {
		b.Run(fmt.Sprintf("persister=%v", with), func(b *testing.B) {
			l := newList("list")
			var saved []persist.Persisted
			if with {
				saved = append(saved, l.saved(persist.Spec[todos]{}))
			}
			a := run(b, &persist.Memory{}, persist.Options{}, []store.Mountable{l.slice}, saved...)
			defer a.close(b)
			x, y := l.typed("x"), l.typed("y")
			for b.Loop() {
				a.dispatch(b, x, y)
			}
		})
	}
}
