//go:build !js

package persist_test

import "testing"

func benchmarkFlushPlatform(b *testing.B) {
	b.Run("files", func(b *testing.B) { benchmarkFlush(b, openFiles(b, b.TempDir())) })
}
