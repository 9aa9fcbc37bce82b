//go:build !(js && wasm)

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"

	"slate/backend"
	"slate/backend/demo"
	"slate/backend/docstore"
	"slate/backend/docstore/sqlite"
)

// openBackend opens the data and returns the server of /rest/ with the log-ins to print.
func openBackend(ctx context.Context, cfg config, logger *slog.Logger) (api, []string, error) {
	if err := os.MkdirAll(cfg.data, 0o700); err != nil {
		return nil, nil, err
	}
	documents, err := sqlite.Open(filepath.Join(cfg.data, "documents.sqlite"))
	if err != nil {
		return nil, nil, err
	}
	server, err := backend.New(ctx, backend.Options{Store: documents, Logger: logger})
	if err != nil {
		return nil, nil, errors.Join(err, documents.Close())
	}
	embedded := embeddedBackend{server.Handler(), server, documents}
	if !cfg.demo {
		return embedded, nil, nil
	}
	logins, err := demo.Load(ctx, server)
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("demo data: %w", err), embedded.Close())
	}
	lines := []string{}
	for _, l := range logins {
		lines = append(lines, fmt.Sprintf("log in  %-13s  %-30s %s", l.Role, l.Username, l.Password))
	}
	return embedded, lines, nil
}

// embeddedBackend is the server of /rest/ with the documents that it keeps.
type embeddedBackend struct {
	http.Handler
	server    *backend.Server
	documents docstore.Store
}

// Close waits for the requests under way, then for the documents.
func (b embeddedBackend) Close() error { return errors.Join(b.server.Close(), b.documents.Close()) }
