//go:build !browser && !js

package web_test

import (
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	register()
	os.Exit(m.Run())
}
