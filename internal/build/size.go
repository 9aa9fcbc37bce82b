package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"slate/internal/build/bundle"
)

// recorded is where the last measurement is kept, to be committed with what changed it.
const recorded = "internal/build/size.json"

// budget is how many times the compressed size of hello world the program may have.
const budget = 1.5

// sizes is one measurement, in bytes at brotli's and gzip's best.
type sizes struct {
	Petra bundle.Bundle `json:"petra"`
	Hello bundle.Bundle `json:"hello"`
}

// measure builds the program and hello world in the same way and prints their sizes beside the recorded ones. With "record"
// as its argument it records them. A program over the budget is an error.
func measure(ctx context.Context, args []string) error {
	var before, now sizes
	if raw, err := os.ReadFile(recorded); err == nil {
		if err := json.Unmarshal(raw, &before); err != nil {
			return fmt.Errorf("%s: %w", recorded, err)
		}
	}
	var err error
	if now.Hello, err = smallest(ctx, "./internal/build/hello"); err != nil {
		return err
	}
	if now.Petra, err = smallest(ctx, "."); err != nil {
		return err
	}

	fmt.Printf("%-22s %12s %12s %12s\n", "bytes", "uncompressed", "gzip", "brotli")
	row := func(name string, b bundle.Bundle) {
		fmt.Printf("%-22s %12d %12d %12d\n", name, b.Size, b.Gzip, b.Brotli)
	}
	row("Petra", now.Petra)
	row("Petra, last recorded", before.Petra)
	row("go-app hello world", now.Hello)
	ratio := float64(now.Petra.Brotli) / float64(now.Hello.Brotli)
	fmt.Printf("Petra is %.2f times hello world (budget %.1f)\n", ratio, budget)

	if len(args) == 1 && args[0] == "record" {
		raw, err := json.MarshalIndent(now, "", "  ")
		if err != nil {
			return err
		}
		if err := os.WriteFile(recorded, append(raw, '\n'), 0o644); err != nil {
			return err
		}
	}
	if ratio > budget {
		return fmt.Errorf("over the budget of %.1f", budget)
	}
	return nil
}

// smallest builds a program for the browser and compresses it as far as it goes.
func smallest(ctx context.Context, pkg string) (b bundle.Bundle, err error) {
	dir, err := os.MkdirTemp("", "size")
	if err != nil {
		return b, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "program")
	if err := compile(ctx, pkg, file); err != nil {
		return b, err
	}
	program, err := os.ReadFile(file)
	if err != nil {
		return b, err
	}
	b, _, err = bundle.Write(filepath.Join(dir, "web"), program, nil, best)
	return b, err
}
