//go:build !(js && wasm)

// Command slate is Petra's server: the embedded backend below /rest/ and the application for browsers. Built for
// GOOS=js GOARCH=wasm it is the application itself (wasm.go).
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/peterbourgon/ff/v3"

	"slate/app"
	"slate/web"
)

// grace is how long requests under way may take to finish after the first Ctrl-C.
const grace = 15 * time.Second

// api is what serves /rest/ and /healthz and keeps the data.
type api interface {
	http.Handler
	Close() error // waits until all is written
}

// config is what the flags say. Each flag is also an environment variable: -addr is SLATE_ADDR.
type config struct {
	addr, data, wasm string
	demo             bool
	level            slog.Level
}

func main() {
	// The first signal ends the server in order. After it the default is back: the second one ends it at once.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)

	switch err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintf(os.Stderr, "petra: %v\n", err)
		stop()
		os.Exit(1)
	}
}

// run serves until ctx ends.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	cfg, err := parse(args, stderr)
	if err != nil {
		return err
	}
	logger := slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: cfg.level}))

	app.Routes(nil)
	program := programDir(cfg.wasm)
	host, err := web.NewHost(web.Options{Program: os.DirFS(program)})
	if err != nil {
		return fmt.Errorf("%w (-wasm %s)", err, program)
	}

	// The port first: with a second server on the same data the first one's is not touched.
	listener, err := net.Listen("tcp", cfg.addr)
	if err != nil {
		return fmt.Errorf("cannot listen on %s, choose another address with -addr (-addr 127.0.0.1:0 takes any free port): %w",
			cfg.addr, err)
	}
	backend, logins, err := openBackend(ctx, cfg, logger)
	if err != nil {
		listener.Close()
		return fmt.Errorf("data in %s: %w", cfg.data, err)
	}

	fmt.Fprintf(stdout, "Petra   http://%s\ndata    %s\n", listener.Addr(), absolute(cfg.data))
	for _, login := range logins {
		fmt.Fprintln(stdout, login)
	}
	fmt.Fprintln(stdout, "Ctrl-C ends it.")
	err = serve(ctx, listener, routes(backend, host), logger)
	if closed := backend.Close(); closed != nil {
		return errors.Join(err, fmt.Errorf("closing the data in %s: %w", cfg.data, closed))
	}
	fmt.Fprintln(stdout, "\nEnded; all data is written.")
	return err
}

// routes gives the API and the application their paths.
func routes(backend, host http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/rest/", backend)
	mux.Handle("GET /healthz", backend)
	mux.Handle("/", host)
	return mux
}

// serve answers until ctx ends, then lets the requests under way finish.
func serve(ctx context.Context, listener net.Listener, handler http.Handler, logger *slog.Logger) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute,
		IdleTimeout:       2 * time.Minute,
		ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()

	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	logger.Info("ending: requests under way finish, Ctrl-C again ends at once")
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	err := server.Shutdown(late)
	if err != nil {
		server.Close()
		err = fmt.Errorf("requests still under way after %v were cut off: %w", grace, err)
	}
	<-ended
	return err
}

// parse reads the flags and the environment.
func parse(args []string, stderr io.Writer) (cfg config, err error) {
	flags := flag.NewFlagSet("petra", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&cfg.addr, "addr", "127.0.0.1:8000", "`host:port` to listen on; port 0 takes any free one")
	flags.StringVar(&cfg.data, "data", "data/petra", "`folder` for the data; created where missing")
	flags.StringVar(&cfg.wasm, "wasm", "", "`folder` of the browser's program; by default \"web\" beside this program, or build/web")
	flags.BoolVar(&cfg.demo, "demo", false, "create demo data in an empty data folder")
	flags.TextVar(&cfg.level, "log", slog.LevelInfo, "least `level` that is logged: debug, info, warn or error")
	if err := ff.Parse(flags, args, ff.WithEnvVarPrefix("SLATE")); err != nil {
		return cfg, err
	}
	if flags.NArg() > 0 {
		return cfg, fmt.Errorf("%q is no flag; -help lists them", flags.Arg(0))
	}
	return cfg, nil
}

// programDir finds the browser's program where -wasm does not name it.
func programDir(named string) string {
	if named != "" {
		return named
	}
	if self, err := os.Executable(); err == nil {
		beside := filepath.Join(filepath.Dir(self), "web")
		if info, err := os.Stat(beside); err == nil && info.IsDir() {
			return beside
		}
	}
	return filepath.Join("build", "web")
}

// absolute makes a path that can be pasted anywhere.
func absolute(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}
