package persist_test

import (
	"testing"

	"slate/store/persist"
)

func benchmarkFlushPlatform(b *testing.B) {
	b.Run("IndexedDB (a stand-in)", func(b *testing.B) {
		installFakes()
		s, err := persist.OpenIndexedDB(b.Context(), "bench")
		if err != nil {
			b.Fatal(err)
		}
		defer s.Close()
		benchmarkFlush(b, s)
	})
}
