//go:build browser && !js

package bundletest_test

import (
	"os"
	"testing"

	"slate/internal/build/bundle"
	"slate/internal/build/bundle/bundletest"
)

func TestBuildGivesAFolderThatCanBeServed(t *testing.T) {
	dir := bundletest.Build(t, "slate/internal/build/hello")
	b, err := bundle.Read(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	if b.Size < 1_000_000 || b.Brotli >= b.Size {
		t.Errorf("got %+v", b)
	}
}
