package bundle_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/google/go-cmp/cmp"

	"slate/internal/build/bundle"
)

func program(word string) []byte { return []byte("\x00asm" + strings.Repeat(word+" ", 4000)) }

func write(t *testing.T, dir string, program []byte, quality int) (bundle.Bundle, bool) {
	t.Helper()
	b, fresh, err := bundle.Write(dir, program, []byte("// glue\n"), quality)
	if err != nil {
		t.Fatal(err)
	}
	return b, fresh
}

func files(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	dir := t.TempDir()
	b, fresh := write(t, dir, program("one"), 5)
	if !fresh {
		t.Error("the first program is not reported as fresh")
	}
	got, err := bundle.Read(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(b, got); diff != "" {
		t.Error(diff)
	}
	want := []string{b.Name, b.Name + ".br", b.Name + ".gz", bundle.Manifest, bundle.Glue}
	if diff := cmp.Diff(want, files(t, dir)); diff != "" {
		t.Error(diff)
	}
}

func TestVariantsUnpackToTheProgram(t *testing.T) {
	dir := t.TempDir()
	b, _ := write(t, dir, program("one"), 5)
	unpack := map[string]func(io.Reader) (io.Reader, error){
		".br": func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
		".gz": func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
	}
	for suffix, open := range unpack {
		raw, err := os.ReadFile(filepath.Join(dir, b.Name+suffix))
		if err != nil {
			t.Fatal(err)
		}
		r, err := open(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, program("one")) {
			t.Errorf("%s does not unpack to the program", suffix)
		}
	}
}

func TestAnUnchangedProgramIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, program("one"), 5)
	for _, quality := range []int{5, 3} {
		if _, fresh := write(t, dir, program("one"), quality); fresh {
			t.Errorf("quality %d: written again", quality)
		}
	}
	b, fresh := write(t, dir, program("one"), 9)
	if !fresh || b.Quality != 9 {
		t.Errorf("a better quality is not written: fresh=%v quality=%d", fresh, b.Quality)
	}
}

func TestALostVariantIsWrittenAgain(t *testing.T) {
	dir := t.TempDir()
	b, _ := write(t, dir, program("one"), 5)
	if err := os.Remove(filepath.Join(dir, b.Name+".br")); err != nil {
		t.Fatal(err)
	}
	if _, fresh := write(t, dir, program("one"), 5); !fresh {
		t.Error("a folder with a missing variant counts as complete")
	}
}

func TestOlderProgramsGo(t *testing.T) {
	dir := t.TempDir()
	old, _ := write(t, dir, program("one"), 5)
	now, _ := write(t, dir, program("two"), 5)
	if old.Name == now.Name {
		t.Fatal("two programs share a name")
	}
	for _, name := range files(t, dir) {
		if strings.HasPrefix(name, old.Name) {
			t.Errorf("%s is left behind", name)
		}
	}
}

func TestReadErrors(t *testing.T) {
	tests := []struct {
		name, manifest, want string
	}{
		{"no description", "", "make build"},
		{"not JSON", "{", "damaged"},
		{"a path out of the folder", `{"name":"../app.0123456789abcdef.wasm"}`, "is no program"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			if tt.manifest != "" {
				if err := os.WriteFile(filepath.Join(dir, bundle.Manifest), []byte(tt.manifest), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			_, err := bundle.Read(os.DirFS(dir))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want something with %q", err, tt.want)
			}
			if errors.Is(err, bundle.ErrMissing) != (tt.manifest == "") {
				t.Errorf("ErrMissing is wrong for %v", err)
			}
		})
	}
}

func ExampleWrite() {
	dir, err := os.MkdirTemp("", "bundle")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)

	b, fresh, err := bundle.Write(dir, []byte("\x00asm"), []byte("// wasm_exec.js"), 5)
	fmt.Println(b.Name, fresh, err)
	_, fresh, err = bundle.Write(dir, []byte("\x00asm"), []byte("// wasm_exec.js"), 5)
	fmt.Println(fresh, err)
	// Output:
	// app.cd5d4935a48c0672.wasm true <nil>
	// false <nil>
}
