//go:build !js

package remote

import (
	"context"
	"errors"
	"time"

	"slate/store/devtools"
)

// DefaultURL is where @redux-devtools/cli listens when it is started without options.
const DefaultURL = "ws://localhost:8000/socketcluster/"

// Options configure a connection. The zero value is ready for use.
type Options struct {
	// URL is the server's address: [DefaultURL] where empty.
	URL string

	// Retry is how long to wait before connecting again after the server was not there or went away: 2 s where zero.
	Retry time.Duration

	// Report hears of what goes wrong: connections that fail or end, commands of a monitor that could not be carried out. Where
	// nil, the store's logger hears of it, at level debug. It is called from the connection's goroutines.
	Report func(error)
}

// Connect shows the log in the monitors of a server until ctx ends, stop is called or the store is closed. It returns at
// once; the server may be started later, and again. The error is [devtools.ErrNoStore]. Stop waits for the connection's
// goroutines; it must not be called from a reducer or from what a monitor's command calls.
func Connect(ctx context.Context, log *devtools.Log, opts Options) (stop func(), err error) {
	st := log.Store()
	if st == nil {
		return func() {}, devtools.ErrNoStore
	}
	if opts.URL == "" {
		opts.URL = DefaultURL
	}
	if opts.Retry <= 0 {
		opts.Retry = 2 * time.Second
	}
	if opts.Report == nil {
		opts.Report = func(err error) { st.Logger().Debug("remote devtools", "error", err) }
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		keep(ctx, log, opts)
	}()
	forget := st.OnClose(func() error {
		cancel()
		<-done
		return nil
	})
	context.AfterFunc(ctx, func() { <-done; forget() })
	return func() {
		forget()
		cancel()
		<-done
	}, nil
}

// keep connects again and again until ctx ends.
func keep(ctx context.Context, log *devtools.Log, opts Options) {
	for ctx.Err() == nil {
		if err := serve(ctx, log, opts); err != nil && ctx.Err() == nil && !errors.Is(err, context.Canceled) {
			opts.Report(err)
		}
		wait := time.NewTimer(opts.Retry)
		select {
		case <-wait.C:
		case <-ctx.Done():
			wait.Stop()
		}
	}
}
