package encrypted_test

import (
	_ "embed"
	"encoding/hex"
	"strings"
	"testing"

	"slate/store/persist"
	"slate/store/persist/encrypted"
)

// What released programs have written stays readable: a record of each platform, made with the passphrase "golden", and a
// value of 10 and one of 20,000 bytes that its key has sealed.
var (
	//go:embed testdata/native.golden
	nativeGolden string
	//go:embed testdata/browser.golden
	browserGolden string
)

func TestWhatEitherPlatformHasSealedOpensOnBoth(t *testing.T) {
	for name, golden := range map[string]string{"native": nativeGolden, "browser": browserGolden} {
		var s persist.Memory
		for line := range strings.Lines(golden) {
			key, value, _ := strings.Cut(strings.TrimSpace(line), " ")
			apply(t, &s, persist.Put(key, unhex(t, value)))
		}
		key, err := encrypted.PassphraseKey(t.Context(), &s, "golden")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		sealed := encrypted.New(&s, key)
		wantValue(t, sealed, "small", strings.Repeat("s", 10))
		wantValue(t, sealed, "large", strings.Repeat("l", 20_000))
	}
}

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	data, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
