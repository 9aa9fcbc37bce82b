package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"slate/internal/build/bundle"
)

const (
	outDir = "build/web"
	link   = "build/app.wasm" // what the linker writes; "go build" leaves it alone where nothing changed

	quick = 5  // brotli's quality for development: half a second
	best  = 11 // for release: 20 times slower, an eighth smaller
)

// buildWasm builds the browser's program. It relies on the go command to know whether anything changed, so that no list of
// files can be wrong.
func buildWasm(ctx context.Context, _ []string) error {
	start := time.Now()
	quality := quick
	if os.Getenv("RELEASE") != "" {
		quality = best
	}
	before, _ := bundle.Read(os.DirFS(outDir)) // none before the first build

	if err := compile(ctx, ".", link); err != nil {
		return err
	}
	program, err := os.ReadFile(link)
	if err != nil {
		return err
	}
	glue, err := readGlue(ctx)
	if err != nil {
		return err
	}
	b, fresh, err := bundle.Write(outDir, program, glue, quality)
	if err != nil {
		return err
	}
	if !fresh {
		fmt.Printf("%s/%s is up to date\n", outDir, b.Name)
		return nil
	}
	fmt.Printf("%s/%s in %v\n", outDir, b.Name, time.Since(start).Round(10*time.Millisecond))
	report("  uncompressed", b.Size, before.Size)
	report("  gzip", b.Gzip, before.Gzip)
	if before.Quality == b.Quality || before.Quality == 0 {
		report(fmt.Sprintf("  brotli %d", b.Quality), b.Brotli, before.Brotli)
	} else {
		report(fmt.Sprintf("  brotli %d", b.Quality), b.Brotli, 0) // another quality says nothing of the program
	}
	return nil
}

// compile links a package for the browser without what only a debugger reads, and without the version control's stamp: a
// commit alone must not make another program.
func compile(ctx context.Context, pkg, to string) error {
	cmd := command(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", to, pkg)
	cmd.Env = jsEnv()
	return cmd.Run()
}

// readGlue returns the wasm_exec.js of the toolchain that compiles.
func readGlue(ctx context.Context) ([]byte, error) {
	root, err := output(ctx, "go", "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(root, "lib", "wasm", bundle.Glue))
}

// report prints a size, and how far it is from the last one.
func report(what string, size, before int64) {
	line := fmt.Sprintf("%-16s %10d bytes", what, size)
	if before > 0 && before != size {
		line += fmt.Sprintf("  (%+d since the last build)", size-before)
	}
	fmt.Println(line)
}
