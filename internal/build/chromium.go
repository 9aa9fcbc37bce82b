package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
)

var errNoChromium = errors.New(`no browser for the tests: install Chromium ("apt-get install chromium" as root) or Chrome, or ` +
	`set CHROMIUM to its path`)

// chromium prints the path of the browser for the tests. Messages go to standard error, so that the path can be captured.
func chromium(ctx context.Context, _ []string) error {
	path, err := findChromium()
	if err != nil {
		if err := installChromium(ctx); err != nil {
			return err
		}
		if path, err = findChromium(); err != nil {
			return err
		}
	}
	fmt.Println(path)
	return nil
}

func findChromium() (string, error) {
	if path := os.Getenv("CHROMIUM"); path != "" {
		return exec.LookPath(path)
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errNoChromium
}

// installChromium asks Debian's packages, where we are allowed to.
func installChromium(ctx context.Context) error {
	apt, err := exec.LookPath("apt-get")
	if err != nil || os.Geteuid() != 0 {
		return errNoChromium
	}
	fmt.Fprintln(os.Stderr, "installing Chromium from Debian's packages …")
	for _, args := range [][]string{
		{"-qq", "update"},
		{"-qq", "install", "--yes", "--no-install-recommends", "chromium", "fonts-dejavu-core"},
	} {
		cmd := command(ctx, apt, args...)
		cmd.Stdout = os.Stderr
		cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("%w (apt-get: %v)", errNoChromium, err)
		}
	}
	return nil
}
