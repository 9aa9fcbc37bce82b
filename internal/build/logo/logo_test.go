package logo_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"testing"

	"slate/internal/build/logo"
)

// The icons that are served must be those that are drawn here: run "make icons" after a change.
func TestTheServedIconsAreDrawnHere(t *testing.T) {
	const dir = "../../../web/static"
	icons := map[string][]byte{"icon.svg": []byte(logo.SVG(logo.Rounded))}
	for name, icon := range map[string]struct {
		variant logo.Variant
		pixels  int
	}{
		"icon-192.png":          {logo.Rounded, 192},
		"icon-512.png":          {logo.Rounded, 512},
		"icon-maskable-512.png": {logo.Maskable, 512},
		"apple-touch-icon.png":  {logo.Square, 180},
	} {
		var b bytes.Buffer
		if err := logo.WritePNG(&b, icon.variant, icon.pixels); err != nil {
			t.Fatal(err)
		}
		icons[name] = b.Bytes()
	}
	for name, want := range icons {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf(`%s is another picture: run "make icons"`, name)
		}
	}
}

func TestSVGIsWellFormed(t *testing.T) {
	for _, v := range []logo.Variant{logo.Rounded, logo.Maskable, logo.Square} {
		d := xml.NewDecoder(bytes.NewReader([]byte(logo.SVG(v))))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("variant %d: %v", v, err)
			}
		}
	}
}

func TestGroundReachesTheCornersWhereItMust(t *testing.T) {
	for v, want := range map[logo.Variant]bool{logo.Rounded: false, logo.Maskable: true, logo.Square: true} {
		var b bytes.Buffer
		if err := logo.WritePNG(&b, v, 64); err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(&b)
		if err != nil {
			t.Fatal(err)
		}
		for _, xy := range []int{0, 63} {
			if _, _, _, alpha := img.At(xy, xy).RGBA(); (alpha == 0xffff) != want {
				t.Errorf("variant %d: alpha %#x at %d", v, alpha, xy)
			}
		}
	}
}

func ExampleWritePNG() {
	var b bytes.Buffer
	if err := logo.WritePNG(&b, logo.Rounded, 32); err != nil {
		panic(err)
	}
	config, err := png.DecodeConfig(&b)
	fmt.Println(config.Width, config.Height, err)
	// Output: 32 32 <nil>
}
