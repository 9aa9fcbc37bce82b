package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"

	"slate/internal/build/logo"
)

// icons writes the icons that package web serves.
func icons(context.Context, []string) error {
	const dir = "web/static"
	if err := os.WriteFile(filepath.Join(dir, "icon.svg"), []byte(logo.SVG(logo.Rounded)), 0o644); err != nil {
		return err
	}
	for _, icon := range []struct {
		name    string
		variant logo.Variant
		pixels  int
	}{
		{"icon-192.png", logo.Rounded, 192},
		{"icon-512.png", logo.Rounded, 512},
		{"icon-maskable-512.png", logo.Maskable, 512},
		{"apple-touch-icon.png", logo.Square, 180},
	} {
		var b bytes.Buffer
		if err := logo.WritePNG(&b, icon.variant, icon.pixels); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, icon.name), b.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}
