package bundle

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/andybalholm/brotli"
	"golang.org/x/sync/errgroup"
)

// Name returns the name of a program, made from its content.
func Name(program []byte) string {
	sum := sha256.Sum256(program)
	return fmt.Sprintf("app.%x.wasm", sum[:8])
}

// Write puts a program, its variants and the glue into the folder dir, removes older programs and returns the description.
// quality is brotli's, 0 to 11. A program that is there already with at least that quality is left alone: fresh is then
// false and the call costs no more than a hash.
//
// Not safe for concurrent use on one folder.
func Write(dir string, program, glue []byte, quality int) (b Bundle, fresh bool, err error) {
	name := Name(program)
	old, err := Read(os.DirFS(dir))
	if err == nil && old.Name == name && old.Quality >= quality && complete(dir, old) {
		return old, false, replace(dir, Glue, glue)
	}

	if err := os.MkdirAll(dir, 0o755); err != nil {
		return b, false, fmt.Errorf("bundle: %w", err)
	}
	b = Bundle{Name: name, Size: int64(len(program)), Quality: quality}
	var g errgroup.Group
	g.Go(func() error { return replace(dir, name, program) })
	g.Go(func() error { return replace(dir, Glue, glue) })
	g.Go(func() (err error) {
		b.Brotli, err = pack(dir, name+".br", program, func(w io.Writer) io.WriteCloser {
			return brotli.NewWriterOptions(w, brotli.WriterOptions{Quality: quality, LGWin: 24})
		})
		return err
	})
	g.Go(func() (err error) {
		b.Gzip, err = pack(dir, name+".gz", program, func(w io.Writer) io.WriteCloser {
			zw, _ := gzip.NewWriterLevel(w, gzip.BestCompression) // the level is valid
			return zw
		})
		return err
	})
	if err := g.Wait(); err != nil {
		return b, false, fmt.Errorf("bundle: %w", err)
	}

	raw, err := json.MarshalIndent(b, "", "  ")
	if err != nil {
		return b, false, fmt.Errorf("bundle: %w", err)
	}
	if err := replace(dir, Manifest, append(raw, '\n')); err != nil {
		return b, false, err
	}
	return b, true, sweep(dir, name)
}

// complete reports whether all files of a description are there in full.
func complete(dir string, b Bundle) bool {
	for name, size := range map[string]int64{b.Name: b.Size, b.Name + ".br": b.Brotli, b.Name + ".gz": b.Gzip} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Size() != size {
			return false
		}
	}
	return true
}

// pack writes a compressed variant and returns its size.
func pack(dir, name string, program []byte, packer func(io.Writer) io.WriteCloser) (int64, error) {
	var out bytes.Buffer
	w := packer(&out)
	if _, err := w.Write(program); err != nil {
		return 0, err
	}
	if err := w.Close(); err != nil {
		return 0, err
	}
	return int64(out.Len()), replace(dir, name, out.Bytes())
}

// replace writes a file in one step: a reader sees the old content or the new, never a part. A file that already says the
// same keeps its time.
func replace(dir, name string, content []byte) error {
	path := filepath.Join(dir, name)
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, content) {
		return nil
	}
	f, err := os.CreateTemp(dir, "."+name+".*")
	if err != nil {
		return fmt.Errorf("bundle: %w", err)
	}
	defer os.Remove(f.Name()) // without effect once it is renamed
	if _, err := f.Write(content); err != nil {
		f.Close()
		return fmt.Errorf("bundle: %w", err)
	}
	if err := f.Chmod(0o644); err != nil {
		f.Close()
		return fmt.Errorf("bundle: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("bundle: %w", err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("bundle: %w", err)
	}
	return nil
}

// sweep removes the programs that keep does not name.
func sweep(dir, keep string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("bundle: %w", err)
	}
	for _, e := range entries {
		program := strings.TrimSuffix(strings.TrimSuffix(e.Name(), ".br"), ".gz")
		if program == keep || !Fingerprinted(program) {
			continue
		}
		if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
			return fmt.Errorf("bundle: %w", err)
		}
	}
	return nil
}
