package extension_test

import (
	"errors"
	"testing"

	"slate/store/devtools"
	"slate/store/devtools/extension"
	"slate/store/storetest"
)

func TestWithoutExtension(t *testing.T) {
	log, err := devtools.Open(storetest.New(t), devtools.Options{})
	if err != nil {
		t.Fatal(err)
	}
	stop, err := extension.Connect(t.Context(), log)
	if !errors.Is(err, extension.ErrMissing) {
		t.Errorf("error %v, want ErrMissing", err)
	}
	stop()
}
