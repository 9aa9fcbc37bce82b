//go:build !js

package persist

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// Open opens what the platform keeps state in: in the browser the IndexedDB database of the name, natively the folder of
// the name in the user's configuration (os.UserConfigDir). The name is the application's, one word. The errors are those
// of OpenIndexedDB and [OpenFiles].
func Open(ctx context.Context, name string) (Storage, error) {
	if err := begun(ctx); err != nil {
		return nil, err
	}
	if name == "." || !filepath.IsLocal(name) || filepath.Base(name) != name {
		return nil, fmt.Errorf("persist: %q is no name for a folder; give the application's, in one word", name)
	}
	config, err := os.UserConfigDir()
	if err != nil {
		return nil, fmt.Errorf("persist: there is no folder for configuration; use OpenFiles with one of your own: %w", err)
	}
	s, err := OpenFiles(filepath.Join(config, name))
	if err != nil {
		return nil, err
	}
	return s, nil
}
