package backend

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"time"
)

// exchange is what the log tells about one request. The handlers add to it.
type exchange struct {
	http.ResponseWriter
	id     string // of the request
	user   string // id of the user who asks
	status int
}

type exchangeKey struct{}

// WriteHeader remembers the status for the log.
func (e *exchange) WriteHeader(status int) {
	if e.status == 0 {
		e.status = status
	}
	e.ResponseWriter.WriteHeader(status)
}

// Unwrap lets [http.ResponseController] reach the connection.
func (e *exchange) Unwrap() http.ResponseWriter { return e.ResponseWriter }

func exchangeOf(ctx context.Context) *exchange {
	e, _ := ctx.Value(exchangeKey{}).(*exchange)
	return e
}

// requestID is the id that the answer carries as X-Request-Id.
func requestID(ctx context.Context) string {
	if e := exchangeOf(ctx); e != nil {
		return e.id
	}
	return ""
}

// note tells the log who asks.
func note(ctx context.Context, userID string) {
	if e := exchangeOf(ctx); e != nil {
		e.user = userID
	}
}

var validRequestID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// logged gives each request an id (a sensible one of the caller's is kept), sets the
// headers of every answer and writes one record. The record has the route's pattern
// and not the path, for paths hold e-mail addresses.
func (s *Server) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := s.options.Now()
		e := &exchange{ResponseWriter: w, id: r.Header.Get("X-Request-Id")}
		if !validRequestID.MatchString(e.id) {
			e.id = rand.Text()
		}
		h := w.Header()
		h.Set("X-Request-Id", e.id)
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("Referrer-Policy", "no-referrer")
		r = r.WithContext(context.WithValue(r.Context(), exchangeKey{}, e))
		defer func() {
			s.options.Logger.LogAttrs(r.Context(), slog.LevelInfo, "request",
				slog.String("request", e.id),
				slog.String("method", r.Method),
				slog.String("route", r.Pattern),
				slog.Int("status", e.status),
				slog.String("user", e.user),
				slog.Duration("duration", s.options.Now().Sub(start).Round(time.Microsecond)))
		}()
		next.ServeHTTP(e, r)
	})
}

// recovered turns a panic into a 500, so that one bad request hurts no other.
func (s *Server) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if p == http.ErrAbortHandler {
				panic(p)
			}
			reason := fmt.Sprintf("%T", p) // the value itself may hold a secret
			if e, ok := p.(runtime.Error); ok {
				reason = e.Error()
			}
			s.options.Logger.LogAttrs(r.Context(), slog.LevelError, "panic",
				slog.String("request", requestID(r.Context())), slog.String("reason", reason), slog.String("stack", string(debug.Stack())))
			if e := exchangeOf(r.Context()); e == nil || e.status == 0 {
				s.fail(w, r, fmt.Errorf("backend: panic in %s", r.Pattern))
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// cors lets pages of the configured origins call with credentials, and answers their
// preflights.
func (s *Server) cors(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Add("Vary", "Origin")
		origin := r.Header.Get("Origin")
		if origin == "" || !slices.Contains(s.options.Origins, origin) {
			next.ServeHTTP(w, r)
			return
		}
		h.Set("Access-Control-Allow-Origin", origin)
		h.Set("Access-Control-Allow-Credentials", "true")
		h.Set("Access-Control-Expose-Headers", "X-Request-Id, Retry-After")
		if r.Method != http.MethodOptions || r.Header.Get("Access-Control-Request-Method") == "" {
			next.ServeHTTP(w, r)
			return
		}
		h.Set("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE")
		h.Set("Access-Control-Allow-Headers", "authorization, content-type, x-requested-with, x-request-id, token, refresh-token")
		h.Set("Access-Control-Max-Age", "600")
		w.WriteHeader(http.StatusNoContent)
	})
}
