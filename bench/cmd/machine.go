package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// machine names what the numbers are made with: processor, tools and the peers' versions, which are pinned in dir.
func machine(ctx context.Context, dir string) (string, error) {
	node, err := exec.CommandContext(ctx, "node", "--version").Output()
	if err != nil {
		return "", fmt.Errorf("asking node for its version: %w", err)
	}
	data, err := os.ReadFile(filepath.Join(dir, "package.json"))
	if err != nil {
		return "", err
	}
	var pinned struct{ Dependencies map[string]string }
	if err := json.Unmarshal(data, &pinned); err != nil {
		return "", fmt.Errorf("package.json: %w", err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %d cores, %s/%s; %s; node %s", processor(), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH,
		runtime.Version(), strings.TrimSpace(string(node)))
	for _, name := range slices.Sorted(maps.Keys(pinned.Dependencies)) {
		fmt.Fprintf(&b, "; %s %s", name, pinned.Dependencies[name])
	}
	return b.String(), nil
}

// processor returns the model's name where the system tells it.
func processor() string {
	info, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "unknown processor" // not Linux
	}
	return model(string(info))
}

func model(cpuinfo string) string {
	for line := range strings.Lines(cpuinfo) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "unknown processor"
}
