package bench

import (
	"testing"

	"slate/store"
	"slate/store/entity"
)

var (
	rowsSlice = store.NewSlice("rows", entity.Entities[string, row]{})
	setRows   = store.Case(rowsSlice, "setAll", unsorted.SetAll)
)

// saved returns a store of 10,000 rows and its state as JSON.
func saved(b *testing.B) (*store.Store, []byte) {
	b.Helper()
	st := newStore(b, rowsSlice)
	dispatch(b, st, setRows(makeRows(10_000, 0, "p")))
	data, err := st.Encode(st.State())
	if err != nil {
		b.Fatal(err)
	}
	return st, data
}

// BenchmarkEncode writes the state of a store as JSON.
func BenchmarkEncode(b *testing.B) {
	b.Run("n=10000", func(b *testing.B) {
		st, _ := saved(b)
		for i := 0; b.Loop(); i++ {
			data, err := st.Encode(st.State())
			if err != nil {
				b.Fatal(err)
			}
			sink += len(data)
			breathe(i, 1)
		}
	})
}

// BenchmarkDecode makes a store from that JSON.
func BenchmarkDecode(b *testing.B) {
	b.Run("n=10000", func(b *testing.B) {
		_, data := saved(b)
		for i := 0; b.Loop(); i++ {
			st, err := store.New(store.Options{Saved: data}, rowsSlice)
			if err != nil {
				b.Fatal(err)
			}
			sink += rowsSlice.Of(st.State()).Len()
			if err := st.Close(); err != nil {
				b.Fatal(err)
			}
			breathe(i, 1)
		}
	})
}
